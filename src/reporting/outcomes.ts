import type { Outcome } from '../model/cell.ts';
import type { Counts } from './conformance.ts';

/** How an outcome is shown: never by a colour alone. Worst first, as a reader looks for it. */
export const OUTCOMES = [
  { outcome: 'violates', symbol: '✗', count: 'violates', meaning: 'a MUST is broken' },
  { outcome: 'deviates', symbol: '△', count: 'deviates', meaning: 'a SHOULD is broken' },
  { outcome: 'error', symbol: '!', count: 'error', meaning: 'the suite or the network failed' },
  {
    outcome: 'not proven',
    symbol: '?',
    count: 'notProven',
    meaning: 'a key, an accepted control or a response is missing',
  },
  {
    outcome: 'conforms',
    symbol: '✓',
    count: 'conforms',
    meaning: 'every response is as promised, and a valid key was accepted',
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
