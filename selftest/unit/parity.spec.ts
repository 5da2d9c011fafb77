import { expect, test } from '../support/unit-test.ts';
import type { Conformance, ReportedCell } from '../../src/reporting/conformance.ts';
import { differences, parityText } from '../../src/reporting/parity.ts';

const cell: ReportedCell = {
  rule: 'missing-key',
  level: 'MUST',
  operation: 'GET /things',
  outcome: 'conforms',
  cases: [{ case: 'no-key', outcome: 'conforms', status: 401 }],
};

function run(environment: string, cells: readonly ReportedCell[]): Conformance {
  return { target: { baseUrl: `https://${environment}.example`, environment }, cells } as Conformance;
}

test('runs that saw the same have no difference', () => {
  expect(differences(run('sandbox', [cell]), run('production', [cell]))).toEqual([]);
  expect(parityText(run('sandbox', [cell]), run('production', [cell]))).toBe(
    'https://sandbox.example and https://production.example: no difference',
  );
});

test('another outcome, another status and a missing cell are each a difference', () => {
  const other: ReportedCell = {
    ...cell,
    outcome: 'violates',
    cases: [{ case: 'no-key', outcome: 'violates', status: 403 }],
  };
  expect(differences(run('sandbox', [cell]), run('production', [other]))).toEqual([
    { operation: 'GET /things', rule: 'missing-key', one: 'conforms', other: 'violates' },
    { operation: 'GET /things', rule: 'missing-key', case: 'no-key', one: 'status 401', other: 'status 403' },
  ]);
  expect(differences(run('sandbox', [cell]), run('production', []))).toEqual([
    { operation: 'GET /things', rule: 'missing-key', one: 'conforms', other: 'not judged' },
  ]);
});

test('the text names each difference once, with its operations', () => {
  const elsewhere = { ...cell, operation: 'POST /things' };
  const refused = (one: ReportedCell): ReportedCell => ({
    ...one,
    cases: [{ case: 'no-key', outcome: 'conforms', status: 403 }],
  });
  const text = parityText(run('sandbox', [cell, elsewhere]), run('production', [refused(cell), refused(elsewhere)]));
  expect(text.split('\n')).toEqual([
    'https://sandbox.example and https://production.example: 1 difference',
    'case no-key: status 401 on sandbox, status 403 on production',
    '    GET /things, POST /things',
  ]);
});
