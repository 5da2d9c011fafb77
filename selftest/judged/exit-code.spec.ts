import { expect, test } from '@playwright/test';
import { crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { judgedReport } from '../support/judged-report.ts';

/**
 * What a run concludes and would end with, without the runner. That the command line ends so is shown in selftest/runs, once
 * for each of 0, 1 and 2.
 */

const GET = 'GET /contacts';

const entry = {
  ...{ rule: 'missing-key', operation: 'GET /contact*', environment: 'sandbox' },
  ...{ reason: 'the new gateway answers before it looks', owner: 'platform team' },
  ...{ link: 'https://issues.example.com/1', expires: '2999-12-31' },
};

test('a defect on one operation: 1, and exactly that rule and operation, with what was expected and what came', async () => {
  const { report, code, text } = await judgedReport({
    defect: { id: 'bare-prefix-accepted', operation: GET },
    operations: [GET, 'GET /conversations'],
  });
  expect(code).toBe(1);
  const own = new Set(rules.map(({ id }) => id));
  const failing = report.cells.filter(({ rule, outcome }) => own.has(rule) && outcome === 'violates');
  expect(failing.map(({ operation, rule }) => `${operation} ${rule}`)).toEqual([`${GET} partial-key`]);
  expect(text).toMatch(
    /^violates MUST {2}GET \/contacts {2}partial-key\n {4}bare-prefix: expected status 401, received status 200\n/m,
  );
  expect(text).toMatch(/^verdict: violates/m);
});

test('a SHOULD that is not kept is counted, and fatal only when asked', async () => {
  const only = ['header-name-case', 'valid-key'];
  const defect = { id: 'header-name-case-sensitive' } as const;
  const lax = await judgedReport({ defect, only });
  const strict = await judgedReport({ defect, only, strict: ['should'] });
  for (const { report, text } of [lax, strict]) {
    expect(text).toMatch(/^deviates SHOULD {2}GET \/contacts {2}header-name-case$/m);
    expect(report.counts).toMatchObject({ violates: 0, deviates: 1, error: 0 });
  }
  expect([lax.code, strict.code]).toEqual([0, 1]);
  expect(lax.text).toMatch(/^verdict: conforms/m);
  expect(strict.text).toMatch(/^verdict: violates/m);
});

test('tests that are all not applicable judge nothing: 2', async () => {
  const { report, code, text } = await judgedReport({ only: ['open-operation'] });
  expect(code).toBe(2);
  expect(text).toMatch(/^verdict: not proven \(partial\): nothing could be judged$/m);
  expect(report.counts).toMatchObject({ violates: 0, deviates: 0, error: 0 });
});

test('a sound production conforms, and nothing of it is left unproven: 0 where that is fatal', async () => {
  const operations = [GET, 'POST /contact'];
  const { report, code } = await judgedReport({ environment: 'production', operations, strict: ['proven'] });
  expect(code).toBe(0);
  expect(report).toMatchObject({ verdict: 'conforms', partial: false, counts: { notProven: 0 } });
  expect(report.cells).toHaveLength(operations.length * (rules.length + crossOperationRules.length));
});

test('what is not proven names the variable, and is fatal only when asked', async () => {
  const variables = { HUECHAT_REVOKED_KEY: '' };
  const nightly = await judgedReport({ variables });
  expect(nightly.text).toMatch(
    /^not proven \(\d+ cells? of GET \/contacts\): a revoked key is not configured: set HUECHAT_REVOKED_KEY$/m,
  );
  expect([nightly.report.verdict, nightly.code]).toEqual(['conforms', 0]);
  const gate = await judgedReport({ variables, strict: ['proven'] });
  expect([gate.report.verdict, gate.code]).toEqual(['not proven', 2]);
});

test.describe('a known failure', () => {
  const only = ['missing-key', 'valid-key'];
  const defect = { id: 'missing-key-accepted' } as const;

  test('is excused, and shown as such: 0', async () => {
    const { report, code, text } = await judgedReport({ defect, only, known: [entry] });
    expect(text).toContain(
      'violates MUST  GET /contacts  missing-key  (known until 2999-12-31: platform team, https://issues.example.com/1)',
    );
    expect(code).toBe(0);
    expect(report.counts).toMatchObject({ violates: 1, known: 1 });
    expect(text).toContain('1 violate, 1 of them known, 0 deviate, ');
    expect(text).toMatch(/^verdict: conforms \(partial\), without 1 known failure$/m);
    const { reason, owner, link, expires } = entry;
    expect(report.cells.find(({ rule }) => rule === 'missing-key')?.known).toEqual({ reason, owner, link, expires });
  });

  test('that no longer happens is to be removed: 2', async () => {
    const { code, text } = await judgedReport({ only, known: [entry] });
    expect(text).toMatch(
      /^verdict: error .*: the known failure of missing-key on GET \/contact\* no longer happens: remove its entry\.$/m,
    );
    expect(code).toBe(2);
  });

  test('that has expired excuses nothing: 1', async () => {
    const { code, text } = await judgedReport({ defect, only, known: [{ ...entry, expires: '2020-01-31' }] });
    expect(text).toMatch(
      /^verdict: violates .*: the known failure of missing-key on GET \/contact\* expired on 2020-01-31: fix it \(https:\/\/issues\.example\.com\/1\) or give it a new date\.$/m,
    );
    expect(code).toBe(1);
  });
});
