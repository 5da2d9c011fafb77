import type { Cause } from '../judging/causes.ts';
import { cellId } from '../model/cell-id.ts';
import { type Conformance, count, type Counts, type ReportedCell } from './conformance.ts';
import { type Bug, bugsOf } from './grouped-findings.ts';

/** A cause with what follows from it, as reports show it. */
export interface ShownCause extends Cause {
  readonly shown: readonly ReportedCell[];
  readonly counts: Counts;
  /** What is broken because of it, the same finding once. */
  readonly bugs: readonly Bug[];
}

/** The causes, that with the most cells first. */
export function causesOfReport(report: Conformance): ShownCause[] {
  const byId = new Map(report.cells.map((cell) => [cellId(cell), cell]));
  const bugs = bugsOf(report);
  return (report.causes ?? [])
    .map((cause) => {
      const shown = cause.cells.flatMap((id) => byId.get(id) ?? []);
      return {
        ...cause,
        shown,
        counts: count(shown),
        bugs: bugs.filter(({ cells: [first] }) => first.cause === cause.id),
      };
    })
    .toSorted((a, b) => b.shown.length - a.shown.length);
}

/** What no cause explains, and stands for itself. */
export function bugsWithoutCause(report: Conformance): Bug[] {
  return bugsOf(report).filter(({ cells: [first] }) => first.cause === undefined);
}
