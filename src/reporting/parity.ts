import type { Outcome } from '../model/cell.ts';
import { cellId } from '../model/cell-id.ts';
import type { Conformance, ReportedCell } from './conformance.ts';
import { readable } from '../visible-text.ts';
import { many, moment } from './wording.ts';

/** One thing that two runs of the same catalogue saw differently. */
export interface Difference {
  readonly operation: string;
  readonly case: string;
  /** The rule whose verdict on the case differs; absent: the statuses differ. */
  readonly rule?: string;
  readonly one: string;
  readonly other: string;
}

export interface Parity {
  readonly differences: readonly Difference[];
  /** Cases on operations that got a response in both runs: these are compared. */
  readonly compared: number;
  /** Cases on operations that only one of the runs sent, or got a response to: nothing is said about them. */
  readonly leftOut: number;
}

/** What is a verdict on the response, and not on the run. */
const DECIDED: readonly (Outcome | undefined)[] = ['conforms', 'violates', 'deviates'];

/**
 * Where two targets of one contract part, in the statuses of the cases that both were sent and in the verdicts on them: what
 * conforms on both may still differ, and "responses mirror production" is a promise of its own. A case that only one run
 * sent is no difference between the targets.
 */
export function parityOf(one: Conformance, other: Conformance): Parity {
  const [left, right] = [statusesOf(one), statusesOf(other)];
  const both = new Set([...left.keys()].filter((key) => right.has(key)));
  const moved = [...both].flatMap((key): Difference[] => {
    const { operation, case: id, status } = left.get(key) ?? NOTHING;
    const elsewhere = right.get(key)?.status;
    if (status === elsewhere) return [];
    return [{ operation, case: id, one: `status ${status}`, other: `status ${elsewhere}` }];
  });
  const others = new Map(other.cells.map((cell) => [cellId(cell), cell]));
  const judged = one.cells.flatMap((cell): Difference[] => {
    const twin = others.get(cellId(cell));
    if (!twin) return [];
    const ids = new Set([...cell.cases, ...twin.cases].map((each) => each.case));
    return [...ids].flatMap((id): Difference[] => {
      const [here, there] = [outcomeIn(cell, id), outcomeIn(twin, id)];
      if (!both.has(keyOf(cell.operation, id)) || here === there) return [];
      if (here === undefined || there === undefined || !DECIDED.includes(here) || !DECIDED.includes(there)) return [];
      return [{ operation: cell.operation, case: id, rule: cell.rule, one: here, other: there }];
    });
  });
  return {
    differences: [...moved, ...judged],
    compared: both.size,
    leftOut: new Set([...left.keys(), ...right.keys()]).size - both.size,
  };
}

interface Answered {
  readonly operation: string;
  readonly case: string;
  readonly status: number;
}

const NOTHING: Answered = { operation: '', case: '', status: 0 };

/** Every case that got a response, by operation and case. */
function statusesOf({ cells }: Conformance): ReadonlyMap<string, Answered> {
  const found = new Map<string, Answered>();
  for (const { operation, cases } of cells) {
    for (const { case: id, status } of cases)
      if (status !== undefined) found.set(keyOf(operation, id), { operation, case: id, status });
  }
  return found;
}

/** A cell that looks at every response lists only the cases that do not conform. */
function outcomeIn({ cases, judged }: ReportedCell, id: string): Outcome | undefined {
  return cases.find((each) => each.case === id)?.outcome ?? (judged === undefined ? undefined : 'conforms');
}

function keyOf(operation: string, id: string): string {
  return `${operation} ${id}`;
}

/** Once for each case that differs, with its operations; many rules look at the same case. */
export function parityText(one: Conformance, other: Conformance): string {
  const { differences, compared, leftOut } = parityOf(one, other);
  const [here, there] = names(one, other);
  const found = new Map<string, Set<string>>();
  const moved = new Set(
    differences.flatMap(({ rule, operation, case: id }) => (rule === undefined ? [keyOf(operation, id)] : [])),
  );
  for (const { rule, case: id, operation, ...seen } of differences) {
    // Where the statuses differ the verdicts follow from that.
    if (rule !== undefined && moved.has(keyOf(operation, id))) continue;
    const line = `case ${id}${rule === undefined ? '' : ` by ${rule}`}: ${seen.one} at ${here}, ${seen.other} at ${there}`;
    found.set(line, (found.get(line) ?? new Set()).add(operation));
  }
  const lines = [...found].map(([line, operations]) => `${line}\n    ${[...operations].join(', ')}`);
  const count = found.size === 0 ? 'no difference' : many(found.size, 'difference');
  const left =
    leftOut > 0
      ? [`${many(leftOut, 'more request')} left out: one of the two did not send them or got no response`]
      : [];
  return readable(
    [`${here} and ${there}: ${count} in ${many(compared, 'request')} that both were sent`, ...lines, ...left].join(
      '\n',
    ),
  );
}

/** By their addresses; runs of one address by their time as well. */
function names(one: Conformance, other: Conformance): readonly [string, string] {
  const [here, there] = [one.target.baseUrl, other.target.baseUrl];
  if (here !== there) return [here, there];
  return [`${here} (${moment(one.startedAt)})`, `${there} (${moment(other.startedAt)})`];
}

/** Why two reports cannot be compared; undefined: they can. */
export function reasonNotComparable(one: Conformance, other: Conformance): string | undefined {
  if (one.contract.id !== other.contract.id)
    return `The runs are of two contracts, ${one.contract.id} and ${other.contract.id}: name two runs of one contract.`;
  if (parityOf(one, other).compared === 0)
    return 'The runs have no request in common that got a response: judge the same operations on both targets.';
  return undefined;
}
