import { exitCode, type ReportedCell, verdictOf } from '../../src/reporting/conformance.ts';
import type { Outcome } from '../../src/model/cell.ts';
import type { Strictness } from '../../src/model/target.ts';
import { expect, test } from '../support/unit-test.ts';

const levels: readonly { outcomes: Outcome[]; strict: Strictness[]; code: 0 | 1 | 2 }[] = [
  { outcomes: ['conforms', 'not applicable'], strict: ['should', 'proven'], code: 0 },
  { outcomes: ['conforms', 'deviates'], strict: [], code: 0 },
  { outcomes: ['conforms', 'deviates'], strict: ['proven'], code: 0 },
  { outcomes: ['conforms', 'deviates'], strict: ['should'], code: 1 },
  { outcomes: ['conforms', 'not proven'], strict: ['should'], code: 0 },
  { outcomes: ['conforms', 'not proven'], strict: ['proven'], code: 2 },
  { outcomes: ['conforms', 'error'], strict: [], code: 2 },
  { outcomes: ['violates', 'error', 'not proven'], strict: ['proven'], code: 1 },
  { outcomes: ['not applicable'], strict: [], code: 2 },
  { outcomes: ['not proven'], strict: [], code: 2 },
  { outcomes: [], strict: [], code: 2 },
];

for (const { outcomes, strict, code } of levels) {
  test(`${outcomes.join(' and ') || 'nothing'}, strict about ${strict.join(' and ') || 'nothing'}: exit ${code}`, () => {
    const cells = outcomes.map((outcome): ReportedCell => ({
      rule: 'a-rule',
      level: 'MUST',
      operation: 'GET /contacts',
      outcome,
      cases: [],
    }));
    expect(exitCode(verdictOf(cells, new Set(strict)))).toBe(code);
  });
}
