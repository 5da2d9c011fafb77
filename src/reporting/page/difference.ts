import { diffArrays } from 'diff';

/** Where a text differs from another one: start and end of each place, one after the other, in UTF-16 code units. */
export type Marks = readonly number[];

/** What only one of two texts has. */
export interface Difference {
  readonly expected: Marks;
  readonly actual: Marks;
}

/** Texts that need more changes than this count as two texts: the time grows with the changes. */
const MOST_CHANGES = 400;

/** Below this share of common words two texts are two texts, and to mark all of both would say nothing. */
const LEAST_COMMON = 0.4;

/** Marks what differs. The texts are compared part by part: the status with the status, the body with the body. */
export function difference(expected: string, actual: string): Difference {
  // "as on most operations: …" says what the other text is like, and is no difference.
  const prefix = /^[^;{"]*?: (?=\S)/.exec(expected)?.[0] ?? '';
  const lead = actual.startsWith(prefix) ? '' : prefix;
  const left = placed(expected, lead.length);
  const right = placed(actual, 0);
  const pairs = left.map((part, index) => differingWords(part, right[index] ?? { text: '', start: actual.length }));
  return {
    expected: joined(
      expected,
      ofData(
        expected,
        pairs.flatMap((pair) => pair.expected),
      ),
    ),
    actual: joined(
      actual,
      ofData(
        actual,
        pairs.flatMap((pair) => pair.actual),
      ),
    ),
  };
}

/**
 * What a server sent, or would have: bodies, what stands in quotes, the names of headers, and words with a digit or a slash.
 * Everything else is how the suite says it ("as in the usual spelling"), and no difference.
 */
const DATA = /\{.*\}|\[.*\]|<.*>|(["'“«]).*?["'”»]|(?<=\bheaders )[^;]*|[^\s,;(){}]*[\d/][^\s,;(){}]*/gsu;

/** Of marked places what is data. */
function ofData(text: string, marks: Marks): Marks {
  const data = [...text.matchAll(DATA)].map(({ 0: found, index }) => [index, index + found.length] as const);
  return marks.flatMap((start, index) => {
    if (index % 2 === 1) return [];
    const end = marks[index + 1] ?? start;
    return data.flatMap(([from, to]) => (from < end && start < to ? [Math.max(from, start), Math.min(to, end)] : []));
  });
}

interface Part {
  readonly text: string;
  readonly start: number;
}

function placed(text: string, from: number): Part[] {
  let start = from;
  return text
    .slice(from)
    .split(/(?<=; )|(?<=, )(?=[{[<])/)
    .map((part) => {
      const place = { text: part, start };
      start += part.length;
      return place;
    });
}

function differingWords(expected: Part, actual: Part): Difference {
  const [left, right] = [words(expected.text), words(actual.text)];
  const changes = diffArrays(left, right, { maxEditLength: MOST_CHANGES });
  if (!changes) return NONE;
  const common = changes.filter(({ added, removed }) => !added && !removed).flatMap(({ value }) => value);
  const fewest = Math.min(left.filter(isWord).length, right.filter(isWord).length);
  if (fewest === 0 || common.filter(isWord).length < LEAST_COMMON * fewest) return NONE;
  const marks: { expected: number[]; actual: number[] } = { expected: [], actual: [] };
  let [atLeft, atRight] = [expected.start, actual.start];
  for (const { value, added, removed } of changes) {
    const length = value.join('').length;
    if (removed) marks.expected.push(atLeft, atLeft + length);
    if (added) marks.actual.push(atRight, atRight + length);
    if (!added) atLeft += length;
    if (!removed) atRight += length;
  }
  return marks;
}

const NONE: Difference = { expected: [], actual: [] };

function words(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{N}_-]+|[^\s\p{L}\p{N}_-]/gu) ?? [];
}

function isWord(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** One mark for neighbours with nothing but white space between them. White space alone is not marked. */
function joined(text: string, marks: Marks): Marks {
  const found: number[] = [];
  for (let index = 0; index < marks.length; index += 2) {
    const [start = 0, end = 0] = [marks[index], marks[index + 1]];
    if (text.slice(start, end).trim() === '') continue;
    const before = found.at(-1);
    if (before !== undefined && text.slice(before, start).trim() === '') found.splice(-1, 1, end);
    else found.push(start, end);
  }
  return found;
}
