import type { Outcome } from '../model/cell.ts';
import type { Counts } from './conformance.ts';

/** How an outcome is shown: never by a colour alone. Worst first, as a reader looks for it. */
export const OUTCOMES = [
  { outcome: 'violates', symbol: '✗', count: 'violates', meaning: 'a MUST is broken' },
  { outcome: 'deviates', symbol: '△', count: 'deviates', meaning: 'a SHOULD is broken' },
  { outcome: 'error', symbol: '!', count: 'error', meaning: 'the suite’s or the network’s own fault' },
  {
    outcome: 'not proven',
    symbol: '?',
    count: 'notProven',
    meaning: 'a key, a working control or an answer is missing',
  },
  {
    outcome: 'conforms',
    symbol: '✓',
    count: 'conforms',
    meaning: 'every answer is as promised, and a good key was let in',
  },
  { outcome: 'not applicable', symbol: '–', count: 'notApplicable', meaning: 'there is nothing to judge' },
] as const satisfies readonly { outcome: Outcome; symbol: string; count: keyof Counts; meaning: string }[];

export function isFailing(outcome: Outcome | undefined): boolean {
  return outcome === 'violates' || outcome === 'deviates';
}

/** Nothing was found out about the cell. */
export function isUndecided(outcome: Outcome | undefined): boolean {
  return outcome === undefined || outcome === 'not proven' || outcome === 'error';
}

export function symbolOf(outcome: Outcome): string {
  return OUTCOMES.find((each) => each.outcome === outcome)?.symbol ?? '';
}
