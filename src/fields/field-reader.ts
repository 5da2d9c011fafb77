/** RFC 9110 §5.6.2: the characters of a token. */
const TOKEN = /[!#$%&'*+.^_`|~\dA-Za-z-]+/y;
/** RFC 9110 §11.2: what some schemes send in place of parameters. */
const TOKEN_68 = /[\w.~+/-]+=*/y;
const WHITESPACE = /[ \t]*/y;
/** RFC 9110 §5.6.4, between the quotes. Characters beyond ASCII are obs-text; control characters do not belong there. */
const QUOTED_STRING = /"((?:[\t !\x23-\x5b\x5d-\x7e\x80-\uffff]|\\[\t -\x7e\x80-\uffff])*)"/y;

/** A name with a value, as in `charset=utf-8`, `max-age=60`, `realm="a, b"`. */
export interface Parameter {
  /** In lower case: names of parameters and directives are compared without case. */
  readonly name: string;
  /** Without the quotes and the backslashes of a quoted string. Absent where there is no `=`. */
  readonly value?: string;
}

/**
 * Reads one field value from left to right. Each method reads what it is named after, or leaves the position where it was
 * and returns undefined. Nothing here throws, since a server may send anything.
 */
export class FieldReader {
  readonly #value: string;
  #position = 0;

  constructor(value: string) {
    this.#value = value;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#value.length;
  }

  /** Whether the next character is this one, or there is none left. */
  isAtEndOr(character: string): boolean {
    return this.isAtEnd || this.#value[this.#position] === character;
  }

  /** Tries to read something longer, and goes back to where it began if that fails. */
  attempt<T>(read: () => T | undefined): T | undefined {
    const start = this.#position;
    const result = read();
    if (result === undefined) this.#position = start;
    return result;
  }

  /** @returns how many blanks and tabs were skipped */
  skipWhitespace(): number {
    return this.#match(WHITESPACE)?.[0].length ?? 0;
  }

  character(wanted: string): true | undefined {
    if (this.#value[this.#position] !== wanted) return undefined;
    this.#position++;
    return true;
  }

  token(): string | undefined {
    return this.#match(TOKEN)?.[0];
  }

  token68(): string | undefined {
    return this.#match(TOKEN_68)?.[0];
  }

  quotedString(): string | undefined {
    return this.#match(QUOTED_STRING)?.[1]?.replace(/\\(.)/gs, '$1');
  }

  /**
   * `name=value` with a token or a quoted string as the value.
   *
   * @param isPaddingAllowed whether blanks may stand around the `=`, as in challenges (RFC 9110 §11.2)
   */
  parameter(isPaddingAllowed = false): Required<Parameter> | undefined {
    return this.attempt(() => {
      const name = this.token();
      if (name === undefined) return undefined;
      if (isPaddingAllowed) this.skipWhitespace();
      if (!this.character('=')) return undefined;
      if (isPaddingAllowed) this.skipWhitespace();
      const value = this.token() ?? this.quotedString();
      return value === undefined ? undefined : { name: name.toLowerCase(), value };
    });
  }

  /** `name` or `name=value`. */
  directive(isPaddingAllowed = false): Parameter | undefined {
    const parameter = this.parameter(isPaddingAllowed);
    if (parameter) return parameter;
    const name = this.token();
    return name === undefined ? undefined : { name: name.toLowerCase() };
  }

  /** Goes on to the next of these characters that stands outside of a quoted string, or to the end. */
  skipTo(characters: string): void {
    while (!this.isAtEnd && !characters.includes(this.#value[this.#position] ?? '')) {
      if (this.#value[this.#position] !== '"') this.#position++;
      // A quoted string that does not end swallows the rest, as it does in every reader of quoted strings.
      else if (this.quotedString() === undefined) this.#position = this.#value.length;
    }
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#value) ?? undefined;
    if (match) this.#position = pattern.lastIndex;
    return match;
  }
}
