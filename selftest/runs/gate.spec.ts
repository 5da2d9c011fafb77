import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { conformance, FEW_REPORTERS, reportOf } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';

/** The configurations and files that a run on the command line reads; what it concludes of them is tested in process. */

test.describe.configure({ timeout: 120_000 });

const GET = 'GET /contacts';

const entry = {
  ...{ rule: 'missing-key', operation: 'GET /contact*', environment: 'sandbox' },
  ...{ reason: 'the new gateway answers before it looks', owner: 'platform team' },
  ...{ link: 'https://issues.example.com/1', expires: '2999-12-31' },
};

test('the gate fails for what is not proven, on a production that is sound: exit 2', async ({}, info) => {
  const mock = await startMock(mockOf(await huechat()));
  const ran = await conformance({
    folder: info.outputPath(),
    variables: {
      ...mock.settings('production'),
      CONTRACT: copyContract(info.outputPath(), [GET]),
      HUECHAT_REVOKED_KEY: '',
    },
    command: 'gate',
  }).finally(() => mock.close());
  expect(ran.out).toMatch(
    /^not proven \(\d+ cells?[^)]*\): a revoked key is not configured: set HUECHAT_REVOKED_KEY$/m,
  );
  expect(ran.out).toMatch(/^verdict: not proven$/m);
  expect(ran.code).toBe(2);
  expect(reportOf(ran).counts).toMatchObject({ violates: 0, deviates: 0, error: 0 });
});

test('a known failure that can match nothing is a fault of the configuration, before any request: exit 2', async ({}, info) => {
  const known = [entry, { ...entry, operation: 'DELETE /contact*' }, { ...entry, rule: 'no-such-rule' }];
  const mock = await startMock(mockOf(await huechat()));
  const ran = await conformance({
    folder: info.outputPath(),
    variables: { ...mock.settings('sandbox'), CONTRACT: copyContract(info.outputPath(), [GET], known) },
    args: [...FEW_REPORTERS],
  }).finally(() => mock.close());
  expect(ran.code).toBe(2);
  expect(mock.requestCount).toBe(0);
  expect(ran.err).toContain('the known failure of missing-key on DELETE /contact* matches no rule and operation');
  expect(ran.err).toContain('the known failure of no-such-rule on GET /contact* matches no rule and operation');
  expect(ran.err).not.toContain('missing-key on GET');
});
