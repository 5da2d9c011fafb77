import { mkdirSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { readJobRun, readPullRequest } from '../../src/config/github.ts';
import { annotationOfNothing, annotations } from '../../src/reporting/annotations.ts';
import { lastRun, outputLines } from '../../src/reporting/last-run.ts';
import { sarif } from '../../src/reporting/sarif.ts';
import { sample } from '../support/report-samples.ts';
import { expect, test } from '../support/unit-test.ts';

const ONLY = (rule: string) => rule === 'missing-key';

test('an operation is marked at its line of the contract, with the rules that it does not keep', async () => {
  const report = await sample({
    operations: 2,
    outcomeOf: (operation, rule) => (operation === 1 && ONLY(rule) ? 'violates' : 'conforms'),
  });
  const [, second] = report.operations;
  const lines = annotations(report).trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  const where = `::error file=${report.contract.file},line=${second?.line},title=${second?.id}%3A 1 rule is not kept::`;
  expect(lines[0]?.slice(0, where.length)).toBe(where);
  expect(lines[0]).toContain('::missing-key: ');
});

test('where the contract is one line the column is named, here and in SARIF', async () => {
  const report = await sample({ operations: 2, outcomeOf: (_, rule) => (ONLY(rule) ? 'violates' : 'conforms') });
  const operations = report.operations.map(({ id }, index) => ({ id, line: 1, column: 100 * (index + 1) }));
  const lines = annotations({ ...report, operations })
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => /line=1,col=(\d+),title=/.exec(line)?.[1])).toEqual(['100', '200']);
  const regions = sarif({ ...report, operations }).runs[0]?.results?.map(
    ({ locations }) => locations?.[0]?.physicalLocation?.region,
  );
  expect(regions).toEqual([
    { startLine: 1, startColumn: 100 },
    { startLine: 1, startColumn: 200 },
  ]);
});

test('no text of a server forges a command or ends one', async () => {
  const report = await sample({
    operations: 1,
    actual: 'x\n::error::forged\r\n::add-mask::a,title=b 100%0A::stop-commands::y',
    outcomeOf: (_, rule) => (ONLY(rule) ? 'violates' : 'conforms'),
  });
  const cells = report.cells.map((cell) => ({ ...cell, operation: 'GET /a,line=1::error::x' }));
  const operations = report.operations.map((operation) => ({ ...operation, id: 'GET /a,line=1::error::x' }));
  const text = annotations({ ...report, cells, operations });
  expect(text.trimEnd().split('\n')).toHaveLength(1);
  expect(text).not.toMatch(/\r|%0D|%0A::/);
  const [, properties = ''] = /^::error ([^:]*)::/.exec(text) ?? [];
  expect(properties).toContain('GET /a%2Cline=1%3A%3Aerror%3A%3Ax');
  expect(text).toContain('100%250A');
});

test('a deviation is a warning, and an error where it fails the run; what is known is left out', async () => {
  const report = await sample({ operations: 1, outcomeOf: (_, rule) => (ONLY(rule) ? 'deviates' : 'conforms') });
  expect(annotations(report)).toMatch(/^::warning /);
  expect(annotations({ ...report, strict: ['should'] })).toMatch(/^::error /);
  const known = { reason: 'r', owner: 'o', link: 'l', expires: '2030-01-01' };
  expect(annotations({ ...report, cells: report.cells.map((cell) => ({ ...cell, known })) })).toBe('');
});

test('of many operations GitHub shows ten: the last line counts the rest', async () => {
  const report = await sample({ operations: 25, outcomeOf: () => 'violates' });
  const lines = annotations(report).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toMatch(/::16 more operations: the summary of the job has all of them\.$/);
});

test('a run that judged nothing is one annotation, and its outputs are those of an error', ({}, info) => {
  expect(annotationOfNothing('## Nothing was judged\n\nSet A.\n\nSet B: 100%\n')).toBe(
    '::error title=Nothing was judged::Set A. Set B: 100%25\n',
  );
  mkdirSync(info.outputDir, { recursive: true });
  const nothing = lastRun(info.outputDir);
  expect(nothing).toEqual({ notice: expect.stringMatching(/^The run ended before/) });
  expect(outputLines(nothing, 2)).toMatch(/^exit-code=2\nverdict=error\n/);
  writeFileSync(info.outputPath('conformance.json'), '{"verdict":"conforms","counts":{"conforms":3}}');
  expect(outputLines(lastRun(info.outputDir), 0)).toMatch(/^exit-code=0\nverdict=conforms\nconforms=3\nviolates=0\n/);
  writeFileSync(info.outputPath('notice.md'), '## Nothing was judged\n\nSet A.\n');
  expect(lastRun(info.outputDir), 'the report is of an earlier run').toHaveProperty('notice');
});

test('inputs become the settings of the contract that they name, and are none themselves', () => {
  const run = readJobRun('specs/example', {
    INPUT_CONTRACT: 'apis/things.yaml',
    INPUT_BASE_URL: 'https://api.example.com',
    INPUT_FAIL_ON: 'new',
    INPUT_STRICT: '',
    INPUT_GATE: 'true',
    THINGS_API_KEY: 'k',
    GITHUB_OUTPUT: '/tmp/output',
  });
  expect(run).toEqual({
    command: 'gate',
    contract: 'apis/things.yaml',
    environment: undefined,
    sarif: false,
    outputFile: '/tmp/output',
    variables: {
      CONTRACT: 'apis/things.yaml',
      THINGS_BASE_URL: 'https://api.example.com',
      THINGS_FAIL_ON: 'new',
      THINGS_API_KEY: 'k',
      GITHUB_OUTPUT: '/tmp/output',
    },
  });
  expect(readJobRun('specs/example', { INPUT_BUDGET: '9' }).variables).toEqual({
    CONTRACT: 'specs/example',
    EXAMPLE_BUDGET: '9',
  });
});

test('the pull request of a job is read, and its token is a secret; without one a sentence says so', ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const file = info.outputPath('event.json');
  const given = { GITHUB_EVENT_PATH: file, GITHUB_REPOSITORY: 'owner/name', GITHUB_TOKEN: 'ghs_0123456789' };
  expect(readPullRequest(given)).toMatch(/^This job is about no pull request/);
  writeFileSync(file, '{"pull_request":{"number":"7/../8"}}');
  expect(readPullRequest(given)).toMatch(/^This job is about no pull request/);
  writeFileSync(file, '{"pull_request":{"number":7}}');
  const request = readPullRequest(given);
  expect(request).toMatchObject({ api: 'https://api.github.com', repository: 'owner/name', number: 7 });
  expect(inspect(request)).not.toContain('ghs_');
  expect(readPullRequest({ ...given, GITHUB_TOKEN: '' })).toMatch(/^GITHUB_TOKEN is not set/);
  expect(readPullRequest({ ...given, GITHUB_REPOSITORY: 'a/b/../c' })).toMatch(/^GITHUB_EVENT_PATH and/);
});
