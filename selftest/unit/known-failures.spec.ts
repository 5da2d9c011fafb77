import { excuse, type KnownFailure, staleEntries } from '../../src/config/known-failures.ts';
import type { Outcome } from '../../src/model/cell.ts';
import { expect, test } from '../support/unit-test.ts';

const entry: KnownFailure = {
  rule: 'missing-key',
  operation: 'GET /contact*',
  environment: 'sandbox',
  reason: 'the new gateway answers before it looks',
  owner: 'platform team',
  link: 'https://issues.example.com/1',
  expires: '2999-12-31',
};

test.describe('an entry of known-failures.yaml', () => {
  const failing = { rule: 'missing-key', operation: 'GET /contacts', outcome: 'violates' } as const;
  const day = '2026-06-15';
  const until = (expires: string): KnownFailure => ({ ...entry, expires });

  test('excuses its rule, its operations and its environment until its last day', () => {
    expect(excuse(failing, 'sandbox', [until(day)], day)).toEqual(until(day));
    expect(excuse({ ...failing, outcome: 'deviates' }, 'sandbox', [entry], day)).toEqual(entry);
    expect(excuse(failing, 'sandbox', [until('2026-06-14')], day)).toBeUndefined();
    expect(excuse(failing, 'production', [entry], day)).toBeUndefined();
    expect(excuse(failing, 'production', [{ ...entry, environment: '*' }], day)).toBeDefined();
    expect(excuse({ ...failing, operation: 'PUT /contacts' }, 'sandbox', [entry], day)).toBeUndefined();
    expect(excuse({ ...failing, rule: 'valid-key' }, 'sandbox', [entry], day)).toBeUndefined();
    for (const outcome of ['conforms', 'not proven', 'error', 'not applicable'] as const)
      expect(excuse({ ...failing, outcome }, 'sandbox', [entry], day)).toBeUndefined();
  });

  test('is gone only when all its cells were decided and none fails', () => {
    const other = { ...failing, operation: 'GET /contact/{identifier}' };
    const gone = ['the known failure of missing-key on GET /contact* no longer happens: remove its entry.'];
    const stale = (...outcomes: readonly [Outcome, Outcome]): string[] =>
      staleEntries(
        [entry],
        [
          { ...failing, outcome: outcomes[0] },
          { ...other, outcome: outcomes[1] },
        ],
        'sandbox',
        day,
      );
    expect(stale('conforms', 'conforms')).toEqual(gone);
    expect(stale('conforms', 'not applicable')).toEqual(gone);
    expect(stale('violates', 'conforms')).toEqual([]);
    expect(stale('not proven', 'conforms')).toEqual([]);
    expect(stale('conforms', 'error')).toEqual([]);
    expect(staleEntries([entry], [], 'sandbox', day)).toEqual([]);
    expect(staleEntries([entry], [{ ...failing, outcome: 'conforms' }], 'production', day)).toEqual([]);
  });

  test('that has expired says so whether its failure is there or not', () => {
    for (const outcome of ['violates', 'conforms'] as const) {
      expect(staleEntries([until('2026-06-14')], [{ ...failing, outcome }], 'sandbox', day)).toEqual([
        'the known failure of missing-key on GET /contact* expired on 2026-06-14: fix it (https://issues.example.com/1) or give it a new date.',
      ]);
    }
  });
});
