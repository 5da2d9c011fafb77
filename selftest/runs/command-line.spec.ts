import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';
import { startMock, type Mock, type MockOptions } from '../../mock/start.ts';
import { newAjv } from '../../src/openapi/json-schema.ts';
import { REPORT_FILES } from '../../src/reporting/report-files.ts';
import { crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { type CommandLine, conformance, opened, reportOf } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
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

/** Nothing was judged: a message or two, and neither a stack nor a list of tests nor a report that says otherwise. */
function expectOneMessage(ran: CommandLine, message: string, earlier: readonly string[] = []): void {
  expect(ran.err).toBe(`${message}\n`);
  expect(ran.code).toBe(2);
  expect(ran.out).not.toMatch(/^ {4}at |missing-key|verdict|conform,|failed|did not run|reports:/m);
  const left = readdirSync(ran.reports).filter((name) => name !== 'test-results');
  expect(left.toSorted(), 'nothing but why there is nothing').toEqual([...earlier, 'notice.md'].toSorted());
  expect(readFileSync(join(ran.reports, 'notice.md'), 'utf8')).toContain(message);
}

/** Has every process of a run write into a file which threads it starts to load Allure's command. */
function notingThreads(file: string): Record<string, string> {
  const script = `
    import threads from 'node:worker_threads';
    import { appendFileSync } from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    threads.Worker = class extends threads.Worker {
      constructor(script, options) {
        super(script, options);
        const module = String(options?.workerData?.allure);
        if (module.includes('/@allurereport/')) appendFileSync(${JSON.stringify(file)}, module + '\\n');
      }
    };
    syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
}

test('without a base URL the embedded mock is judged: exit 0, every report, and nothing of it is left behind', async ({}, info) => {
  const threads = info.outputPath('threads');
  const ran = await run(info, notingThreads(threads));
  expect(readFileSync(threads, 'utf8'), 'the test below would notice').toMatch(/^\S+\/@allurereport\/core\/\S+\n$/);
  const { operations } = await huechat();
  const planned = operations.length * rules.length;
  expect(ran.err).toBe('');
  expect(ran.code).toBe(0);
  expect(ran.out).toMatch(/^HueChat API 2 on the embedded mock, https:\/\/127\.0\.0\.1:\d+\/v2 \(sandbox\)/m);
  expect(ran.out).not.toMatch(/^(violates|deviates|error) /m);
  expect(ran.out).toMatch(/^verdict: conforms, of the embedded mock$/m);
  for (const file of ['html/index.html', 'allure/index.html', 'junit.xml', 'conformance.json']) {
    expect(ran.out).toContain(join(ran.reports, file));
    expect(statSync(join(ran.reports, file)).size, file).toBeGreaterThan(1000);
  }

  const found = reportOf(ran);
  const ajv = newAjv({ strict: true });
  const schema = JSON.parse(readFileSync('schemas/conformance.schema.json', 'utf8')) as object;
  ajv.validate(schema, found);
  expect(ajv.errors ?? []).toEqual([]);
  expect(found).toMatchObject({ verdict: 'conforms', partial: false, target: { mock: true } });
  expect(found.cells).toHaveLength(planned + operations.length * crossOperationRules.length);
  expect(found.counts).toMatchObject({ violates: 0, deviates: 0, notProven: 0, error: 0 });

  const junit = readFileSync(join(ran.reports, 'junit.xml'), 'utf8');
  const skipped = found.counts.notApplicable;
  expect(junit).toContain(`tests="${found.cells.length}" failures="0" errors="0" skipped="${skipped}"`);

  const left = readdirSync(ran.temporary, { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([]);
});

test('with a list of reports in .env a run makes these, nothing for another one, and leaves none of an earlier run', async ({}, info) => {
  const cwd = info.outputPath('started-here');
  renameSync(copyContract(cwd, ['GET /contacts']), join(cwd, 'specs/things'));
  writeFileSync(join(cwd, '.env'), 'THINGS_REPORTS=junit\n');
  const reports = info.outputPath('reports');
  for (const folder of ['html', 'allure', 'allure-results']) {
    mkdirSync(join(reports, folder), { recursive: true });
    writeFileSync(join(reports, folder, 'index.html'), 'earlier');
  }
  for (const file of REPORT_FILES) writeFileSync(join(reports, file), 'earlier');

  const threads = info.outputPath('threads');
  const ran = await conformance({
    variables: { CONTRACT: 'specs/things', ...notingThreads(threads) },
    args: ['-g', 'missing-key'],
    folder: info.outputPath(),
    cwd,
  });
  expect(ran).toMatchObject({ code: 0, err: '' });
  const json = join(reports, 'conformance.json');
  expect(readdirSync(reports).toSorted()).toEqual(['conformance.json', 'history', 'junit.xml', 'test-results']);
  expect(reportOf(ran).verdict).toBe('conforms');
  expect(readFileSync(join(reports, 'junit.xml'), 'utf8')).toContain('missing-key');
  expect(ran.out.trimEnd().split('\n').slice(-2)).toEqual([
    `next: npm run report -- ${json} makes the page with the evidence of every cell`,
    `reports: ${json}, ${join(reports, 'junit.xml')}`,
  ]);
  expect(existsSync(threads), 'a thread for Allure').toBe(false);
  expect(opened(reports)).toMatchObject({
    ...{ status: 2, stdout: '' },
    stderr: `The run of ${json} made no page: npm run report -- ${json} makes it now, and every run makes it if THINGS_REPORTS names html or is not set.\n`,
  });
});

test('an unreachable target: exit 2, one message, and the reports of an earlier run stay', async ({}, info) => {
  // One that was free a moment ago another test may have by now. Nothing listens at the port of `discard` (RFC 863).
  const port = 9;
  const reports = info.outputPath('reports');
  mkdirSync(join(reports, 'allure'), { recursive: true });
  writeFileSync(join(reports, 'conformance.json'), '{ "verdict": "conforms" }');

  const ran = await run(info, { ...SANDBOX, HUECHAT_BASE_URL: `https://127.0.0.1:${port}/v2` });
  expectOneMessage(
    ran,
    `https://127.0.0.1:${port}/v2 cannot be judged (ECONNREFUSED): nothing listens there: start the target, or correct HUECHAT_BASE_URL.`,
    ['allure', 'conformance.json'],
  );
  expect(ran.out).toContain(`The reports in ${reports} are of an earlier run.`);
  expect(readFileSync(join(reports, 'conformance.json'), 'utf8')).toBe('{ "verdict": "conforms" }');
});

