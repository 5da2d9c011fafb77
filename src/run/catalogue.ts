import type { KeyRule } from '../judging/keys/key-rule.ts';
import type { CrossOperationRule } from '../judging/operation-comparison.ts';
import { casesGiven, type Rule } from '../judging/rule.ts';
import type { Worth } from '../requests/budget.ts';
import { type Case, CERTIFICATE_CASE, FULL_ACCESS_CASE, NO_KEY_CASE, NOTHING_CASE } from '../requests/case.ts';

/** The knowledge of the suite: what is sent and what must hold. */
export interface Catalogue {
  readonly cases: readonly Case[];
  readonly rules: readonly Rule[];
  readonly crossOperationRules: readonly CrossOperationRule[];
  /** About keys that change while the run watches. */
  readonly keyRules: readonly KeyRule[];
  /** By the id of a promise that is no rule's source: what judges it, or why nothing does. */
  readonly judgedOtherwise: Readonly<Record<string, string>>;
  /** What a budget goes by; absent: all cases are worth the same. */
  readonly worth?: Worth;
}

/** What the engine needs of a catalogue: what is sent and what judges it. */
export type JudgingCatalogue = Omit<Catalogue, 'judgedOtherwise' | 'keyRules'>;

/**
 * What it takes to judge by some rules alone: their cases and what those are held against. A rule that judges every response
 * wants every case.
 *
 * @param ids of the rules; absent: all of them
 */
export function catalogueOf<Whole extends JudgingCatalogue>(whole: Whole, ids?: ReadonlySet<string>): Whole {
  if (!ids) return whole;
  const rules = whole.rules.filter(({ id }) => ids.has(id));
  if (rules.length === whole.rules.length || rules.some(({ given }) => 'every' in given)) return { ...whole, rules };
  const named = rules.flatMap((rule) => [...casesGiven(rule), ...(rule.comparedWith ?? [])]);
  const wanted = neededFor(named);
  return { ...whole, rules, cases: whole.cases.filter(({ id }) => wanted.has(id)) };
}

/** Ids of the cases and of those that they are held against. */
export function neededFor(cases: readonly Case[]): ReadonlySet<string> {
  return new Set([
    FULL_ACCESS_CASE,
    NO_KEY_CASE,
    CERTIFICATE_CASE,
    NOTHING_CASE,
    ...cases
      .flatMap(({ id, control, comparison, elsewhere }) => [id, control?.id, comparison?.id, elsewhere?.id])
      .filter((id) => id !== undefined),
  ]);
}
