import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { JSONReport, JSONReportSuite, JSONReportTest } from '@playwright/test/reporter';
import { startMock } from '../../mock/start.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { rules } from '../../tests/catalogue/index.ts';
import { conformance } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { intercept } from '../support/interceptor.ts';

/** What takes time is counted: a clock would say more of the machine than of the suite. */
test('a run in which much fails takes a worker for the preflight, one for all cells, and asks nothing twice', async ({}, info) => {
  test.setTimeout(120_000);
  const operations = ['GET /contacts', 'GET /conversations'];
  const mock = await startMock({ ...mockOf(await huechat()), defect: { id: 'missing-key-accepted' } });
  const interceptor = await intercept(mock, {});
  const { code, out, reports } = await conformance({
    folder: info.outputPath(),
    variables: { ...interceptor.settings, CONTRACT: copyContract(info.outputPath(), operations) },
    args: ['--config', 'selftest/support/every-reporter.config.ts'],
  }).finally(async () => {
    await interceptor.close();
    await mock.close();
  });
  expect([code, out]).toEqual([1, expect.stringMatching(/^verdict: violates/m)]);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(reports, name), 'utf8'));
  const report = read('conformance.json') as Conformance;
  expect(report.counts.violates, 'enough to tell').toBeGreaterThan(8);

  const tests = (read('playwright.json') as JSONReport).suites.flatMap(testsIn);
  expect(tests).toHaveLength(1 + operations.length * rules.length);
  const workers = tests.flatMap(({ results }) => results.map(({ workerIndex }) => workerIndex));
  expect(new Set(workers).size).toBe(2);
  expect(tests.filter(({ results }) => results.length !== 1)).toEqual([]);
  expect(report.requests, 'what is reported is what came').toBe(interceptor.seen.length);
  const planned = Number(/^plan: (\d+) requests/m.exec(out)?.[1]);
  const looks = Number(/at most (\d+) more to look closer/.exec(out)?.[1]);
  expect(report.requests).toBeGreaterThanOrEqual(planned);
  const preflight = 10;
  expect(report.requests).toBeLessThanOrEqual(planned + looks + preflight);
});

function testsIn({ specs, suites = [] }: JSONReportSuite): JSONReportTest[] {
  return [...specs.flatMap((spec) => spec.tests), ...suites.flatMap(testsIn)];
}
