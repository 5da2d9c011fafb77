import { cellId } from '../model/cell-id.ts';
import type { Conformance } from './conformance.ts';

/** One thing that two runs of the same catalogue saw differently. */
export interface Difference {
  readonly operation: string;
  readonly rule: string;
  readonly case?: string;
  readonly one: string;
  readonly other: string;
}

/**
 * Where two targets of one contract part, in outcomes and in the statuses behind them: what conforms on both may still
 * differ, and "responses mirror production" is a promise of its own.
 */
export function differences(one: Conformance, other: Conformance): Difference[] {
  const others = new Map(other.cells.map((cell) => [cellId(cell), cell]));
  return one.cells.flatMap((cell): Difference[] => {
    const twin = others.get(cellId(cell));
    const where = { operation: cell.operation, rule: cell.rule };
    if (!twin) return [{ ...where, one: cell.outcome, other: 'not judged' }];
    const outcome = cell.outcome === twin.outcome ? [] : [{ ...where, one: cell.outcome, other: twin.outcome }];
    const statuses = new Map(twin.cases.map((verdict) => [verdict.case, verdict.status]));
    const moved = cell.cases.flatMap(({ case: id, status }) => {
      const elsewhere = statuses.get(id);
      if (status === undefined || elsewhere === undefined || status === elsewhere) return [];
      return [{ ...where, case: id, one: `status ${status}`, other: `status ${elsewhere}` }];
    });
    return [...outcome, ...moved];
  });
}

/** Once for each case that differs, with its operations; many rules look at the same case. */
export function parityText(one: Conformance, other: Conformance): string {
  const found = new Map<string, Set<string>>();
  for (const difference of differences(one, other)) {
    const what = difference.case === undefined ? `rule ${difference.rule}` : `case ${difference.case}`;
    const line = `${what}: ${difference.one} on ${one.target.environment}, ${difference.other} on ${other.target.environment}`;
    found.set(line, (found.get(line) ?? new Set()).add(difference.operation));
  }
  const lines = [...found].map(([line, operations]) => `${line}\n    ${[...operations].join(', ')}`);
  return [
    `${one.target.baseUrl} and ${other.target.baseUrl}: ${found.size === 0 ? 'no difference' : `${found.size} ${found.size === 1 ? 'difference' : 'differences'}`}`,
    ...lines,
  ].join('\n');
}
