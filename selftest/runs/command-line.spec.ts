import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { startMock, type Mock, type MockOptions } from '../../mock/start.ts';
import { newAjv } from '../../src/openapi/json-schema.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { type CommandLine, conformance } from '../support/command-line.ts';
import { huechat, mockOf } from '../support/harness.ts';

const KEY = 'sk_test_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT';
const SANDBOX = { HUECHAT_ENVIRONMENT: 'sandbox', HUECHAT_API_KEY: KEY };

test.describe.configure({ timeout: 120_000 });

async function withMock<Result>(
  options: Omit<MockOptions, 'document' | 'name'>,
  use: (mock: Mock, settings: Record<string, string>) => Promise<Result>,
): Promise<Result> {
  const mock = await startMock({ ...mockOf(await huechat()), ...options });
  try {
    return await use(mock, mock.settings('sandbox'));
  } finally {
    await mock.close();
  }
}

/** One command line in a folder of the test's own. */
function run(info: TestInfo, variables: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandLine> {
  return conformance({ variables, args, folder: info.outputPath() });
}

function report({ reports }: CommandLine): Conformance {
  return JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance;
}

/** The complaints of the terminal: level, operation and rule of each. */
function complaints({ out }: CommandLine): string[] {
  return out.match(/^(violates|deviates|error) .*/gm) ?? [];
}

/** The names of the JUnit entries that hold an element. */
function entries({ reports }: CommandLine, element: 'failure' | 'error' | 'skipped'): string[] {
  const junit = readFileSync(join(reports, 'junit.xml'), 'utf8');
  return [...junit.matchAll(/<testcase name="([^"]*)"[^>]*>(.*?)<\/testcase>/gs)]
    .filter(([, , content = '']) => content.includes(`<${element}`))
    .map(([, name = '']) => name);
}

/** Nothing was judged: a message or two, and neither a stack nor a list of tests nor a report that says otherwise. */
function expectOneMessage(ran: CommandLine, message: string): void {
  expect(ran.err).toBe(`${message}\n`);
  expect(ran.code).toBe(2);
  expect(ran.out).not.toMatch(/^ {4}at |missing-key|verdict|conform,|failed|did not run|reports:/m);
  expect(existsSync(join(ran.reports, 'conformance.json'))).toBe(false);
  expect(existsSync(join(ran.reports, 'allure'))).toBe(false);
}

test('a sound target conforms: exit 0 and every report', async ({}, info) => {
  const { ran, requestCount } = await withMock({}, async (mock, settings) => ({
    ran: await run(info, settings),
    requestCount: mock.requestCount,
  }));
  const { operations } = await huechat();
  const planned = operations.length * rules.length;
  expect(ran.err).toBe('');
  expect(ran.code).toBe(0);
  expect(complaints(ran)).toEqual([]);
  expect(ran.out).toMatch(/^verdict: conforms$/m);
  for (const file of ['html/index.html', 'allure/index.html', 'junit.xml', 'conformance.json']) {
    expect(ran.out).toContain(join(ran.reports, file));
    expect(statSync(join(ran.reports, file)).size, file).toBeGreaterThan(1000);
  }

  const found = report(ran);
  const ajv = newAjv({ strict: true });
  const schema = JSON.parse(readFileSync('schemas/conformance.schema.json', 'utf8')) as object;
  ajv.validate(schema, found);
  expect(ajv.errors ?? []).toEqual([]);
  expect(found).toMatchObject({ verdict: 'conforms', partial: false });
  // A handshake that the target refuses is a request of ours and none of its own.
  expect([0, 1], 'every request is counted').toContain(found.requests - requestCount);
  expect(found.cells).toHaveLength(planned + operations.length * crossOperationRules.length);
  expect(found.counts).toMatchObject({ violates: 0, deviates: 0, notProven: 0, error: 0 });

  const junit = readFileSync(join(ran.reports, 'junit.xml'), 'utf8');
  const own = new Set(rules.map(({ id }) => id));
  const skipped = found.cells.filter(({ rule, outcome }) => own.has(rule) && outcome === 'not applicable').length;
  expect(junit).toContain(`tests="${planned + 1}" failures="0" skipped="${skipped}" errors="0"`);
});

test('a defect on one operation: exit 1, and exactly that rule and operation', async ({}, info) => {
  const ran = await withMock({ defect: { id: 'bare-prefix-accepted', operation: 'GET /contacts' } }, (_, settings) =>
    run(info, settings, '-g', 'GET /contacts |GET /conversations '),
  );
  expect(ran.err).toBe('');
  expect(ran.code).toBe(1);
  expect(complaints(ran)).toEqual(['violates MUST  GET /contacts  partial-key']);
  expect(ran.out).toMatch(
    /^violates .*\n {4}bare-prefix\n {6}expected status 401; the invalid-key body\n {6}actual {3}status 200; .*in 200 application\/json, \{.*\}\n\d+ operations/m,
  );
  expect(ran.out).toMatch(/^verdict: violates/m);
  expect(report(ran).counts).toMatchObject({ violates: 1, deviates: 0, error: 0, notProven: 0 });
  const { title } = rules.find(({ id }) => id === 'partial-key') ?? { title: '' };
  expect(entries(ran, 'failure')).toEqual([`GET /contacts › partial-key: ${title}`]);
  expect(entries(ran, 'error')).toEqual([]);
});

test('a SHOULD that is not kept is counted, and fatal only when asked', async ({}, info) => {
  const only = ['-g', 'GET /contacts (header-name-case|valid-key)'];
  const [lax, strict] = await withMock({ defect: { id: 'header-name-case-sensitive' } }, async (_, settings) => [
    await run(info, settings, ...only),
    await run(info, { ...settings, HUECHAT_STRICT: 'should' }, ...only),
  ]);
  for (const ran of [lax, strict]) {
    expect(ran.err).toBe('');
    expect(complaints(ran)).toEqual(['deviates SHOULD  GET /contacts  header-name-case']);
    expect(report(ran).counts).toMatchObject({ violates: 0, deviates: 1, error: 0 });
  }
  expect(lax.code).toBe(0);
  expect(lax.out).toMatch(/^verdict: conforms/m);
  expect(strict.code).toBe(1);
  expect(strict.out).toMatch(/^verdict: violates/m);
});

test('an unreachable target: exit 2, one message, and no report of an earlier run', async ({}, info) => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as { port: number };
  await once(closed.close(), 'close');
  const reports = info.outputPath('reports');
  mkdirSync(join(reports, 'allure'), { recursive: true });
  writeFileSync(join(reports, 'conformance.json'), '{ "verdict": "conforms" }');

  const ran = await run(info, { ...SANDBOX, HUECHAT_BASE_URL: `https://127.0.0.1:${port}/v2` });
  expectOneMessage(
    ran,
    `https://127.0.0.1:${port}/v2 cannot be judged (ECONNREFUSED): nothing listens there: start the target, or correct HUECHAT_BASE_URL.`,
  );
});

