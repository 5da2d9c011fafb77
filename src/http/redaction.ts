import { createHash } from 'node:crypto';
import { reveal, type Secret } from '../secret.ts';
import type { Contract } from '../model/contract.ts';
import type { Target } from '../model/target.ts';
import { base64Forms, hexadecimal, inEveryCase, lowerCase, unescape } from './escapes.ts';

/** Every key that the user gave to the run. */
export function issuedKeys({ keys }: Target): Secret[] {
  return [
    keys.full,
    ...Object.values(keys.others),
    keys.otherEnvironment,
    keys.otherAccount,
    keys.revoked,
    keys.ipLocked,
    ...keys.scoped.map(({ secret }) => secret),
    ...(keys.made ?? []),
  ].filter((key) => key !== undefined);
}

/**
 * Words that stand in every report: the operations, the scopes, the name of the API, and the variables, which a line that
 * repeats a request needs as they are. Keys often begin with the name of their API.
 */
export function publicTextOf({ operations, scopes, title }: Contract, { variables, schemeVariables }: Target): string {
  const names = Object.values({ ...variables, ...schemeVariables });
  return [...operations.map(({ id }) => id), ...scopes, title, ...names].join('\n');
}

const LONGEST_RUN = 8;
const SHORTEST_RUN = 6;
const TAIL = 6;
/** In characters. */
const LONGEST_REMEMBERED = 100;
const MOST_REMEMBERED = 1000;

/**
 * Takes every key out of what a run records: whole, changed, in another letter case, in base64, in hexadecimal, or with
 * characters spelt as an escape of URLs, JSON or HTML.
 *
 * It looks for any eight characters in a row of a key's secret part rather than for whole keys, since a changed key and a
 * part of a key give most of the key away as well. Of short keys it looks for fewer characters, so that half a key is found.
 */
export class Redactor {
  /** Runs by their length. */
  readonly #runs = new Map<number, Set<string>>();
  /** Marks how the runs begin: most places in a text are no such beginning, which makes looking for runs fast. */
  readonly #beginnings = new Uint8Array(1 << 20);
  /** What is too short to have a run. */
  readonly #whole: string[] = [];
  /** Short texts that were looked through and have no part of a key. */
  readonly #withoutKey = new Set<string>();

  /**
   * @param publicText words that stand in every report, such as the paths of the operations. A run of a key that stands
   * there gives nothing away, and taking it out would spoil every line: it is left, unless most of the key stands there
   */
  constructor(secrets: readonly Secret[], publicPrefixes: readonly string[], publicText = '') {
    const words = lowerCase(publicText);
    const hidden = secrets.map((secret) =>
      secret.isPair ? secretHalf(reveal(secret)) : secretPart(reveal(secret), publicPrefixes),
    );
    const shortest = Math.min(...hidden.map(({ length }) => length));
    const length = Math.min(LONGEST_RUN, Math.max(SHORTEST_RUN, Math.floor(shortest / 2)));
    for (const part of hidden) {
      if (part !== '' && part.length < length) this.#whole.push(part);
      this.#addRuns(part, length, mostlyIn(words, lowerCase(part), length) ? '' : words);
      for (const respelt of inEveryCase(part)) {
        for (const form of base64Forms(respelt)) this.#addRuns(form, length);
        this.#addRuns(hexadecimal(respelt), 2 * length);
      }
    }
    // As the Basic scheme writes it, from its first character on: there the user stands before the password.
    for (const secret of secrets.filter(({ isPair }) => isPair)) {
      for (const respelt of inEveryCase(reveal(secret))) {
        for (const form of base64Forms(respelt)) this.#addRuns(form, length);
      }
    }
  }

