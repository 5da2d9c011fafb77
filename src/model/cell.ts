import type { Level } from './contract.ts';
import type { Exchange, Respondent } from './exchange.ts';
import type { UnmetFinding } from './finding.ts';

/**
 * - `conforms`: every expectation is met.
 * - `violates`: an expectation of a MUST is not met.
 * - `deviates`: an expectation of a SHOULD is not met.
 * - `not applicable`: there is nothing to judge, or the level is SURVEY and what was found is recorded only.
 * - `not proven`: a key, an accepted control or a response is missing.
 * - `error`: the suite or the network failed.
 */
export type Outcome = 'conforms' | 'violates' | 'deviates' | 'not applicable' | 'not proven' | 'error';

/** What one case shows about one rule. */
export interface CaseVerdict {
  /** Id of the probe: `key-cut-by-one`, or `key-cut-by-one@bearer` in a security alternative that is not the primary one. */
  readonly case: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** The environment variable that would prove it. */
  readonly variable?: string;
  /** The expectations that the response does not meet. */
  readonly unmet: readonly UnmetFinding[];
  readonly exchange?: Exchange;
  /** The scopes of the key that was sent, of a case that shows what a key with scopes opens. */
  readonly scopes?: readonly string[];
  /** Who wrote the response. Absent where nothing was sent. */
  readonly respondent?: Respondent;
  /** The exchange of the control. */
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
  /** The rule judges whatever was responded, so its conforming cases are many and say nothing by themselves. */
  readonly broad?: true;
}
