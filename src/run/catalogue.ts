import type { CrossOperationRule } from '../judging/operation-comparison.ts';
import type { Rule } from '../judging/rule.ts';
import type { Case } from '../requests/case.ts';

/** The knowledge of the suite: what is sent and what must hold. */
export interface Catalogue {
  readonly cases: readonly Case[];
  readonly rules: readonly Rule[];
  readonly crossOperationRules: readonly CrossOperationRule[];
  /** By the id of a promise that is no rule's source: what judges it, or why nothing does. */
  readonly judgedOtherwise: Readonly<Record<string, string>>;
}

/** What the engine needs of a catalogue: what is sent and what judges it. */
export type JudgingCatalogue = Omit<Catalogue, 'judgedOtherwise'>;
