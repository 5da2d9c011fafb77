import {
  type Conformance,
  type Counts,
  count,
  type ReportedCell,
  type ReportedPromise,
  type ReportedRule,
} from './conformance.ts';

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
