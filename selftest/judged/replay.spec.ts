import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import type { DefectId } from '../../mock/defects/index.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { Outcome } from '../../src/model/cell.ts';
import type { ReportedCell } from '../../src/reporting/conformance.ts';
import { replay, replayCode, replayText } from '../../src/run/replay.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { intercept } from '../support/interceptor.ts';
import { sample } from '../support/report-samples.ts';

/** The failing cells of a report, sent again. */

function cell(rule: string, outcome: Outcome = 'violates', cases: readonly string[] = []): ReportedCell {
  return {
    ...{ rule, level: 'MUST', operation: 'GET /contacts', outcome },
    cases: cases.map((id) => ({ case: id, outcome })),
  };
}

/** @param without names a setting that the target does not have */
async function again(cells: readonly ReportedCell[], defect?: DefectId, without = '') {
  const contract = await huechat();
  const mock = await startMock({ ...mockOf(contract), ...(defect && { defect: { id: defect } }) });
  const { settings, seen, close } = await intercept(mock, {});
  try {
    const target = readTarget(
      contract,
      Object.fromEntries(Object.entries(settings).filter(([name]) => name !== without)),
    );
    const found = await replay(contract, target, catalogue, { cells }, { tries: 2, backoff: 1 });
    const text = replayText(found, { ...(await sample()), cells }, target);
    const probes = seen.map(({ head }) => /^user-agent: auth-conformance\/1 \(([\w-]+)/im.exec(head)?.[1] ?? '');
    return {
      ...found,
      code: replayCode(found),
      text,
      operations: [...new Set(seen.map(({ target: path }) => path))],
      probes: new Set(probes),
    };
  } finally {
    await close();
    await mock.close();
  }
}

test('a cell that fails still is told from one that is fixed and one that cannot be judged', async () => {
  const cells = [cell('revoked-key'), cell('missing-key'), cell('no-such-rule'), cell('valid-key', 'conforms')];
  const { cells: found, text, code, probes, requests } = await again(cells, 'revoked-key-accepted');
  expect(found).toEqual([
    {
      ...{ rule: 'revoked-key', operation: 'GET /contacts', became: 'still failing' },
      why: expect.stringMatching(/^revoked-key: expected status 401, received status 200/),
    },
    { rule: 'missing-key', operation: 'GET /contacts', became: 'fixed' },
    {
      ...{ rule: 'no-such-rule', operation: 'GET /contacts', became: 'not reproduced' },
      why: 'the catalogue or the contract does not have it any more',
    },
  ]);
  expect(code).toBe(1);
  expect(text).toMatch(/^3 cells that failed on .* at .*, sent again to http:\/\/127\.0\.0\.1:\d+\/v2 \(sandbox\)\n/);
  expect(text).toMatch(/\nfixed: missing-key on GET \/contacts\n/);
  expect(text).toMatch(/\n1 fixed, 1 still failing, 1 not reproduced; \d+ requests\n$/);
  // What these two rules need, what finds ids and what shows who responds; nothing of the sixty other rules.
  expect(requests).toBeLessThan(40);
  for (const probe of ['valid-key', 'no-key', 'revoked-key', 'landmark']) expect(probes).toContain(probe);
  for (const probe of ['never-issued-key', 'empty-bearer', 'key-cut-by-one']) expect(probes).not.toContain(probe);
});

test('where all are fixed it ends with 0', async () => {
  expect(await again([cell('revoked-key')])).toMatchObject({ code: 0, cells: [{ became: 'fixed' }] });
});

test('what cannot be judged is not reproduced and no fix, and it ends with 2', async () => {
  const { cells, code } = await again([cell('revoked-key')], undefined, 'HUECHAT_REVOKED_KEY');
  expect(cells).toEqual([
    {
      ...{ rule: 'revoked-key', operation: 'GET /contacts', became: 'not reproduced' },
      why: expect.stringContaining('HUECHAT_REVOKED_KEY'),
    },
  ]);
  expect(code).toBe(2);
});

test('of a rule that judges every response only the cases are sent that failed', async () => {
  const { probes, cells } = await again([cell('error-envelope', 'violates', ['never-issued-key@bearer'])]);
  expect(cells).toEqual([{ rule: 'error-envelope', operation: 'GET /contacts', became: 'fixed' }]);
  expect(probes).toContain('never-issued-key');
  expect(probes).not.toContain('revoked-key');
});

test('an operation that is unlike the others is asked beside them', async () => {
  const { operations, cells, probes } = await again([cell('one-precedence', 'deviates')]);
  expect(cells).toEqual([{ rule: 'one-precedence', operation: 'GET /contacts', became: 'fixed' }]);
  expect(operations.length).toBeGreaterThan(5);
  expect(probes).not.toContain('revoked-key');
});

test('without a failing cell nothing is sent', async () => {
  expect(await again([cell('revoked-key', 'conforms')])).toMatchObject({ requests: 0, code: 0, cells: [] });
});
