import type { Outcome } from '../model/cell.ts';

/** Worst first: what one case shows decides the cell. An unmet expectation stands whatever else could not be judged. */
const GRAVITY: readonly Outcome[] = ['violates', 'deviates', 'error', 'not proven', 'conforms', 'not applicable'];

/** The outcome that decides a cell; `not applicable` where there is none. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  return GRAVITY.find((outcome) => outcomes.includes(outcome)) ?? 'not applicable';
}
