/** What is wrong with a key, as it is said of one key and of several. */
export interface KeyProblem {
  readonly holder: KeyHolder;
  /** Behind the name: `holds a space: copy the key again.` */
  readonly one: string;
  readonly several: string;
}

/** Where a key stands: a variable, or an entry of one, from 1. */
export interface KeyHolder {
  readonly variable: string;
  readonly entry?: number;
}

/** One sentence for each sort of problem: thirteen keys that are wrong in the same way are one mistake. */
export function keySentences(problems: readonly KeyProblem[]): string[] {
  const sorts = new Map<string, KeyProblem[]>();
  for (const problem of problems) sorts.set(problem.one, [...(sorts.get(problem.one) ?? []), problem]);
  return [...sorts.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    if (others.length === 0) return [`${nameOf(first.holder)} ${first.one}`];
    return [`${holders([first, ...others].map(({ holder }) => holder))} ${first.several}`];
  });
}

function nameOf({ variable, entry }: KeyHolder): string {
  return entry === undefined ? variable : `${variable}, entry ${entry},`;
}

/** `EXAMPLE_API_KEY, EXAMPLE_REVOKED_KEY and EXAMPLE_SCOPED_KEYS (entries 1 to 9)` */
export function holders(all: readonly KeyHolder[]): string {
  const byVariable = new Map<string, number[]>();
  for (const { variable, entry } of all)
    byVariable.set(variable, [...(byVariable.get(variable) ?? []), ...(entry === undefined ? [] : [entry])]);
  return inWords([...byVariable].map(([variable, entries]) => `${variable}${entriesInWords(entries)}`));
}

function entriesInWords(entries: readonly number[]): string {
  const [first = 0, second] = entries;
  if (entries.length === 0) return '';
  if (second === undefined) return ` (entry ${first})`;
  const isRow = entries.length > 2 && entries.every((entry, index) => entry === first + index);
  return isRow ? ` (entries ${first} to ${entries.at(-1)})` : ` (entries ${inWords(entries.map(String))})`;
}

function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
