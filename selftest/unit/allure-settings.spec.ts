import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import { ALLURE_CONFIG, writeAllureResults } from '../../src/reporting/allure-results.ts';
import type { Conformance, Verdict } from '../../src/reporting/conformance.ts';
import { remember } from '../../src/reporting/history.ts';
import { sample } from '../support/report-samples.ts';

/** What lies beside Allure's results: that its page shows it is seen in selftest/pages. */

interface Settings {
  readonly environment?: string;
  readonly historyPath: string;
  readonly qualityGate: { readonly rules: readonly { readonly id: string; readonly maxFailures: number }[] };
  readonly resolutions: { readonly rules: readonly { readonly resolution: string; readonly comment: string }[] };
}

function settingsOf(report: Conformance, past: Parameters<typeof writeAllureResults>[2] = []): Settings {
  const folder = test.info().outputPath('allure-results');
  writeAllureResults(folder, report, past);
  return JSON.parse(readFileSync(join(folder, ALLURE_CONFIG), 'utf8')) as Settings;
}

const VERDICTS: readonly (readonly [Verdict, number])[] = [
  ['conforms', 0],
  ['violates', -1],
  ['not proven', -1],
  ['error', -1],
];

for (const [verdict, maxFailures] of VERDICTS)
  test(`the quality gate of a run that ends with ${verdict} lets ${maxFailures} failures pass`, async () => {
    const { qualityGate } = settingsOf({ ...(await sample({ operations: 1 })), verdict });
    expect(qualityGate).toEqual({ rules: [{ id: `verdict ${verdict}`, maxFailures }] });
  });

test('results are of the environment of the target, unless Allure would refuse its name', async () => {
  const report = await sample({ operations: 1 });
  expect(settingsOf(report).environment).toBe('sandbox');
  for (const environment of ['', 'a/b', 'x'.repeat(65)])
    expect(settingsOf({ ...report, target: { ...report.target, environment } })).not.toHaveProperty('environment');
});

test('a known failure is accepted with its reason, and earlier runs are the history', async () => {
  const known = { reason: 'the gateway answers', owner: 'team', link: 'https://example.com/1', expires: '2999-01-01' };
  const report = await sample({
    operations: 1,
    outcomeOf: (_, rule) => (rule === 'missing-key' ? 'violates' : 'conforms'),
  });
  const cells = report.cells.map((cell) => (cell.outcome === 'violates' ? { ...cell, known } : cell));
  const { resolutions, historyPath } = settingsOf({ ...report, cells }, [remember(report)]);
  expect(resolutions.rules).toMatchObject([
    {
      resolution: 'accepted',
      comment: 'known failure: the gateway answers (team, https://example.com/1, until 2999-01-01)',
    },
  ]);
  expect(pastOf(historyPath)).toEqual([expect.objectContaining({ name: report.verdict })]);
});

test('of an earlier run the history has what the report shows, and of a large one no more than that', async () => {
  const small = await sample({ operations: 1 });
  const { historyPath } = settingsOf(small, [remember(small)]);
  expect(Object.keys(pastOf(historyPath)[0]?.testResults ?? {}), 'each cell').toHaveLength(small.cells.length);

  const large = await sample({
    operations: 100,
    outcomeOf: (_, rule) => (rule === 'missing-key' ? 'violates' : 'conforms'),
  });
  settingsOf(large, [remember(large)]);
  const shown = Object.values(pastOf(historyPath)[0]?.testResults ?? {});
  expect(shown, 'what fails, while the rest is counted').toHaveLength(100);
});

function pastOf(historyPath: string): readonly { readonly name: string; readonly testResults: object }[] {
  const history = readFileSync(test.info().outputPath('allure-results', historyPath), 'utf8');
  return history
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly name: string; readonly testResults: object });
}