test('several faults of the settings: exit 2, one message that lists them, and no request', async ({}, info) => {
  const { ran, requestCount } = await withMock({}, async (mock, settings) => ({
    ran: await run(info, {
      ...settings,
      HUECHAT_API_KEY: 'sk_live_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT',
      HUECHAT_SCOPED_KEYS: 'contacts:read',
      HUECHAT_CA: 'specs/huechat/openapi.yaml',
      HUECHAT_SANDBOX_WRITES: 'yes',
      HUECHAT_TIMEOUT: 'long',
      HUECHAT_STRICT: 'very',
    }),
    requestCount: mock.requestCount,
  }));
  const [first = '', ...others] = ran.err.trimEnd().split('\n');
  expect(first).toBe('6 settings need a correction:');
  expect(others.map((line) => /^ {2}- (HUECHAT_[A-Z_]+)/.exec(line)?.[1])).toEqual([
    'HUECHAT_API_KEY',
    'HUECHAT_SCOPED_KEYS',
    'HUECHAT_CA',
    'HUECHAT_TIMEOUT',
    'HUECHAT_STRICT',
    'HUECHAT_SANDBOX_WRITES',
  ]);
  expectOneMessage(ran, ran.err.trimEnd());
  expect(requestCount).toBe(0);
});

test('with another reporter in the place of its own a run judges all the same, and writes no report', async ({}, info) => {
  const ran = await withMock({ defect: { id: 'missing-key-accepted' } }, (_, settings) =>
    run(info, settings, '--reporter=line', '-g', 'GET /contacts (missing-key|revoked-key)'),
  );
  expect(ran.out).toMatch(/^ {2}1 failed\n.*GET \/contacts.*missing-key.*\n {2}1 passed/m);
  expect(ran.out).toContain('no-key: expected status 401');
  expect(ran.code).toBe(1);
  expect(readdirSync(ran.reports).filter((name) => name !== 'test-results')).toEqual([]);
});

const NO_FOLDER =
  'CONTRACT names neither a folder nor a document: give the path of the folder that holds the OpenAPI document, such as specs/example, or of the document itself (.yaml, .yml or .json), relative to the folder where the suite was started.';

