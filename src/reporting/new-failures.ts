import { cellId } from '../model/cell-id.ts';
import { type Conformance, exitCode, verdictOf } from './conformance.ts';
import { isFailing } from './outcomes.ts';
import { many, moment } from './wording.ts';

/** How a run ends that is to fail only for what is new, and what it says of that. */
export interface EndForNew {
  readonly code: 0 | 1 | 2;
  /** Absent: it ends as it would anyway. */
  readonly sentence?: string;
}

/**
 * The exit code of a run that leaves out cells which failed when they were last judged. Its report and its verdict stay
 * what they are. Without an earlier run every failure is new.
 *
 * @param variable name of the setting that asks for this
 */
export function endForNew(report: Conformance, variable: string): EndForNew {
  const { verdict, changes, cells, strict = [], reason } = report;
  const code = exitCode(verdict);
  // A reason is about more than the failures: a stale entry of known failures fails the run by itself.
  if (verdict !== 'violates' || !changes || reason !== undefined) return { code };
  const appeared = new Set(changes.new.map(cellId));
  const others = cells.filter((cell) => !isFailing(cell.outcome) || appeared.has(cellId(cell)));
  const left = exitCode(verdictOf(others, new Set(strict)));
  if (left === code) return { code };
  const old = many(cells.length - others.length, 'cell fails', 'cells fail');
  const end = `${old} that already failed in the run of ${moment(changes.since)}, and no other cell fails: the exit code is ${left}`;
  return { code: left, sentence: `${variable}=new: ${end}` };
}
