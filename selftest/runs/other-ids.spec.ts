import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { KNOWN_ID } from '../../mock/variants/resources.ts';
import { conformance, FEW_REPORTERS, reportOf } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';

/** Two that need an id, and two that do not or make one up: the ids of neither are those that the server has. */
const OPERATIONS = [
  'GET /contacts',
  'GET /contact/{identifier}',
  'PUT /contact/{identifier}',
  'GET /conversation/{id}',
];

test('a document without examples against a server with ids of its own: one sentence says what to give, and given it all is judged', async ({}, info) => {
  test.setTimeout(120_000);
  const mock = await startMock({ ...mockOf(await huechat()), variant: 'other-ids' });
  const run = (name: string, variables: Readonly<Record<string, string>>): ReturnType<typeof conformance> =>
    conformance({
      folder: info.outputPath(name),
      variables: {
        ...mock.settings('sandbox'),
        CONTRACT: copyContract(info.outputPath(name), OPERATIONS, [], false),
        ...variables,
      },
      args: [...FEW_REPORTERS],
    });
  try {
    const [without, given] = await Promise.all([
      run('without', {}),
      run('given', { HUECHAT_PATH_VALUES: `identifier=${KNOWN_ID};id=${KNOWN_ID}` }),
    ]);
    const lines = without.out.split('\n').filter((line) => line.includes('PATH_VALUES'));
    expect(lines).toEqual([
      expect.stringContaining(
        'Set HUECHAT_PATH_VALUES to ids that exist (identifier=…;id=…), or give them as examples in the contract.',
      ),
      'next: set HUECHAT_PATH_VALUES to ids that exist (identifier=…;id=…), or give them as examples in the contract',
    ]);
    expect(without.out).toContain('cause: Nothing is behind the path values: on 2 of 4 operations ');
    expect(without.out).not.toMatch(/^(violates|deviates|error|not proven) /m);
    expect(without.code).toBe(0);

    expect(given.out).not.toMatch(/PATH_VALUES|^cause:/m);
    expect(given.out).toMatch(/^verdict: conforms$/m);
    expect(reportOf(given).counts).toMatchObject({ violates: 0, deviates: 0, notProven: 0, error: 0 });
    expect(given.code).toBe(0);
  } finally {
    await mock.close();
  }
});