test('a key that opens nothing: exit 2 and one message', async ({}, info) => {
  const { ran, url } = await withMock({}, async (_, settings) => ({
    ran: await run(info, { ...settings, HUECHAT_API_KEY: KEY }),
    url: settings['HUECHAT_BASE_URL'] ?? '',
  }));
  expectOneMessage(
    ran,
    `HUECHAT_API_KEY is accepted by no operation of ${url} (status 401): give a full-access key of sandbox.`,
  );
});

test('a scoped key that was never issued: exit 2 and one message', async ({}, info) => {
  const ran = await withMock({}, (_, settings) =>
    run(info, { ...settings, HUECHAT_SCOPED_KEYS: `contacts:read=${KEY}` }),
  );
  const { operations } = await huechat();
  const own = operations.filter(({ isSafe, scopes }) => isSafe && scopes.join() === 'contacts:read');
  expectOneMessage(
    ran,
    `HUECHAT_SCOPED_KEYS: the key for contacts:read is refused as invalid by ${own.map(({ id }) => id).join(', ')}: give a key that is in use and has that scope.`,
  );
});

test('without a base URL the embedded mock is judged, and nothing of it is left behind', async ({}, info) => {
  const ran = await run(info, {}, '-g', 'GET /contacts missing-key');
  expect(ran.err).toBe('');
  expect(ran.code).toBe(0);
  expect(ran.out).toMatch(/^HueChat API 2 on https:\/\/127\.0\.0\.1:\d+\/v2 \(sandbox\)/m);
  const left = readdirSync(ran.temporary, { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => entry.isFile() && !entry.parentPath.includes('tsx')).map(({ name }) => name)).toEqual(
    [],
  );
});

interface Misconfiguration {
  readonly title: string;
  readonly variables: (settings: Readonly<Record<string, string>>) => Record<string, string>;
  readonly message: string;
  /** The variables of a list under the message, in its order. */
  readonly faults?: readonly string[];
}

