import { inspect } from 'node:util';

/**
 * Where a key comes from, which decides where it may go: `issued` by the API company, `derived` from an issued key by a
 * change (it may still be accepted by a broken server, and it gives most of the key away), or `made-up` here.
 */
export type KeyOrigin = 'issued' | 'derived' | 'made-up';

export interface SecretOptions {
  readonly origin: KeyOrigin;
  /** Shell words that produce the value, for a command a reader can run: `$EXAMPLE_API_KEY`, `${EXAMPLE_API_KEY%?}`. */
  readonly shell: string;
  /** Name of the key kind it was issued as (`live`, `test`), kept through every change: decides which hosts may see it. */
  readonly kind?: string | undefined;
  /** The value is a user and a password with a colon between them (RFC 7617 §2). */
  readonly isPair?: boolean | undefined;
}

const values = new WeakMap<Secret, string>();

/**
 * A key that prints, serialises and inspects as its name. Only `src/http/` may call `reveal` (a lint rule says so), so a
 * rule, a report or an error message cannot hold a key even by mistake.
 */
export class Secret {
  readonly name: string;
  readonly origin: KeyOrigin;
  readonly shell: string;
  readonly kind: string | undefined;
  readonly isPair: boolean;
  /** The same credential before it was spelt as its place in a request asks for; itself where it was not. */
  readonly plain: Secret;

  constructor(name: string, value: string, { origin, shell, kind, isPair, plain }: SecretOptions & { plain?: Secret }) {
    this.name = name;
    this.origin = origin;
    this.shell = shell;
    this.kind = kind;
    this.isPair = isPair ?? false;
    this.plain = plain ?? this;
    values.set(this, value);
  }

  /**
   * A changed key is as secret as the key it was made from.
   *
   * @param change gets the value; what it returns lives in a new Secret
   * @param shell words that do the same to a variable of the shell; absent: nothing that could be pasted repeats it
   */
  derive(what: string, change: (value: string) => string, shell?: (name: string) => string): Secret {
    const variable = this.shell.replace(/^\$\{?|\}$/g, '');
    return new Secret(`${this.name}, ${what}`, change(reveal(this)), {
      origin: this.origin === 'made-up' ? 'made-up' : 'derived',
      shell: shell === undefined ? this.shell : shell(variable),
      kind: this.kind,
      isPair: this.isPair,
    });
  }

  /**
   * The credential as it is written in one place of a request: percent-encoded, in base64. It keeps its name, since to a
   * reader it is the same.
   *
   * @param shell words that do the same to a word of the shell
   */
  spelt(change: (value: string) => string, shell: (word: string) => string): Secret {
    const value = change(reveal(this));
    if (value === reveal(this)) return this;
    const { name, origin, kind } = this;
    return new Secret(name, value, { origin, kind, shell: shell(this.shell), plain: this.plain });
  }

  toString(): string {
    return `«${this.name}»`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.toPrimitive](): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** The value itself. For `src/http/` and for the changes of `Secret.derive` only. */
export function reveal(secret: Secret): string {
  const value = values.get(secret);
  if (value === undefined) throw new Error('a Secret without a value');
  return value;
}

/** A piece of a request in which keys stay closed until it is written: literal text and secrets in order. */
export type Text = readonly (string | Secret)[];

/** Several pieces as the one credential that they are together. */
export function joined(pieces: Text): Secret | string {
  const secrets = pieces.filter((piece) => piece instanceof Secret);
  const [first] = secrets;
  if (!first) return pieces.join('');
  if (pieces.length === 1) return first;
  const name = secrets.map((secret) => secret.name).join(' and ');
  const value = pieces.map((piece) => (typeof piece === 'string' ? piece : reveal(piece))).join('');
  const shell = pieces.map((piece) => (typeof piece === 'string' ? escapedForShell(piece) : piece.shell)).join('');
  return new Secret(`${name}, with more around it`, value, {
    origin: secrets.every(({ origin }) => origin === 'made-up') ? 'made-up' : 'derived',
    kind: first.kind,
    isPair: first.isPair,
    shell,
  });
}

/** As it stands between double quotes; bytes that no quotes can hold are printed by the shell. */
function escapedForShell(literal: string): string {
  return literal
    .replace(/[\\"$`]/g, '\\$&')
    .replace(/[^\x20-\x7e]/g, (character) => `$(printf '\\${character.charCodeAt(0).toString(8).padStart(3, '0')}')`);
}

/** Tagged template: text`Bearer ${key}`. */
export function text(strings: TemplateStringsArray, ...holes: readonly (string | Secret)[]): Text {
  return strings.flatMap((part, index) => {
    const hole = holes[index];
    return hole === undefined ? [part] : [part, hole];
  });
}
