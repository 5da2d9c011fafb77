import { createHash } from 'node:crypto';
import { reveal, type Secret } from '../target/secret.ts';

const SHORTEST_RUN = 8;
const TAIL = 6;

/**
 * Takes every key out of what a run records: whole, changed, in another letter case, in base64 or in hexadecimal.
 *
 * It looks for runs of eight characters of a key's secret part rather than for whole keys, since a changed key and an
 * echo that was cut give most of the key away as well.
 */
export class Redactor {
  readonly #runs = new Set<string>();
  readonly #encoded: string[] = [];

  constructor(secrets: readonly Secret[], publicPrefixes: readonly string[]) {
    for (const secret of secrets) {
      const value = reveal(secret);
      const hidden = secretPart(value, publicPrefixes).toLowerCase();
      if (hidden.length < SHORTEST_RUN) this.#encoded.push(value);
      for (let start = 0; start + SHORTEST_RUN <= hidden.length; start++)
        this.#runs.add(hidden.slice(start, start + SHORTEST_RUN));
      this.#encoded.push(...encodings(value));
    }
    this.#encoded.sort((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    let result = text;
    for (const form of this.#encoded) if (result.includes(form)) result = result.replaceAll(form, '«key»');
    const lower = result.toLowerCase();
    // A letter whose lower case has another length would shift the positions; then only whole forms are replaced.
    if (this.#runs.size === 0 || lower.length !== result.length) return result;
    return cutOut(result, this.#spans(lower));
  }

  #spans(lower: string): [number, number][] {
    const spans: [number, number][] = [];
    for (let start = 0; start + SHORTEST_RUN <= lower.length; start++) {
      if (!this.#runs.has(lower.slice(start, start + SHORTEST_RUN))) continue;
      const last = spans.at(-1);
      if (last && start <= last[1]) last[1] = start + SHORTEST_RUN;
      else spans.push([start, start + SHORTEST_RUN]);
    }
    return spans;
  }
}

function cutOut(text: string, spans: readonly [number, number][]): string {
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

/** The forms in which a server might repeat a key. The three base64 alignments are those of a key inside a longer text. */
function encodings(value: string): string[] {
  const inside = [0, 1, 2].map((shift) => {
    const base64 = Buffer.from('x'.repeat(shift) + value).toString('base64');
    return base64.slice(shift === 0 ? 0 : shift + 1, -4);
  });
  return [...inside, Buffer.from(value).toString('hex')].filter((form) => form.length >= SHORTEST_RUN);
}

/**
 * Where an answer repeats a key of its request: whole, encoded, as a digest, or by its last six characters.
 *
 * @param knownText text in which a tail may stand by chance (the contract's own words): such a tail is not looked for
 */
export function findEchoes(
  secrets: readonly Secret[],
  places: readonly (readonly [place: string, text: string])[],
  knownText: string,
): string[] {
  const found = new Set<string>();
  for (const secret of secrets) {
    const value = reveal(secret);
    const tail = value.slice(-TAIL);
    if (value.length < 2 * TAIL) continue;
    const digest = createHash('sha256').update(value).digest('hex');
    for (const [place, content] of places) {
      if (content.includes(value)) found.add(`${place}: the key`);
      else if (encodings(value).some((form) => content.includes(form))) found.add(`${place}: the key, encoded`);
      else if (content.includes(digest)) found.add(`${place}: the SHA-256 of the key`);
      else if (content.includes(tail) && !knownText.includes(tail))
        found.add(`${place}: the last six characters of the key`);
    }
  }
  return [...found];
}
