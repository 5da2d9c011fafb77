import { readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { contractIdOf } from '../openapi/contract-id.ts';
import { isOfContract, list, type Variables, variableNames } from './variables.ts';

export interface SpelledVariables {
  /** With the value of a misspelt variable under the name that is meant, so that one mistake is one sentence. */
  readonly variables: Variables;
  /** A sentence about each variable that does not exist, with the name that is meant. */
  readonly problems: readonly string[];
}

/** The part of a name that may differ from the one that is meant; one character may in any case. */
const MOST_DIFFERENT = 1 / 4;

/**
 * Looks for variables that begin with the contract's name and are no setting. All such names are taken for settings, since
 * one that is misspelt would be left out without a word.
 *
 * @param known names of the settings of the contract
 * @param contractFolder beside which other contracts may lie, whose names may begin with the name of this one
 * @param lost names that begin a line of `.env` which gives them no value, with the numbers of the lines
 */
export function spelled(
  variables: Variables,
  contractId: string,
  known: readonly string[],
  contractFolder: string,
  lost: Readonly<Record<string, number>> = {},
): SpelledVariables {
  const { scopedKeys } = variableNames(contractId);
  const isKnown = (name: string): boolean =>
    known.includes(name) || isShellName(name, scopedKeys, variables[scopedKeys]) || isOfAnother(name, contractFolder);
  const ours = (names: readonly string[]): string[] =>
    names.filter((name) => isOfContract(name, contractId) && !isKnown(name)).toSorted();
  const unknown = ours(Object.keys(variables)).map((name) => ({ name, meant: nearest(name, known) }));
  const read = unknown.flatMap(({ name, meant }) => (meant === undefined ? [] : [[meant, variables[name]] as const]));
  return {
    variables: { ...Object.fromEntries(read), ...variables },
    problems: [
      ...unknown.map(({ name, meant }) => sentence(name, meant, known)),
      ...Object.entries(lost)
        .filter(([name]) => isOfContract(name, contractId) && variables[name] === undefined)
        .map(([name, line]) => lostSentence(known.includes(name) ? name : undefined, line)),
    ],
  };
}

function sentence(name: string, meant: string | undefined, [first = '']: readonly string[]): string {
  if (meant !== undefined) return `${name} is not a setting of the suite: rename it to ${meant}.`;
  const prefix = first.replace(/BASE_URL$/, '');
  // A key that stands where a name belongs must not be shown.
  const shown = /^[A-Z][A-Z0-9_]*$/.test(name) ? name : `A variable whose name begins with ${prefix}`;
  return `${shown} is not a setting of the suite, and names that begin with ${prefix} are reserved for its settings: remove it, or use a name from .env.example.`;
}

function lostSentence(name: string | undefined, line: number): string {
  return `.env, line ${line}, is not of the form NAME=VALUE: write ${name === undefined ? 'the name of a setting and =' : `${name}=`} before the value.`;
}

/** The setting whose name is nearest: `EXAMPLE_BASEURL` and `EXAMPLE_URL` mean `EXAMPLE_BASE_URL`. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const prefix = (known[0] ?? '').replace(/BASE_URL$/, '');
  const rest = (text: string): string => plain(text.slice(prefix.length));
  const found = rest(name);
  const ranked = known
    .map((one) => ({ one, distance: distanceOf(found, rest(one)), holds: found !== '' && holdsWord(rest(one), found) }))
    .filter(({ distance, holds, one }) => holds || distance <= Math.max(1, rest(one).length * MOST_DIFFERENT))
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.one;
}

/** Whether one is the beginning or the end of the other: `ENV` of `ENVIRONMENT`, `KEY` of `APIKEY`. */
function holdsWord(one: string, other: string): boolean {
  const [short = '', long = ''] = [one, other].toSorted((a, b) => a.length - b.length);
  return short.length >= 3 && (long.startsWith(short) || long.endsWith(short));
}

/** How many characters have to be put in, taken out, changed or exchanged with the next one. */
function distanceOf(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= one.length; row++) {
    rows[row] = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isExchanged =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isExchanged ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(one.length, other.length);
}

/** A variable of the shell for one of the scoped keys: the lines that repeat a request name it. */
function isShellName(name: string, scopedKeys: string, value: string | undefined): boolean {
  return list(value, ';').some((entry) => name === shellNameOf(scopedKeys, list(entry.split('=')[0], '+')));
}

/** A shell variable of its own for each scoped key, since the list as a whole is no key. */
export function shellNameOf(scopedKeys: string, scopes: readonly string[]): string {
  return `${scopedKeys.replace(/S$/, '')}_${scopes
    .join('_AND_')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')}`;
}

/** Whether the name is a setting of a contract in a folder beside this one. */
export function isOfAnother(name: string, contractFolder: string): boolean {
  return foldersBeside(contractFolder).some((id) => {
    const names: readonly string[] = Object.values({ ...variableNames(id) });
    const key = name.replace(/_(?:FILE|COMMAND)$/, '');
    return names.includes(name) || names.includes(key) || name.startsWith(`${names[0]?.replace(/BASE_URL$/, '')}KEY_`);
  });
}

function foldersBeside(contractFolder: string): string[] {
  try {
    const entries = readdirSync(dirname(resolve(contractFolder)), { withFileTypes: true });
    const own = contractIdOf(contractFolder);
    return entries.filter((entry) => entry.isDirectory() && entry.name !== own).map(({ name }) => name);
  } catch {
    return [];
  }
}