/** A handful of selftest/unit/wrong-settings.spec.ts as a user meets them: no mock is judged in the place of a target. */
for (const [name, { variables = {}, command = 'run', message }] of Object.entries({
  'keys without a base URL': {
    variables: SANDBOX,
    message:
      'HUECHAT_BASE_URL is not set, but HUECHAT_ENVIRONMENT and 1 more are: give the base URL of the API to judge, such as https://sandbox.example.com/v2, or remove every setting of a target to judge the embedded mock.',
  },
  'a base URL under a name that does not exist': {
    variables: { ...SANDBOX, HUECHAT_BASEURL: 'https://sandbox.huechat.ai/v2' },
    message: 'HUECHAT_BASEURL is not a setting of the suite: rename it to HUECHAT_BASE_URL.',
  },
  'a contract that is not there': { variables: { CONTRACT: 'specs/huechet' }, message: NO_FOLDER },
  'the gate without a target': {
    command: 'gate' as const,
    message: 'HUECHAT_BASE_URL is not set, but the gate needs a target: set it and HUECHAT_API_KEY.',
  },
}))
  test(`${name}: exit 2 and one sentence`, async ({}, info) => {
    expectOneMessage(await conformance({ variables, command, folder: info.outputPath() }), message);
  });

test('a listing of tests says what is wrong with the contract or the settings too', async ({}, info) => {
  const ran = await run(info, { CONTRACT: 'specs/huechet' }, '--list');
  expect(ran).toMatchObject({ code: 2, out: '', err: `${NO_FOLDER}\n` });
});

test('an .env that cannot be read: exit 2 and one sentence, and no mock is judged in its place', async ({}, info) => {
  const cwd = info.outputPath('started-here');
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, '.env'), Buffer.from('HUECHAT_BASE_URL=https://sandbox.huechat.ai/v2', 'utf16le'));
  const ran = await conformance({
    variables: { CONTRACT: resolve('specs/huechat') },
    args: ['--config', resolve('playwright.config.ts')],
    folder: info.outputPath(),
    cwd,
  });
  expectOneMessage(
    ran,
    '.env holds NUL characters, as a file in UTF-16 without a byte-order mark does: save it as UTF-8.',
  );
});

test('a base URL of another version is refused by the preflight: exit 2 and one sentence', async ({}, info) => {
  const ran = await withMock({}, (_, settings) =>
    run(info, { ...settings, HUECHAT_BASE_URL: settings['HUECHAT_BASE_URL']?.replace(/\/v2$/, '/v3') ?? '' }),
  );
  expectOneMessage(ran, ran.err.trimEnd());
  expect(ran.err).toMatch(
    /^(\d+) of \1 readable operations give the full-access key the same response as a path that does not exist/,
  );
});

const NO_TEST = 'No test matches what was asked for: `npm run conformance -- --list` shows what there is.';
const NOT_A_CELL = 'A test is an operation here: to ask for a rule, set HUECHAT_TEST_PER=cell.';

for (const [unit, filter, message] of [
  ['cell', 'no such rule', NO_TEST],
  ['operation', 'missing-key', `${NO_TEST} ${NOT_A_CELL}`],
] as const)
  test(`with a test for each ${unit}, -g ${filter} leaves nothing to judge, and the reports as they are: exit 2`, async ({}, info) => {
    const reports = info.outputPath('reports');
    mkdirSync(reports, { recursive: true });
    writeFileSync(join(reports, 'conformance.json'), '{ "verdict": "conforms" }');
    const ran = await withMock({}, (_, settings) => run(info, { ...settings, HUECHAT_TEST_PER: unit }, '-g', filter));
    expectOneMessage(ran, message, ['conformance.json']);
    expect(readFileSync(join(reports, 'conformance.json'), 'utf8')).toBe('{ "verdict": "conforms" }');
  });

test('--list lists the tests, sends nothing, needs no setting, and no time limit cuts a wait short', async ({}, info) => {
  const { operations } = await huechat();
  const ran = await run(info, { HUECHAT_BASE_URL: 'http://127.0.0.1:1/v2' }, '--list', '--reporter', 'json');
  expect(ran.err).toBe('');
  expect(ran.code).toBe(0);
  const { config, suites } = JSON.parse(ran.out) as JSONReport;
  expect(suites.flatMap(titlesIn).filter((title) => title.includes(': '))).toHaveLength(
    operations.length * rules.length + crossOperationRules.length,
  );
  expect([config.globalTimeout, ...config.projects.map(({ timeout }) => timeout)]).toEqual([0, 0]);
  expect(existsSync(ran.reports)).toBe(false);
});

function titlesIn({ specs, suites = [] }: JSONReportSuite): string[] {
  return [...specs.map(({ title }) => title), ...suites.flatMap(titlesIn)];
}
