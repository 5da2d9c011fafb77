import type { CaseVerdict } from '../../model/cell.ts';
import type { Contract, Level } from '../../model/contract.ts';
import type { KeyPromiseName, KeyRuleId } from '../../model/key-lifecycle.ts';
import type { KeyObservations, NotAsked } from '../../model/key-observations.ts';
import type { RuleHead } from '../rule.ts';

/** What is shown to an operation, as reports name it. */
export interface KeyCase {
  /** In kebab-case, unique among all cases. */
  readonly id: string;
  readonly title: string;
}

/** What a rule says of one operation. */
export interface KeyVerdict {
  readonly operation: string;
  readonly cases: readonly CaseVerdict[];
}

/** What a judge works with beside the observations. */
export interface KeyJudging {
  readonly contract: Contract;
  readonly observations: KeyObservations;
  /** SURVEY where the time that the rule needs is not promised. */
  readonly level: Level;
}

/** A rule about keys over time. It is judged once all of them have been watched. */
export interface KeyRule extends RuleHead {
  readonly id: KeyRuleId;
  readonly expectations: readonly string[];
  readonly cases: readonly KeyCase[];
  /** The time that the level needs to be promised; absent: it needs none. Without the promise what was measured is recorded. */
  readonly promise?: KeyPromiseName;
  /** Pure. @returns why nothing can be said of any operation, or what is said of each that was asked */
  readonly judge: (judging: KeyJudging) => readonly KeyVerdict[] | NotAsked;
}
