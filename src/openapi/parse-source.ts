import { type Document, LineCounter, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import { BOUNDS } from './bounds.ts';
import { isOneLine, pointerTo, type Position } from './position.ts';
import { SourceMap } from './source-map.ts';

export interface Source {
  readonly text: string;
  readonly value: unknown;
  /** Of the member that the tokens lead to. */
  readonly positionOf: (tokens: readonly string[]) => Position;
}

/** Why a text is no document. Its message may quote the text, which `plain` does not. */
export class SourceProblem extends Error {
  readonly position: Position | undefined;
  /** What is wrong, without a word of the text. */
  readonly plain: string;
  readonly remedy: string;

  constructor(
    problem: string,
    remedy: string,
    { plain = problem, position }: { plain?: string; position?: Position } = {},
  ) {
    super(problem);
    this.plain = plain;
    this.remedy = remedy;
    this.position = position;
  }
}

/**
 * Reads JSON, or YAML 1.2 with the merge keys (`<<`) of YAML 1.1.
 *
 * @throws SourceProblem
 */
export function parseSource(text: string): Source {
  try {
    const source = fromJson(text) ?? fromYaml(text);
    checkSize(source.value);
    return source;
  } catch (cause) {
    // Parsers call themselves for what is nested.
    if (cause instanceof RangeError) throw tooDeep();
    throw cause;
  }
}

/** Undefined where the text is no JSON. The YAML parser, which reads JSON too, says what is wrong with it. */
function fromJson(text: string): Source | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    checkDepth(text);
    const map = new SourceMap(text);
    return { text, value, positionOf: (tokens) => map.positionOf(tokens) };
  } catch (cause) {
    if (cause instanceof SourceProblem) throw cause;
    return undefined;
  }
}

/** How deep a text of JSON is nested: reading it with the lines of its members calls a function for each level. */
function checkDepth(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth > BOUNDS.depth) throw tooDeep();
  }
}

function fromYaml(text: string): Source {
  if (Buffer.byteLength(text) > BOUNDS.bytesOfYaml) {
    const problem = `this is more than ${BOUNDS.bytesOfYaml / 1_000_000} MB of YAML`;
    throw new SourceProblem(problem, 'write it as JSON, which is read faster, or split it');
  }
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const problem = yaml.errors[0];
  if (problem) {
    if (problem.message.includes('call stack')) throw tooDeep();
    const { line, col: column } = lines.linePos(problem.pos[0]);
    const position = { line, ...(isOneLine(text) && { column }) };
    const plain = 'this is not YAML or JSON';
    throw new SourceProblem(`${plain}, ${problem.message}`, 'correct this line', { plain, position });
  }
  const isOnOneLine = isOneLine(text);
  const positionOf = (tokens: readonly string[]): Position => {
    const { offset, found } = placeIn(yaml, tokens);
    const { line, col: column } = lines.linePos(offset);
    return { line, ...(isOnOneLine && found > 0 && { column, pointer: pointerTo(tokens.slice(0, found)) }) };
  };
  return { text, value: toJS(yaml), positionOf };
}

/** Aliases become the same value more than once, which takes no room here: `checkSize` says what they come to. */
function toJS(yaml: Document): unknown {
  try {
    return yaml.toJS({ maxAliasCount: -1 });
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    const plain = 'its aliases cannot be resolved';
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SourceProblem(`${plain}, ${message}`, 'write the repeated parts out', { plain });
  }
}

/** How many values there are once aliases are written out, and how deep. A value that is there twice is looked at once. */
function checkSize(root: unknown): void {
  const known = new Map<object, { readonly values: number; readonly depth: number } | undefined>();
  const measure = (value: unknown): { readonly values: number; readonly depth: number } => {
    if (typeof value !== 'object' || value === null) return { values: 1, depth: 0 };
    if (known.has(value)) {
      const found = known.get(value);
      if (found) return found;
      throw new SourceProblem('an alias leads back to itself', 'write the repeated parts out');
    }
    known.set(value, undefined);
    let [values, depth] = [1, 0];
    for (const member of Object.values(value)) {
      const found = measure(member);
      values += found.values;
      depth = Math.max(depth, found.depth + 1);
    }
    if (depth > BOUNDS.depth) throw tooDeep();
    if (values > BOUNDS.values) {
      const problem = `this is more than ${BOUNDS.values / 1_000_000} million values once its aliases are written out`;
      throw new SourceProblem(problem, 'use fewer aliases of aliases, or split it');
    }
    known.set(value, { values, depth });
    return { values, depth };
  };
  measure(root);
}

function tooDeep(): SourceProblem {
  return new SourceProblem(
    `this is nested deeper than ${BOUNDS.depth} levels`,
    'write the deepest parts as components',
  );
}

/**
 * Where the member that the tokens lead to begins in the text, or the last member that exists on the way; and how many of the
 * tokens lead there.
 */
function placeIn(yaml: Document, tokens: readonly string[]): { readonly offset: number; readonly found: number } {
  let node: unknown = yaml.contents;
  let offset = 0;
  let found = 0;
  for (const token of tokens) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === token);
      if (!pair) break;
      found++;
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(token)];
      if (node === undefined) break;
      found++;
      offset = (isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined) ?? offset;
    } else break;
  }
  return { offset, found };
}
