import type { Conformance } from './conformance.ts';

/** Why cells are not proven, and the variable that would prove them. */
export interface Gap {
  readonly reason: string;
  readonly variable?: string;
  readonly cells: number;
  /** The operation that all of them are of; absent: they are of several. */
  readonly operation?: string;
}

/**
 * What could not be proven, once for each reason: those that a setting would help first. What follows from a cause is left
 * out, since the cause says what helps.
 */
export function gapsOf({ cells }: Pick<Conformance, 'cells'>): Gap[] {
  const gaps = new Map<string, { reason: string; variable?: string; cells: number; operations: Set<string> }>();
  for (const { outcome, reason: ofCell, cases, operation, cause } of cells) {
    if (outcome !== 'not proven' || cause !== undefined) continue;
    const first = cases.find((verdict) => verdict.outcome === 'not proven');
    const reason = first?.reason ?? ofCell ?? 'no reason given';
    const variable = first?.variable;
    const own = { reason, ...(variable !== undefined && { variable }), cells: 0, operations: new Set<string>() };
    const gap = gaps.get(reason) ?? own;
    gap.cells += 1;
    gap.operations.add(operation);
    gaps.set(reason, gap);
  }
  const all = [...gaps.values()].map(({ operations, ...gap }): Gap => {
    const [operation, ...others] = operations;
    return { ...gap, ...(operation !== undefined && others.length === 0 && { operation }) };
  });
  return all.toSorted(
    (a, b) => Number(b.variable !== undefined) - Number(a.variable !== undefined) || b.cells - a.cells,
  );
}

/** Cells by the variable that would prove them. */
export function cellsByVariable(gaps: readonly Gap[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { variable, cells } of gaps)
    if (variable !== undefined) sums.set(variable, (sums.get(variable) ?? 0) + cells);
  return sums;
}
