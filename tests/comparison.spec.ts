import { comparisonCells } from '../src/reporting/compose.ts';
import { reportRule } from '../src/reporting/conformance.ts';
import type { ReportedOperation } from '../src/reporting/playwright-notes.ts';
import { crossOperationRules } from './catalogue/index.ts';
import { endTest } from './playwright/end-test.ts';
import { kept, runConfiguration, today } from './playwright/run.ts';
import { comparisonTitle } from './playwright/test-units.ts';
import { runnerTest as test } from './playwright/workarounds.ts';

/**
 * The rules that compare operations, once all that this run asks have been: a test for each rule, about all operations. A
 * shard knows only its own; where shards are merged the reporter judges again.
 */
const configuration = await runConfiguration();
const { contract, settings } = configuration;

test.describe('all operations', () => {
  for (const rule of crossOperationRules) {
    test(comparisonTitle(rule), { tag: [`@${rule.level}`] }, () => {
      const operations = contract.operations.flatMap(({ id }) => (kept(id) as ReportedOperation | undefined) ?? []);
      test.skip(operations.length === 0, 'no operation was asked');
      const cells = comparisonCells({
        ...{ contract, catalogue: { crossOperationRules: [rule] }, operations },
        ...{ environment: configuration.target.environment, known: configuration.knownFailures, today: today() },
        edition: settings.edition,
      });
      endTest(cells, new Map([[rule.id, reportRule(rule, contract)]]), settings.strict.has('should'));
    });
  }
});
