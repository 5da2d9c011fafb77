import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { JSONReport, JSONReportSuite, JSONReportTest } from '@playwright/test/reporter';
import { startMock } from '../../mock/start.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { variableNames } from '../../src/config/variables.ts';
import { crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { type CommandLine, conformance, EVERY_REPORTER, FEW_REPORTERS, reportOf } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { intercept } from '../support/interceptor.ts';

/** A run that finds something of everything, with a test for each cell and with one for each operation. */

const names = variableNames('huechat');
const OPERATIONS = ['GET /contacts', 'GET /conversations'];

const entry = {
  ...{ rule: 'missing-key', operation: 'GET /contacts', environment: 'sandbox' as const },
  ...{ reason: 'the gateway is being replaced', owner: 'platform team', expires: '2999-12-31' },
  link: 'https://issues.example.com/1',
};

interface Ran extends CommandLine {
  /** That came in, as the network saw it. */
  readonly requests: number;
}

// In one worker, one after the other: the run with a test for each cell is made once and read by several.
test.describe.configure({ mode: 'default', timeout: 120_000 });

let byCell: Ran;

async function run(testPer: string, folder: string, args: readonly string[]): Promise<Ran> {
  const mock = await startMock({ ...mockOf(await huechat()), defect: { id: 'missing-key-accepted' } });
  let controls = 0;
  const { settings, seen, close } = await intercept(mock, {
    // One cell that cannot be judged, beside those that are violated: what comes is no HTTP, which is not tried again, and
    // the control gets no HTTP either when it is asked once more.
    meddle: ({ target, head }, socket) => {
      if (!target.startsWith('/v2/conversations')) return 'pass';
      if (head.includes('(valid-key;') && controls++ === 0) return 'pass';
      if (!/\((no-key|valid-key);/.test(head)) return 'pass';
      socket.end('no HTTP\r\n\r\n');
      return 'answered';
    },
  });
  const CONTRACT = copyContract(folder, OPERATIONS, [entry]);
  const variables = { ...settings, CONTRACT, [names.revokedKey]: '', [names.testPer]: testPer };
  const ran = await conformance({ variables, folder, args }).finally(async () => {
    await close();
    await mock.close();
  });
  return { ...ran, requests: seen.length };
}

test.beforeAll(async ({}, info) => {
  test.setTimeout(120_000);
  byCell = await run('cell', info.outputPath('cell'), EVERY_REPORTER);
});

test('something of every outcome is found: exit 1, and a known failure is read from its file', () => {
  expect([byCell.err, byCell.code]).toEqual(['', 1]);
  expect(byCell.out).toMatch(/^verdict: violates/m);
  const { cells, counts } = reportOf(byCell);
  for (const outcome of ['violates', 'deviates', 'error', 'not proven', 'not applicable', 'conforms'])
    expect(cells.map((cell) => cell.outcome)).toContain(outcome);
  expect(counts.known).toBe(1);
  // It follows from a cause, so the terminal says it in the count and not in a line of its own.
  expect(byCell.out).toContain('violate, 1 of them known,');
  expect(byCell.out).toContain('verdict: violates, without 1 known failure');
});

/** What takes time is counted: a clock would say more of the machine than of the suite. */
test('a run in which much fails takes one worker, and asks nothing twice', () => {
  const report = reportOf(byCell);
  expect(report.counts.violates, 'enough to tell').toBeGreaterThan(8);
  const { suites } = JSON.parse(readFileSync(join(byCell.reports, 'playwright.json'), 'utf8')) as JSONReport;
  const tests = suites.flatMap(testsIn);
  expect(tests).toHaveLength(1 + OPERATIONS.length * rules.length + crossOperationRules.length);
  const workers = tests.flatMap(({ results }) => results.map(({ workerIndex }) => workerIndex));
  expect(new Set(workers).size).toBe(1);
  expect(tests.filter(({ results }) => results.length !== 1)).toEqual([]);
  expect(report.requests, 'what is reported is what came').toBe(byCell.requests);
  const planned = Number(/^plan: ([\d,]+) requests/m.exec(byCell.out)?.[1]?.replaceAll(',', ''));
  const looks = Number(/at most ([\d,]+) more to find the cause/.exec(byCell.out)?.[1]?.replaceAll(',', ''));
  expect(report.requests).toBeGreaterThanOrEqual(planned);
  const preflight = 10;
  expect(report.requests).toBeLessThanOrEqual(planned + looks + preflight);
});

function testsIn({ specs, suites = [] }: JSONReportSuite): JSONReportTest[] {
  return [...specs.flatMap((spec) => spec.tests), ...suites.flatMap(testsIn)];
}

test('a test of an operation says all that the tests of its cells say', async ({}, info) => {
  const byOperation = await run('operation', info.outputPath('operation'), FEW_REPORTERS);
  expect([byOperation.err, byOperation.code]).toEqual(['', 1]);
  const { cells, counts, verdict, partial } = reportOf(byOperation);
  expect({ verdict, counts, partial, cells: cells.map(found) }).toEqual({
    ...{ verdict: 'violates', partial: false, counts: reportOf(byCell).counts },
    cells: reportOf(byCell).cells.map(found),
  });

  const junit = readFileSync(join(byOperation.reports, '..', 'playwright-junit.xml'), 'utf8');
  const tests = [...junit.matchAll(/<testcase name="([^"]*) › every rule"[^>]*>(.*?)<\/testcase>/gs)];
  expect(tests.map(([, operation]) => operation)).toEqual(OPERATIONS);
  for (const [, operation, text = ''] of tests) {
    const own = cells.filter((cell) => cell.operation === operation && rules.some(({ id }) => id === cell.rule));
    const having = (...outcomes: string[]): string[] =>
      own.filter(({ outcome, known }) => outcomes.includes(outcome) && !known).map(({ rule }) => rule);
    const noted = (type: string): string[] =>
      [...text.matchAll(/<property name="(.*?)" value="(.*?):/g)].flatMap(([, name, rule = '']) =>
        name === type ? [rule] : [],
      );
    // The first of them is the message, and each is a line of its own.
    const broken = having('violates');
    expect(text).toContain(`<failure message="${operation} violates ${broken[0]}: `);
    expect([...text.matchAll(/^ *[A-Z]+ \S+ violates ([a-z-]+): /gm)].map(([, rule]) => rule)).toEqual(
      expect.arrayContaining(broken.slice(1)),
    );
    for (const rule of having('violates')) expect(text).toMatch(new RegExp(`^ +${rule}\\n`, 'm'));
    for (const { rule, reason } of own.filter(({ outcome }) => outcome === 'error'))
      expect(text).toContain(`${rule}: ${reason}`);
    expect(noted('deviates')).toEqual(having('deviates'));
    expect(noted('not proven')).toEqual(having('not proven'));
    expect(noted('known failure')).toEqual(own.filter(({ known }) => known).map(({ rule }) => rule));
  }
});

test('a test of an operation of which nothing can be decided is skipped, with the reason of each cell', async ({}, info) => {
  const mock = await startMock(mockOf(await huechat()));
  // The budget is for the first operation's control, so nothing is asked of the second.
  const operation = 'GET /conversations';
  const CONTRACT = copyContract(info.outputPath(), ['GET /contacts', operation]);
  const variables = { ...mock.settings('sandbox'), CONTRACT, [names.budget]: '1', [names.testPer]: 'operation' };
  const ran = await conformance({ variables, folder: info.outputPath(), args: FEW_REPORTERS }).finally(() =>
    mock.close(),
  );
  const own = reportOf(ran).cells.filter(
    (cell) => cell.operation === operation && rules.some(({ id }) => id === cell.rule),
  );
  expect(new Set(own.map(({ outcome }) => outcome))).toEqual(new Set(['not proven', 'not applicable']));
  const junit = readFileSync(join(ran.reports, '..', 'playwright-junit.xml'), 'utf8');
  const [, text = ''] = /<testcase name="GET \/conversations › every rule"[^>]*>(.*?)<\/testcase>/s.exec(junit) ?? [];
  expect(text).toContain('<skipped');
  for (const { rule, outcome } of own) expect(text).toContain(`${rule}: ${outcome}: `);
});

/** What was found, without what a server's answers have of the moment. */
function found({ rule, operation, outcome, known, cases }: Conformance['cells'][number]): unknown {
  return {
    rule,
    operation,
    outcome,
    known,
    cases: cases.map(({ case: id, outcome: its, status }) => [id, its, status]),
  };
}
