import type { Finding } from '../model/finding.ts';
import type { Contract, Level, Operation } from '../model/contract.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import type { Applicability, Case } from '../requests/case.ts';
import type { SecurityAlternative } from '../requests/security-alternative.ts';
import type { ScopedKey, Target } from '../model/target.ts';
import type { CompletedExchange, FailedExchange, HttpResponse } from '../model/exchange.ts';

/** Who says it: a promise of the contract by its id, or a public standard. */
export type Source = { readonly promise: string } | { readonly standard: string; readonly url: string };

/** An answered case, as a rule gets it. */
export interface JudgedExchange {
  readonly exchange: CompletedExchange;
  readonly response: HttpResponse;
  readonly case: Case;
  readonly alternative: SecurityAlternative;
  readonly operation: Operation;
  readonly contract: Contract;
  readonly target: Target;
  readonly schemas: SchemaValidators;
  /** The answer to the case's control; absent for a positive, or where policy left the control out. */
  readonly control?: HttpResponse;
  /** The scoped key that was sent, where one was. */
  readonly scopedKey?: ScopedKey;
  /** The answer to another probe of the same operation, by its id: `valid-key`, `valid-key@bearer`. */
  readonly responseOf: (probe: string) => HttpResponse | undefined;
}

export interface Rule {
  /** Equal to its file's name. */
  readonly id: string;
  readonly level: Level;
  /** What is, in the present tense, under 100 characters. */
  readonly title: string;
  /** The documentation's section it belongs to. */
  readonly section: string;
  readonly source: Source;
  /**
   * Cases by id, each in all its forms; `refusals`: every case of the operation that was answered 401 or 403; `answers`:
   * every answered case. Of the last two, a case that was not sent is no gap.
   */
  readonly given: readonly string[] | 'refusals' | 'answers';
  /** Only the forms beside the primary one: for rules that compare the two. */
  readonly alternatives?: 'others';
  readonly appliesTo?: (operation: Operation, contract: Contract) => Applicability;
  /** The level on one operation, where the contract is less sure of it than the rule. */
  readonly levelOn?: (operation: Operation) => Level;
  /** For operations that the contract opens to everyone; every other rule is for the rest. */
  readonly forAnonymous?: true;
  /** False: an answer is judged as it stands, whatever became of its control. */
  readonly requiresControl?: false;
  /** Judges one answer. Pure: all it may know is in its argument. */
  readonly verify: (judged: JudgedExchange) => readonly Finding[];
  /** Judges the absence of an answer; without it a fault is an error. */
  readonly verifyFault?: (exchange: FailedExchange) => readonly Finding[] | undefined;
}
