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
}

const values = new WeakMap<Secret, string>();

/**
 * A key that prints, serialises and inspects as its name. Only `src/wire/` may call `reveal` (a lint rule says so), so a
 * rule, a report or an error message cannot hold a key even by mistake.
 */
export class Secret {
  readonly name: string;
  readonly origin: KeyOrigin;
  readonly shell: string;
  readonly kind: string | undefined;

  constructor(name: string, value: string, { origin, shell, kind }: SecretOptions) {
    this.name = name;
    this.origin = origin;
    this.shell = shell;
    this.kind = kind;
    values.set(this, value);
  }

  /**
   * A changed key is as secret as the key it was made from.
   *
   * @param change gets the value; what it returns lives in a new Secret
   */
  derive(what: string, change: (value: string) => string, shell?: (name: string) => string): Secret {
    const variable = this.shell.replace(/^\$\{?|\}$/g, '');
    return new Secret(`${this.name}, ${what}`, change(reveal(this)), {
      origin: this.origin === 'made-up' ? 'made-up' : 'derived',
      shell: shell === undefined ? this.shell : shell(variable),
      kind: this.kind,
    });
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

/** The value itself. For `src/wire/` and for the changes of `Secret.derive` only. */
export function reveal(secret: Secret): string {
  const value = values.get(secret);
  if (value === undefined) throw new Error('a Secret without a value');
  return value;
}

/** A piece of a request in which keys stay closed until it is written: literal text and secrets in order. */
export type Text = readonly (string | Secret)[];

/** Tagged template: text`Bearer ${key}`. */
export function text(strings: TemplateStringsArray, ...holes: readonly (string | Secret)[]): Text {
  return strings.flatMap((part, index) => {
    const hole = holes[index];
    return hole === undefined ? [part] : [part, hole];
  });
}
