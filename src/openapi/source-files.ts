import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { type Document, LineCounter, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import { ContractError } from './contract-error.ts';
import { SourceMap } from './source-map.ts';
import { decoded } from './json-pointer.ts';

interface Source {
  readonly text: string;
  readonly value: unknown;
  readonly lineOf: (tokens: readonly string[]) => number;
}

/** The files that a contract consists of, read before any library sees them, so that messages name a file and a line. */
export class SourceFiles {
  readonly #entry: string;
  readonly #files = new Map<string, Source>();

  private constructor(entry: string) {
    this.#entry = entry;
  }

  /** Reads the document and every file that it refers to, directly or through others. */
  static async read(entry: string): Promise<SourceFiles> {
    const sources = new SourceFiles(entry);
    await sources.#add(entry);
    return sources;
  }

  /** Path of the document, from the project, with slashes on every system. */
  get file(): string {
    return displayPath(this.#entry);
  }

  /** Of every file, the document's first. */
  get files(): string[] {
    return [...this.#files.keys()].map(displayPath);
  }

  /** The document as it is written, its references unresolved. */
  get value(): unknown {
    return this.#files.get(this.#entry)?.value;
  }

  /** The same on every machine: files come in the order of reference, named from the document's folder, with `\n` only. */
  get sha256(): string {
    const hash = createHash('sha256');
    const folder = dirname(this.#entry);
    for (const [path, { text }] of this.#files) {
      const content = text.replaceAll('\r\n', '\n');
      hash.update(`${posix(relative(folder, path))}\0${Buffer.byteLength(content)}\0${content}`);
    }
    return hash.digest('hex');
  }

  /** Line, from 1, of the member that the tokens lead to; where a `$ref` interrupts the way, of the last member on it. */
  lineOf(tokens: readonly string[]): number {
    return this.#files.get(this.#entry)?.lineOf(tokens) ?? 1;
  }

  /** `specs/example/openapi.yaml:12`, for the beginning of a message. */
  locationOf(tokens: readonly string[]): string {
    return `${this.file}:${this.lineOf(tokens)}`;
  }

  async #add(path: string, referrer?: string): Promise<void> {
    if (this.#files.has(path)) return;
    const text = await readText(path, referrer);
    const source = fromJson(text) ?? fromYaml(text, path);
    this.#files.set(path, source);
    for (const reference of references(source.value)) {
      const [file] = reference.split('#');
      if (!file) continue;
      if (/^(?:[a-z][a-z0-9+.-]+:|\/\/)/i.test(file)) {
        const remedy = 'put a copy next to the document and refer to that, so that every run reads the same contract';
        throw new ContractError(displayPath(path), `$ref ${reference} is an address and not a file`, remedy);
      }
      await this.#add(resolve(dirname(path), decoded(file)), `${displayPath(path)}, $ref ${reference}`);
    }
  }
}

/** Undefined where the text is no JSON. The YAML parser, which reads JSON too, says what is wrong with it. */
function fromJson(text: string): Source | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const map = new SourceMap(text);
    return { text, value, lineOf: (tokens) => map.lineOf(tokens) };
  } catch {
    return undefined;
  }
}

function fromYaml(text: string, path: string): Source {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = yaml.errors[0];
  if (problem) {
    const location = `${displayPath(path)}:${lines.linePos(problem.pos[0]).line}`;
    throw new ContractError(location, `this is not YAML or JSON, ${problem.message}`, 'correct this line', problem);
  }
  return { text, value: toJS(yaml, path), lineOf: (tokens) => lines.linePos(offsetOf(yaml, tokens)).line };
}

/** Where the member that the tokens lead to begins in the text, or the last member that exists on the way. */
function offsetOf(yaml: Document, tokens: readonly string[]): number {
  let node: unknown = yaml.contents;
  let offset = 0;
  for (const token of tokens) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === token);
      if (!pair) break;
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(token)];
      offset = (isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined) ?? offset;
    } else break;
  }
  return offset;
}

async function readText(path: string, referrer?: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const problem = `the file ${displayPath(path)} cannot be read`;
    throw new ContractError(
      referrer ?? displayPath(path),
      problem,
      'create it, or correct the path that leads to it',
      cause,
    );
  }
}

function toJS(yaml: Document, path: string): unknown {
  try {
    return yaml.toJS();
  } catch (cause) {
    const problem = `its aliases cannot be resolved, ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ContractError(displayPath(path), problem, 'write the repeated parts out', cause);
  }
}

function references(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    key === '$ref' && typeof member === 'string' ? [member] : references(member, seen),
  );
}

/** From the folder that the suite was started in, such as `specs/example/openapi.yaml`. */
function displayPath(path: string): string {
  return posix(relative(process.cwd(), path));
}

function posix(path: string): string {
  return path.split(sep).join('/');
}
