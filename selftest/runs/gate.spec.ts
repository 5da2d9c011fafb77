import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { type MockOptions, startMock } from '../../mock/start.ts';
import { type Conformance, exitCode, type ReportedCell, verdictOf } from '../../src/reporting/conformance.ts';
import type { Strictness } from '../../src/model/target.ts';
import { excuse, type KnownFailure, staleEntries } from '../../src/config/known-failures.ts';
import type { Outcome } from '../../src/model/cell.ts';
import { type CommandLine, conformance } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';

test.describe.configure({ timeout: 120_000 });

const GET = 'GET /contacts';
const DEFECT = { defect: { id: 'missing-key-accepted' } } as const;
const TWO_RULES = ['--grep', '(missing-key|valid-key):'];

const entry: KnownFailure = {
  rule: 'missing-key',
  operation: 'GET /contact*',
  environment: 'sandbox',
  reason: 'the new gateway answers before it looks',
  owner: 'platform team',
  link: 'https://issues.example.com/1',
  expires: '2999-12-31',
};

interface Run {
  readonly mock?: Omit<MockOptions, 'document' | 'name'>;
  readonly environment?: 'sandbox' | 'production';
  readonly variables?: Readonly<Record<string, string>>;
  readonly known?: readonly KnownFailure[];
  readonly operations?: readonly string[];
  readonly args: readonly string[];
}

interface Ran extends CommandLine {
  readonly requestCount: number;
}

/** A run on a contract of one operation that stands in a folder of its own. */
async function run(info: TestInfo, options: Run): Promise<Ran> {
  const { operations = [GET] } = options;
  const { mock: mockOptions = {}, environment = 'sandbox', variables = {}, known = [], args } = options;
  const mock = await startMock({ ...mockOf(await huechat()), ...mockOptions });
  try {
    const ran = await conformance({
      folder: info.outputPath(`run-${mock.requestCount}-${args.join('').length}`),
      variables: {
        ...mock.settings(environment),
        ...variables,
        CONTRACT: copyContract(info.outputPath(), operations, known),
      },
      args,
    });
    return { ...ran, requestCount: mock.requestCount };
  } finally {
    await mock.close();
  }
}

function reportOf({ reports }: CommandLine): Conformance {
  return JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance;
}

test('the gate lets a sound production through', async ({}, info) => {
  const operations = [GET, 'POST /contact'];
  const ran = await run(info, { environment: 'production', operations, args: ['--config', 'gate.config.ts'] });
  expect(ran.out).toMatch(/^verdict: conforms$/m);
  expect(ran.code).toBe(0);
  expect(reportOf(ran)).toMatchObject({ partial: false, counts: { notProven: 0 } });
});

test('what is not proven fails the gate and nothing else', async ({}, info) => {
  const variables = { HUECHAT_REVOKED_KEY: '' };
  const nightly = await run(info, { variables, args: [] });
  expect(nightly.out).toMatch(/^verdict: conforms$/m);
  expect(nightly.out).toMatch(/^not proven \(\d+ cells?\): a revoked key is not configured: set HUECHAT_REVOKED_KEY$/m);
  expect(nightly.code).toBe(0);
  const gate = await run(info, { variables, args: ['--config', 'gate.config.ts'] });
  expect(gate.out).toMatch(/^verdict: not proven$/m);
  expect(gate.code).toBe(2);
});

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
      operation: GET,
      outcome,
      cases: [],
    }));
    expect(exitCode(verdictOf(cells, new Set(strict)))).toBe(code);
  });
}

test('a known failure is excused, and shown as such', async ({}, info) => {
  const ran = await run(info, { mock: DEFECT, known: [entry], args: TWO_RULES });
  expect(ran.out).toContain(
    'violates MUST  GET /contacts  missing-key  (known until 2999-12-31: platform team, https://issues.example.com/1)',
  );
  expect(ran.out).toMatch(/^verdict: conforms/m);
  expect(ran.code).toBe(0);
  const { cells, counts } = reportOf(ran);
  expect(counts).toMatchObject({ violates: 1, known: 1 });
  expect(cells.find(({ rule }) => rule === 'missing-key')?.known).toEqual({
    reason: entry.reason,
    owner: entry.owner,
    link: entry.link,
    expires: entry.expires,
  });
});

test('a known failure that no longer happens fails the run', async ({}, info) => {
  const ran = await run(info, { known: [entry], args: TWO_RULES });
  expect(ran.out).toMatch(
    /^verdict: error .*: the known failure of missing-key on GET \/contact\* no longer happens: remove its entry\.$/m,
  );
  expect(ran.code).toBe(2);
});

test('a known failure that has expired excuses nothing and says so', async ({}, info) => {
  const ran = await run(info, { mock: DEFECT, known: [{ ...entry, expires: '2020-01-31' }], args: TWO_RULES });
  expect(ran.out).toMatch(
    /^verdict: violates .*: the known failure of missing-key on GET \/contact\* expired on 2020-01-31: mend it \(https:\/\/issues\.example\.com\/1\) or give it a new date\.$/m,
  );
  expect(ran.code).toBe(1);
});

test('a known failure that can match nothing is a fault of the configuration, before any request', async ({}, info) => {
  const known = [entry, { ...entry, operation: 'DELETE /contact*' }, { ...entry, rule: 'no-such-rule' }];
  const ran = await run(info, { known, args: [] });
  expect(ran.code).toBe(2);
  expect(ran.requestCount).toBe(0);
  expect(ran.err).toContain('the known failure of missing-key on DELETE /contact* matches no rule and operation');
  expect(ran.err).toContain('the known failure of no-such-rule on GET /contact* matches no rule and operation');
  expect(ran.err).not.toContain('missing-key on GET');
});

test.describe('an entry of known-failures.yaml', () => {
  const failing = { rule: 'missing-key', operation: GET, outcome: 'violates' } as const;
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
        'the known failure of missing-key on GET /contact* expired on 2026-06-14: mend it (https://issues.example.com/1) or give it a new date.',
      ]);
    }
  });
});
