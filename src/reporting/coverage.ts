import {
  type Conformance,
  type Counts,
  count,
  type ReportedCell,
  type ReportedPromise,
  type ReportedRule,
} from './conformance.ts';
import { many } from './wording.ts';

/** One promise, who checks it and what came of that. */
export interface Covered {
  readonly promise: ReportedPromise;
  readonly rules: readonly ReportedRule[];
  readonly counts: Counts;
}

/** Every promise of the contract, in its order. A promise without rules is checked by nothing, whatever the reason. */
export function coverageOf({ promises, rules, cells }: Conformance): Covered[] {
  const byRule = cellsByRule(cells);
  return promises.map((promise) => {
    const named = codesIn(promise.otherwise);
    const its = rules.filter(({ id, source }) => source.promise === promise.id || named.includes(id));
    return { promise, rules: its, counts: count(its.flatMap(({ id }) => byRule.get(id) ?? [])) };
  });
}

/** What became of a promise. Each has one of these. */
export type PromiseState = 'broken' | 'kept' | 'open' | 'otherwise' | 'uncheckable' | 'unchecked';

function stateOf({ promise, rules, counts }: Covered): PromiseState {
  if (counts.violates + counts.deviates > 0) return 'broken';
  if (counts.conforms > 0) return 'kept';
  if (rules.length > 0) return 'open';
  if (promise.otherwise !== undefined) return 'otherwise';
  return promise.uncheckable === undefined ? 'unchecked' : 'uncheckable';
}

const STATES: readonly (readonly [PromiseState, string])[] = [
  ['kept', 'kept on at least one operation'],
  ['broken', 'broken'],
  ['open', 'not decided this time'],
  ['otherwise', 'judged in another way or not at all'],
  ['uncheckable', 'that cannot be checked'],
  ['unchecked', 'checked by no rule'],
];

/** `25 promises: 17 seen kept, 1 seen broken, …`: parts that add up. What there is none of is left out. */
export function promisesInWords(covered: readonly Covered[]): string {
  const states = covered.map(stateOf);
  const parts = STATES.map(([state, words]) => ({ words, found: states.filter((each) => each === state).length }));
  const present = parts.filter(({ found }) => found > 0).map(({ found, words }) => `${found} ${words}`);
  return `${many(covered.length, 'promise')}: ${present.join(', ')}.`;
}

/** What a text names between backticks. */
function codesIn(text = ''): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

function cellsByRule(cells: readonly ReportedCell[]): ReadonlyMap<string, readonly ReportedCell[]> {
  const found = new Map<string, ReportedCell[]>();
  for (const cell of cells) {
    const its = found.get(cell.rule);
    if (its) its.push(cell);
    else found.set(cell.rule, [cell]);
  }
  return found;
}