  /** The text with `«key»` for everything that is a part of a key, whatever its spelling. */
  redact(text: string): string {
    if (this.#withoutKey.has(text)) return text;
    let result = text;
    for (const part of this.#whole) result = result.replaceAll(part, '«key»');
    const spans = merged([...this.#spans(result), ...this.#escapedSpans(result)]);
    if (spans.length === 0 && result === text) this.#remember(text);
    return replaceSpans(result, spans);
  }

  /** Names and values of fields are the same in most responses. */
  #remember(text: string): void {
    if (text.length <= LONGEST_REMEMBERED && this.#withoutKey.size < MOST_REMEMBERED) this.#withoutKey.add(text);
  }

  #addRuns(form: string, length: number, publicText = ''): void {
    const runs = this.#runs.get(length) ?? new Set();
    this.#runs.set(length, runs);
    const lower = lowerCase(form);
    for (let start = 0; start + length <= lower.length; start++) {
      const run = lower.slice(start, start + length);
      if (publicText.includes(run)) continue;
      runs.add(run);
      this.#beginnings[beginningAt(lower, start)] = 1;
    }
  }

  #escapedSpans(text: string): Span[] {
    const { plain = '', startOf = Number } = unescape(text) ?? {};
    return this.#spans(plain).map(([start, end]) => [startOf(start), startOf(end)]);
  }

  #spans(text: string): Span[] {
    const lower = lowerCase(text);
    const spans: Span[] = [];
    for (let start = 0; start < lower.length; start++) {
      if (this.#beginnings[beginningAt(lower, start)] === 0) continue;
      for (const [length, runs] of this.#runs) {
        if (runs.has(lower.slice(start, start + length))) spans.push([start, start + length]);
      }
    }
    return merged(spans);
  }
}

/** Whether fewer than half of the runs of a key stand nowhere but in the key. */
function mostlyIn(publicText: string, key: string, length: number): boolean {
  const starts = Array.from({ length: Math.max(0, key.length - length + 1) }, (_, start) => start);
  const own = starts.filter((start) => !publicText.includes(key.slice(start, start + length)));
  return own.length < starts.length / 2;
}

/** A number of twenty bits for four characters. */
function beginningAt(text: string, at: number): number {
  const first = (text.charCodeAt(at) << 13) ^ (text.charCodeAt(at + 1) << 9);
  return (first ^ (text.charCodeAt(at + 2) << 4) ^ text.charCodeAt(at + 3)) & 0xfffff;
}

type Span = readonly [start: number, end: number];

/** In order, and those that touch or overlap as one. */
function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const [start, end] of spans.toSorted(([one], [other]) => one - other)) {
    const last = result.at(-1);
    if (last && start <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], end)];
    else result.push([start, end]);
  }
  return result;
}

function replaceSpans(text: string, spans: readonly Span[]): string {
  let result = '';
  let position = 0;
  for (const [start, end] of spans) {
    result += `${text.slice(position, start)}«key»`;
    position = end;
  }
  return result + text.slice(position);
}

function secretPart(value: string, publicPrefixes: readonly string[]): string {
  const prefix = publicPrefixes.find((candidate) => value.startsWith(candidate));
  return value.slice(prefix?.length ?? 0);
}

/** Of a user and password the password; the user where the key is the user, as in APIs that leave the password out. */
function secretHalf(pair: string): string {
  const [user = '', password = ''] = pair.split(/:(.*)/s);
  return password.length < SHORTEST_RUN ? user : password;
}

/**
 * Where a response repeats a key of its request: whole, encoded, as a digest, or by its last six characters.
 *
 * @param knownText text in which a tail may stand by chance (the contract's own words): such a tail is not looked for
 */
export function findEchoes(
  secrets: readonly Secret[],
  places: readonly (readonly [place: string, text: string])[],
  knownText: string,
): string[] {
  const found = new Set<string>();
  for (const [place, content] of places) {
    const plain = unescape(content)?.plain;
    for (const secret of secrets) {
      const { value, encoded, digest, tail } = echoFormsOf(secret);
      if (value.length < 2 * TAIL) continue;
      const isThere = (form: string): boolean => content.includes(form) || plain?.includes(form) === true;
      if (content.includes(value)) found.add(`${place}: the key`);
      else if (isThere(value) || encoded.some(isThere)) found.add(`${place}: the key, encoded`);
      else if (content.includes(digest)) found.add(`${place}: the SHA-256 of the key`);
      else if (isByNoChance(tail) && content.includes(tail) && !knownText.includes(tail))
        found.add(`${place}: the last six characters of the key`);
    }
  }
  return [...found];
}

/** Six characters of a word or of punctuation, such as `:null}`, stand in a response without any key. */
function isByNoChance(tail: string): boolean {
  const sorts = [/[a-z]/, /[A-Z]/, /\d/].filter((sort) => sort.test(tail));
  return /^[\w.~+/=-]+$/.test(tail) && sorts.length > 1;
}

/** The spellings of a key that `findEchoes` looks for. */
interface EchoForms {
  readonly value: string;
  readonly encoded: readonly string[];
  readonly digest: string;
  readonly tail: string;
}

const echoForms = new WeakMap<Secret, EchoForms>();

/** Made once for a key, since every response is searched for it. */
function echoFormsOf(secret: Secret): EchoForms {
  const known = echoForms.get(secret);
  if (known) return known;
  const whole = reveal(secret);
  const value = secret.isPair ? secretHalf(whole) : whole;
  const made = {
    value,
    encoded: [...base64Forms(value), ...(secret.isPair ? base64Forms(whole) : []), hexadecimal(value)],
    digest: createHash('sha256').update(value).digest('hex'),
    tail: value.slice(-TAIL),
  };
  echoForms.set(secret, made);
  return made;
}
