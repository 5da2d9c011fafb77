import { accessOf } from '../../src/reporting/access.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { expect, test } from '../support/unit-test.ts';

/** The key of another account in the view of keys by operations. */

const CASE = 'other-account-key';

function view(verdict: object | undefined) {
  const access = { key: 'other account', expected: 'denied', rule: 'other-account' };
  const cells = [
    {
      ...{ rule: 'valid-key', operation: 'GET /a/{id}' },
      cases: [{ case: 'valid-key', outcome: 'conforms', status: 200 }],
    },
    { rule: 'other-account', operation: 'GET /a/{id}', cases: verdict ? [{ case: CASE, ...verdict }] : [] },
  ];
  const report = {
    cells,
    operations: [{ id: 'GET /a/{id}', line: 1 }],
    cases: [
      { id: 'valid-key', access: { key: 'full access', expected: 'opened', rule: 'valid-key' } },
      { id: CASE, access },
    ],
  };
  const { keys, rows } = accessOf(report as unknown as Conformance);
  return [keys, rows[0]?.[1]?.found];
}

const BOTH = ['full access', 'other account'];

test('it is a key of its own, behind the others with full access', () => {
  expect(view({ outcome: 'conforms', status: 404 })).toEqual([BOTH, 'denied']);
  expect(view({ outcome: 'conforms', status: 403 })).toEqual([BOTH, 'denied']);
  expect(view({ outcome: 'violates', status: 200 })).toEqual([BOTH, 'opened']);
});

test('a success that may show what the other account has itself tells nothing', () => {
  expect(view({ outcome: 'not proven', status: 200 })).toEqual([BOTH, 'not told']);
});

test('where no such key is given there is none', () => {
  expect(view({ outcome: 'not applicable' })).toEqual([['full access'], undefined]);
  expect(view(undefined)).toEqual([['full access'], undefined]);
});
