import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { readRunSettings } from '../../src/config/read-run-settings.ts';
import { variableNames } from '../../src/config/variables.ts';
import { rules } from '../../tests/catalogue/index.ts';
import { rulesOf, testsOfAnOperation } from '../../tests/playwright/test-units.ts';
import { type CommandLine, conformance } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { intercept } from '../support/interceptor.ts';

const names = variableNames('huechat');

test.describe('the size of a contract decides what a test is about, unless it is said', () => {
  for (const [operations, said, tests] of [
    [1, undefined, rules.length],
    [50, undefined, rules.length],
    [51, undefined, 1],
    [1000, 'cell', rules.length],
    [1, 'operation', 1],
  ] as const)
    test(`${operations} operations, ${said ?? 'nothing said'}: ${tests} an operation`, async () => {
      const first = await huechat();
      const contract: Contract = {
        ...first,
        operations: Array.from({ length: operations }, () => first.operations)
          .flat()
          .slice(0, operations),
      };
      const { settings } = readRunSettings({ [names.testPer]: said }, names);
      const made = testsOfAnOperation(contract, settings);
      expect(made).toHaveLength(tests);
      expect(made.flatMap(({ title }) => rulesOf(title))).toEqual(rules.map(({ id }) => id));
    });
});

test('a test of an operation says all that the tests of its cells say', async ({}, info) => {
  test.setTimeout(120_000);
  const operations = ['GET /contacts', 'GET /conversations'];
  const entry = {
    ...{ rule: 'missing-key', operation: 'GET /contacts', environment: 'sandbox' as const },
    ...{ reason: 'the gateway is being replaced', owner: 'platform team', expires: '2999-12-31' },
    link: 'https://issues.example.com/1',
  };
  const mock = await startMock({ ...mockOf(await huechat()), defect: { id: 'missing-key-accepted' } });
  const { settings, close } = await intercept(mock, {
    // One cell that cannot be judged, beside those that are violated.
    meddle: ({ target, head }, socket) => {
      if (!target.startsWith('/v2/conversations') || !head.includes('(no-key;')) return 'pass';
      socket.destroy();
      return 'answered';
    },
  });
  const run = (testPer: string): Promise<CommandLine> => {
    const folder = info.outputPath(testPer);
    const CONTRACT = copyContract(folder, operations, [entry]);
    const variables = { ...settings, CONTRACT, [names.revokedKey]: '', [names.testPer]: testPer };
    return conformance({ variables, folder });
  };
  const byCell = await run('cell');
  const byOperation = await run('operation').finally(async () => {
    await close();
    await mock.close();
  });
  expect([byOperation.err, byOperation.code]).toEqual([byCell.err, 1]);

  const { cells, counts, verdict, partial } = reportOf(byOperation);
  expect({ verdict, counts, partial, cells: cells.map(found) }).toEqual({
    ...{ verdict: 'violates', partial: false, counts: reportOf(byCell).counts },
    cells: reportOf(byCell).cells.map(found),
  });
  for (const outcome of ['violates', 'deviates', 'error', 'not proven', 'not applicable', 'conforms'])
    expect(
      cells.map((cell) => cell.outcome),
      'something of everything',
    ).toContain(outcome);
  expect(counts.known).toBe(1);

  const junit = readFileSync(join(byOperation.reports, 'junit.xml'), 'utf8');
  const tests = [...junit.matchAll(/<testcase name="([^"]*) › every rule"[^>]*>(.*?)<\/testcase>/gs)];
  expect(tests.map(([, operation]) => operation)).toEqual(operations);
  for (const [, operation, text = ''] of tests) {
    const own = cells.filter((cell) => cell.operation === operation && rules.some(({ id }) => id === cell.rule));
    const having = (...outcomes: string[]): string[] =>
      own.filter(({ outcome, known }) => outcomes.includes(outcome) && !known).map(({ rule }) => rule);
    const noted = (type: string): string[] =>
      [...text.matchAll(/<property name="(.*?)" value="(.*?):/g)].flatMap(([, name, rule = '']) =>
        name === type ? [rule] : [],
      );
    expect(/<failure message="expect\((.*?)\)\.toConform\(\)"/.exec(text)?.[1]?.split(', ')).toEqual(
      having('violates'),
    );
    for (const rule of having('violates')) expect(text).toMatch(new RegExp(`^ +${rule}\\n +case `, 'm'));
    for (const { rule, reason } of own.filter(({ outcome }) => outcome === 'error'))
      expect(text).toContain(`${rule}: ${reason}`);
    expect(noted('deviates')).toEqual(having('deviates'));
    expect(noted('not proven')).toEqual(having('not proven'));
    expect(noted('known failure')).toEqual(own.filter(({ known }) => known).map(({ rule }) => rule));
  }
});

test('a test of an operation of which nothing can be decided is skipped, with the reason of each cell', async ({}, info) => {
  const mock = await startMock({ ...mockOf(await huechat()) });
  // The budget is for the first operation's control, so nothing is asked of the second.
  const operation = 'GET /conversations';
  const CONTRACT = copyContract(info.outputPath(), ['GET /contacts', operation]);
  const variables = { ...mock.settings('sandbox'), CONTRACT, [names.budget]: '1', [names.testPer]: 'operation' };
  const ran = await conformance({ variables, folder: info.outputPath() }).finally(() => mock.close());
  const own = reportOf(ran).cells.filter(
    (cell) => cell.operation === operation && rules.some(({ id }) => id === cell.rule),
  );
  expect(new Set(own.map(({ outcome }) => outcome))).toEqual(new Set(['not proven', 'not applicable']));
  const junit = readFileSync(join(ran.reports, 'junit.xml'), 'utf8');
  const [, text = ''] = /<testcase name="GET \/conversations › every rule"[^>]*>(.*?)<\/testcase>/s.exec(junit) ?? [];
  expect(text).toContain('<skipped');
  for (const { rule, outcome } of own) expect(text).toContain(`${rule}: ${outcome}: `);
});

function reportOf({ reports }: CommandLine): Conformance {
  return JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance;
}

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
