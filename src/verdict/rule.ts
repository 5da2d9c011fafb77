import type { Contract, Level, Operation } from '../contract/contract.ts';
import type { Validators } from '../contract/validators.ts';
import type { Applicability, Case } from '../plan/case.ts';
import type { Form } from '../plan/form.ts';
import type { ScopedKey, Target } from '../target/target.ts';
import type { Answer, Exchange } from '../wire/exchange.ts';

/** Who says it: a promise of the contract by its id, or a public standard. */
export type Source = { readonly promise: string } | { readonly standard: string; readonly url: string };

/** One thing an answer is expected to be. `unproven` instead of a verdict where the contract leaves the order of checks open. */
export interface Finding {
  /** Kebab-case; with rule and case it names a complaint. */
  readonly expectation: string;
  readonly holds: boolean;
  readonly expected: string;
  readonly actual: string;
  /** The finding decides nothing, and why. */
  readonly unproven?: string;
}

/** An answered case, as a rule gets it. */
export interface Judged {
  readonly exchange: Exchange;
  readonly answer: Answer;
  readonly case: Case;
  readonly form: Form;
  readonly operation: Operation;
  readonly contract: Contract;
  readonly target: Target;
  readonly schemas: Validators;
  /** The answer to the case's control; absent for a positive, or where policy left the control out. */
  readonly control?: Answer;
  /** The scoped key that was sent, where one was. */
  readonly key?: ScopedKey;
  /** The answer to another probe of the same operation, by its id: `valid-key`, `valid-key@bearer`. */
  readonly other: (probe: string) => Answer | undefined;
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
  readonly forms?: 'others';
  readonly appliesTo?: (operation: Operation, contract: Contract) => Applicability;
  /** The level on one operation, where the contract is less sure of it than the rule. */
  readonly levelOn?: (operation: Operation) => Level;
  /** For operations that the contract opens to everyone; every other rule is for the rest. */
  readonly open?: true;
  /** False: an answer is judged as it stands, whatever became of its control. */
  readonly armed?: false;
  /** Judges one answer. Pure: all it may know is in its argument. */
  readonly verify: (judged: Judged) => readonly Finding[];
  /** Judges the absence of an answer; without it a fault is an error. */
  readonly verifyFault?: (exchange: Exchange) => readonly Finding[] | undefined;
}
