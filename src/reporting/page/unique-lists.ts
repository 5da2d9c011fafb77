import type { ReportedCell } from '../conformance.ts';
import { cut, readable } from '../../visible-text.ts';
import type { Kind } from './embedded-data.ts';
import { type Difference, difference } from './difference.ts';

/** Each text once, made visible and cut. */
export class Texts {
  readonly all: string[] = [];
  readonly copied: Record<number, string> = {};
  readonly #numbers = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const { text: beginning, left } = cut(text, this.#most);
    const number = this.all.length;
    this.#numbers.set(text, number);
    this.all.push(readable(beginning) + (left > 0 ? `\n… ${left} more characters are in conformance.json` : ''));
    return number;
  }

  lineOf(command: string): number {
    const number = this.numberOf(command);
    if (this.all[number] !== command && command.length <= this.#most) this.copied[number] = command;
    return number;
  }
}

/** Each difference between two texts once: many servers differ in the same places from what is expected. */
export class Differences {
  readonly all: Difference[] = [];
  readonly #texts: Texts;
  readonly #ofPairs = new Map<string, number | undefined>();
  readonly #numbers = new Map<string, number>();

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** @returns undefined where nothing is to be marked */
  numberOf(expected: string, actual: string): number | undefined {
    const pair = [this.#texts.numberOf(expected), this.#texts.numberOf(actual)] as const;
    const known = pair.join();
    if (!this.#ofPairs.has(known)) this.#ofPairs.set(known, this.#add(pair));
    return this.#ofPairs.get(known);
  }

  /** The marks are for the texts as they are shown. */
  #add([expected, actual]: readonly [number, number]): number | undefined {
    const found = difference(this.#texts.all[expected] ?? '', this.#texts.all[actual] ?? '');
    if (found.expected.length + found.actual.length === 0) return undefined;
    const key = JSON.stringify(found);
    const number = this.#numbers.get(key) ?? this.all.push(found) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** Values of which each is kept once. */
export class Numbered<Value> {
  readonly all: Value[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(value: Value): number {
    const key = JSON.stringify(value);
    const number = this.#numbers.get(key) ?? this.all.push(value) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

export class Kinds {
  readonly all: Kind[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #texts: Texts;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  numberOf({ outcome, level, reason, since, known, newer, judged, cause, cases }: ReportedCell): number {
    const kind: Kind = {
      ...{ outcome, level },
      ...(reason !== undefined && { reason: readable(reason) }),
      ...(since !== undefined && { since }),
      ...(known && { known: readableKnown(known) }),
      ...(newer && { newer }),
      ...(judged !== undefined && { judged }),
      ...(cause !== undefined && { cause }),
      // Scopes differ from operation to operation, and the view of keys has them.
      cases: cases.map(({ expected, actual, evidence, scopes: _, reason: why, ...rest }) => ({
        ...rest,
        ...(why !== undefined && { reason: readable(why) }),
        ...(expected !== undefined && { expected: this.#texts.numberOf(expected) }),
      })),
    };
    const key = JSON.stringify(kind);
    const number = this.#numbers.get(key);
    if (number !== undefined) return number;
    this.#numbers.set(key, this.all.length);
    return this.all.push(kind) - 1;
  }
}

function readableKnown({
  reason,
  owner,
  link,
  expires,
}: NonNullable<ReportedCell['known']>): NonNullable<Kind['known']> {
  return { reason: readable(reason), owner: readable(owner), link, expires };
}