const misconfigurations: readonly Misconfiguration[] = [
  {
    title: 'a missing key',
    variables: (settings) => ({ ...settings, HUECHAT_API_KEY: '' }),
    message:
      'HUECHAT_API_KEY is not set: it is a key with full access to the target; without it no refusal proves anything.',
  },
  {
    title: 'a plain-HTTP address outside this machine',
    variables: () => ({ ...SANDBOX, HUECHAT_BASE_URL: 'http://192.0.2.1/v2' }),
    message:
      'HUECHAT_BASE_URL is a plain-HTTP address outside this machine: a key never travels in the clear; give an https: address.',
  },
  {
    title: 'several faults at once',
    variables: (settings) => ({
      ...settings,
      HUECHAT_API_KEY: 'sk_live_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT',
      HUECHAT_SCOPED_KEYS: 'contacts:read',
      HUECHAT_CA: 'specs/huechat/openapi.yaml',
      HUECHAT_SANDBOX_WRITES: 'yes',
      HUECHAT_TIMEOUT: 'long',
      HUECHAT_STRICT: 'very',
    }),
    message: '6 settings need a correction:',
    faults: [
      'HUECHAT_API_KEY',
      'HUECHAT_SCOPED_KEYS',
      'HUECHAT_CA',
      'HUECHAT_TIMEOUT',
      'HUECHAT_STRICT',
      'HUECHAT_SANDBOX_WRITES',
    ],
  },
];

for (const { title, variables, message, faults = [] } of misconfigurations) {
  test(`${title}: exit 2, one message, and no request`, async ({}, info) => {
    const { ran, requestCount } = await withMock({}, async (mock, settings) => ({
      ran: await run(info, variables(settings)),
      requestCount: mock.requestCount,
    }));
    const [first = '', ...others] = ran.err.trimEnd().split('\n');
    expect(first).toBe(message);
    expect(others.map((line) => /^ {2}- (HUECHAT_[A-Z_]+)/.exec(line)?.[1])).toEqual(faults);
    expectOneMessage(ran, ran.err.trimEnd());
    expect(requestCount).toBe(0);
  });
}

const NO_TEST = 'No test matches what was asked for: `npm run conformance -- --list` shows what there is.';
const NOT_A_CELL = 'A test is an operation here: to ask for a rule, set HUECHAT_TEST_PER=cell.';

for (const [unit, filter, message] of [
  ['cell', 'no such rule', NO_TEST],
  ['operation', 'missing-key', `${NO_TEST} ${NOT_A_CELL}`],
  ['operation', '@MUST', `${NO_TEST} ${NOT_A_CELL}`],
] as const)
  test(`with a test for each ${unit}, -g ${filter} leaves nothing to judge: exit 2`, async ({}, info) => {
    const ran = await withMock({}, (_, settings) => run(info, { ...settings, HUECHAT_TEST_PER: unit }, '-g', filter));
    expectOneMessage(ran, message);
  });

test('tests that are all not applicable judge nothing: exit 2', async ({}, info) => {
  const ran = await withMock({}, (_, settings) => run(info, settings, '-g', 'GET /contacts authentication-first'));
  expect(ran.code).toBe(2);
  expect(ran.out).toMatch(/^verdict: not proven \(partial\): nothing could be judged$/m);
  expect(report(ran).counts).toMatchObject({ violates: 0, deviates: 0, error: 0 });
  expect(entries(ran, 'skipped')).toHaveLength(1);
});

test('--list lists the tests, sends nothing and needs no setting', async ({}, info) => {
  const { operations } = await huechat();
  const ran = await run(info, { HUECHAT_BASE_URL: 'http://127.0.0.1:1/v2' }, '--list');
  expect(ran.err).toBe('');
  expect(ran.code).toBe(0);
  expect(ran.out.match(/^ {2}\[conformance\] › .* › .*: .*$/gm)).toHaveLength(operations.length * rules.length);
  expect(existsSync(ran.reports)).toBe(false);
});

test('no time limit of the runner cuts a wait short', async ({}, info) => {
  const ran = await run(info, { HUECHAT_BASE_URL: 'http://127.0.0.1:1/v2' }, '--list', '--reporter', 'json');
  const { config } = JSON.parse(ran.out) as { config: { globalTimeout: number; projects: { timeout: number }[] } };
  expect([config.globalTimeout, ...config.projects.map(({ timeout }) => timeout)]).toEqual([0, 0, 0]);
});
