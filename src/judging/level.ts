import { worst } from './worst-outcome.ts';
import type { CaseVerdict, Outcome } from '../model/cell.ts';
import type { Level } from '../model/contract.ts';

type Outcomes = Pick<CaseVerdict, 'outcome' | 'reason' | 'unmet'>;

interface Conclusion {
  readonly outcome: Outcome;
  readonly reason?: string;
}

const RECORDED: Conclusion = { outcome: 'not applicable', reason: 'level SURVEY: what was found is recorded only' };

/** What an unmet expectation means at each level (RFC 2119). A survey never says that an API is wrong. */
export function outcomeOfUnmet(level: Level): Conclusion {
  if (level === 'MUST') return { outcome: 'violates' };
  return level === 'SHOULD' ? { outcome: 'deviates' } : RECORDED;
}

/** The worst case decides a cell and gives it its reason. What a survey found is not lost among cases that conform. */
export function outcomeOfCell(level: Level, cases: readonly Outcomes[]): Conclusion {
  const outcome = worst(cases.map((verdict) => verdict.outcome));
  const isHarmless = outcome === 'conforms' || outcome === 'not applicable';
  if (level === 'SURVEY' && isHarmless && cases.some(({ unmet }) => unmet.length > 0)) return RECORDED;
  const reason = cases.find((verdict) => verdict.outcome === outcome)?.reason;
  return { outcome, ...(reason !== undefined && { reason }) };
}
