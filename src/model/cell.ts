import type { Level } from './contract.ts';
import type { Exchange } from './exchange.ts';

/**
 * `violates` breaks a MUST, `deviates` a SHOULD; `not applicable` has nothing to judge; `not proven` could not be judged
 * for want of a key, a working control or an answer; `error` is the suite's or the network's own fault.
 */
export type Outcome = 'conforms' | 'violates' | 'deviates' | 'not applicable' | 'not proven' | 'error';

/** Worst first: what one case shows decides the cell. A complaint stands whatever else could not be judged. */
const GRAVITY: readonly Outcome[] = ['violates', 'deviates', 'error', 'not proven', 'conforms', 'not applicable'];

export function worst(outcomes: readonly Outcome[]): Outcome {
  return GRAVITY.find((outcome) => outcomes.includes(outcome)) ?? 'not applicable';
}

/** One expectation of a rule that an answer does not meet. */
export interface Complaint {
  readonly expectation: string;
  readonly expected: string;
  readonly actual: string;
}

export interface CaseVerdict {
  readonly case: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** The variable that would prove it. */
  readonly variable?: string;
  readonly complaints: readonly Complaint[];
  readonly exchange?: Exchange;
  /** The accepted request that the refusal is held against. */
  readonly control?: Exchange;
}

/** A cell of the matrix: one rule on one operation. */
export interface Cell {
  readonly rule: string;
  readonly level: Level;
  readonly operation: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly cases: readonly CaseVerdict[];
  /** The rule looks at whatever was answered, so its conforming cases are many and say nothing by themselves. */
  readonly broad?: true;
}
