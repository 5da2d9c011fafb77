import { expect, test } from '../support/unit-test.ts';
import type { Outcome } from '../../src/model/cell.ts';
import type { Conformance, ReportedCase, ReportedCell } from '../../src/reporting/conformance.ts';
import { parityOf, parityText, reasonNotComparable } from '../../src/reporting/parity.ts';

const SANDBOX = 'https://sandbox.example.com/v2';
const PRODUCTION = 'https://api.example.com/v2';

const sent = (id: string, status?: number, outcome: Outcome = 'conforms'): ReportedCase => ({
  ...{ case: id, outcome },
  ...(status !== undefined && { status }),
});

function cell(cases: readonly ReportedCase[], more: Partial<ReportedCell> = {}): ReportedCell {
  return { rule: 'missing-key', level: 'MUST', operation: 'GET /things', outcome: 'conforms', cases, ...more };
}

/** Both are called a sandbox: what tells runs apart is the address. */
function run(baseUrl: string, cells: readonly ReportedCell[], startedAt = '2026-03-01T06:00:00.000Z'): Conformance {
  return {
    target: { baseUrl, environment: 'sandbox' },
    contract: { id: 'things' },
    ...{ startedAt, cells },
  } as Conformance;
}

const usual = cell([sent('no-key', 401), sent('empty-key', 401)]);

test('runs that saw the same have no difference', () => {
  const [one, other] = [run(SANDBOX, [usual]), run(PRODUCTION, [usual])];
  expect(parityOf(one, other)).toEqual({ differences: [], compared: 2, leftOut: 0 });
  expect(parityText(one, other)).toBe(`${SANDBOX} and ${PRODUCTION}: no difference in 2 requests that both were sent`);
});

test('another status of a case is a difference, and so is another verdict on the same status', () => {
  const moved = cell([sent('no-key', 403, 'violates'), sent('empty-key', 401)], { outcome: 'violates' });
  expect(parityOf(run(SANDBOX, [usual]), run(PRODUCTION, [moved])).differences).toEqual([
    { operation: 'GET /things', case: 'no-key', one: 'status 401', other: 'status 403' },
    { operation: 'GET /things', case: 'no-key', rule: 'missing-key', one: 'conforms', other: 'violates' },
  ]);
  const worded = cell([sent('no-key', 401, 'violates'), sent('empty-key', 401)], { outcome: 'violates' });
  expect(parityText(run(SANDBOX, [usual]), run(PRODUCTION, [worded])).split('\n')).toEqual([
    `${SANDBOX} and ${PRODUCTION}: 1 difference in 2 requests that both were sent`,
    `case no-key by missing-key: conforms at ${SANDBOX}, violates at ${PRODUCTION}`,
    '    GET /things',
  ]);
});

test('a case that only one of them was sent is no difference, and is counted', () => {
  const unsent = cell([sent('no-key', 401), sent('empty-key', undefined, 'not proven')], { outcome: 'not proven' });
  const one = run(SANDBOX, [usual, cell([sent('no-key', 401)], { operation: 'POST /things' })]);
  expect(parityOf(one, run(PRODUCTION, [unsent]))).toEqual({ differences: [], compared: 1, leftOut: 2 });
  expect(parityText(one, run(PRODUCTION, [unsent])).split('\n')).toEqual([
    `${SANDBOX} and ${PRODUCTION}: no difference in 1 request that both were sent`,
    '2 more requests left out: one of the two did not send them or got no response',
  ]);
});

test('what could not be proven of the same response is no difference', () => {
  const open = cell([sent('no-key', 401, 'not proven'), sent('empty-key', 401)], { outcome: 'not proven' });
  expect(parityOf(run(SANDBOX, [usual]), run(PRODUCTION, [open])).differences).toEqual([]);
});

test('a cell of every response lists only what does not conform: the rest of what was sent conforms', () => {
  const every = { rule: 'error-envelope', judged: 2 };
  const sound = [usual, cell([], every)];
  const broken = [usual, cell([sent('no-key', 401, 'violates')], { ...every, outcome: 'violates' })];
  expect(parityOf(run(SANDBOX, sound), run(PRODUCTION, broken)).differences).toEqual([
    { operation: 'GET /things', case: 'no-key', rule: 'error-envelope', one: 'conforms', other: 'violates' },
  ]);
});

test('a difference on several operations stands once; runs of one address are told apart by their time', () => {
  const refused = cell([sent('no-key', 403)]);
  const on = (each: ReportedCell): ReportedCell[] => [each, { ...each, operation: 'POST /things' }];
  const text = parityText(run(SANDBOX, on(usual)), run(SANDBOX, on(refused), '2026-03-02T06:00:00.000Z'));
  expect(text.split('\n')).toEqual([
    `${SANDBOX} (2026-03-01 06:00 UTC) and ${SANDBOX} (2026-03-02 06:00 UTC): 1 difference in 2 requests that both were sent`,
    `case no-key: status 401 at ${SANDBOX} (2026-03-01 06:00 UTC), status 403 at ${SANDBOX} (2026-03-02 06:00 UTC)`,
    '    GET /things, POST /things',
    '2 more requests left out: one of the two did not send them or got no response',
  ]);
});

test('runs of two contracts, or with nothing in common, are not compared', () => {
  const one = run(SANDBOX, [usual]);
  expect(reasonNotComparable(one, run(PRODUCTION, [usual]))).toBeUndefined();
  expect(reasonNotComparable(one, run(PRODUCTION, []))).toMatch(/no request in common/);
  const other = { ...one, contract: { ...one.contract, id: 'others' } };
  expect(reasonNotComparable(one, other)).toMatch(/two contracts, things and others/);
});
