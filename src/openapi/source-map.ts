import { visit } from 'jsonc-parser';
import { isOneLine, pointerTo, type Position } from './position.ts';

/** Nobody asks for the line of a member deeper than an operation's responses, so the lines of deeper ones are not kept. */
const DEEPEST = 8;

/**
 * The lines of the members of a JSON text. jsonc-parser reads twenty megabytes in half a second; a parser that keeps
 * everything about YAML needs a minute.
 */
export class SourceMap {
  /** By path, see `keyOf`. Of a member it is the line of its name, of an item of an array the line where it begins. */
  readonly #lines = new Map<string, number>();
  /** The columns of the same, of a text that is one line. */
  readonly #columns: Map<string, number> | undefined;

  /**
   * @param text valid JSON, such as `{"openapi": "3.1.0"}`
   * @throws SyntaxError where an object has two members of one name, because readers disagree which of them counts
   */
  constructor(text: string) {
    this.#columns = isOneLine(text) ? new Map() : undefined;
    /** Names of the members of each object that is not yet at its end. */
    const names: Set<string>[] = [];
    let depth = 0;
    const begin = (_offset: number, _length: number, line: number, column: number, path: () => Path): void => {
      if (depth <= DEEPEST) this.#note(path(), line, column);
      depth++;
    };
    const end = (): void => {
      depth--;
    };
    visit(text, {
      onObjectBegin: (...at) => {
        names.push(new Set());
        begin(...at);
      },
      onObjectProperty: (name, _offset, _length, line, column, path) => {
        const siblings = names.at(-1);
        if (siblings?.has(name)) throw new SyntaxError(`the member ${name} is there twice`);
        siblings?.add(name);
        if (depth <= DEEPEST) this.#note([...path(), name], line, column);
      },
      onObjectEnd: () => {
        names.pop();
        end();
      },
      onArrayBegin: begin,
      onArrayEnd: end,
      onLiteralValue: (_value, _offset, _length, line, column, path) => {
        if (depth <= DEEPEST) this.#note(path(), line, column);
      },
    });
  }

  /** Of the member that the tokens of a JSON Pointer lead to; of the last one that exists on the way. */
  positionOf(tokens: readonly string[]): Position {
    for (let length = tokens.length; length > 0; length--) {
      const found = tokens.slice(0, length);
      const line = this.#lines.get(keyOf(found));
      const column = this.#columns?.get(keyOf(found));
      if (line !== undefined) return { line, ...(column !== undefined && { column, pointer: pointerTo(found) }) };
    }
    return { line: 1 };
  }

  /** The value of a member comes after its name, and keeps the line of the name. */
  #note(path: Path, line: number, column: number): void {
    const key = keyOf(path);
    if (this.#lines.has(key)) return;
    this.#lines.set(key, line + 1);
    this.#columns?.set(key, column + 1);
  }
}

type Path = readonly (string | number)[];

/** No JSON text holds a NUL without an escape, and no document has one in a name. */
function keyOf(path: Path): string {
  return path.join('\0');
}
