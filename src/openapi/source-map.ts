/** A member of a JSON text, by where its key stands, and what is below it. */
interface Node {
  readonly offset: number;
  readonly below?: ReadonlyMap<string, Node>;
}

/** Nobody asks for a place below a schema: what is deeper is read over. */
const DEEPEST = 8;

/**
 * Where the members of a JSON text stand. Of a document of many megabytes it takes a moment, where a parser that keeps
 * everything about YAML takes a minute.
 */
export class SourceMap {
  readonly #text: string;
  readonly #root: Node;
  #at = 0;
  #lineStarts: number[] | undefined;

  /**
   * @param text valid JSON
   * @throws SyntaxError where a member is there twice: readers disagree which one counts
   */
  constructor(text: string) {
    this.#text = text;
    this.#root = this.#value(0, 0);
  }

  /** Line of the member that the tokens lead to; where the way ends early, of the last one on it. */
  lineOf(tokens: readonly string[]): number {
    let here = this.#root;
    for (const token of tokens) {
      const next = here.below?.get(token);
      if (!next) break;
      here = next;
    }
    return this.#line(here.offset);
  }

  #value(offset: number, depth: number): Node {
    this.#blanks();
    const first = this.#text[this.#at];
    if (first === '{') return this.#members(offset, depth, '}');
    if (first === '[') return this.#members(offset, depth, ']');
    if (first === '"') this.#string();
    else while (this.#at < this.#text.length && !/[\s,\]}]/.test(this.#text.charAt(this.#at))) this.#at++;
    return { offset };
  }

  #members(offset: number, depth: number, end: '}' | ']'): Node {
    const below = new Map<string, Node>();
    const names = new Set<string>();
    this.#at++;
    for (let index = 0; ; index++) {
      this.#blanks();
      const start = this.#at;
      if (this.#text[start] === end) break;
      const key = end === '}' ? this.#string() : String(index);
      if (end === '}') {
        if (names.has(key)) throw new SyntaxError(`${key} is there twice`);
        names.add(key);
        this.#blanks();
        this.#at++;
      }
      const node = this.#value(start, depth + 1);
      if (depth < DEEPEST) below.set(key, node);
      this.#blanks();
      if (this.#text[this.#at] === ',') this.#at++;
    }
    this.#at++;
    return depth < DEEPEST ? { offset, below } : { offset };
  }

  /** The string that begins here, and goes on behind it. */
  #string(): string {
    const start = this.#at;
    for (this.#at++; this.#text[this.#at] !== '"'; this.#at++) if (this.#text[this.#at] === '\\') this.#at++;
    this.#at++;
    const raw = this.#text.slice(start, this.#at);
    return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  }

  #blanks(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #line(offset: number): number {
    const starts = (this.#lineStarts ??= lineStarts(this.#text));
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
