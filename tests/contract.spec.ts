import { reportRule } from '../src/reporting/conformance.ts';
import { OPERATION_NOTE, type ReportedOperation } from '../src/reporting/playwright-notes.ts';
import { rules as ownRules } from './catalogue/index.ts';
import { endTest } from './playwright/end-test.ts';
import { test } from './playwright/fixtures.ts';
import { firstTime, runConfiguration } from './playwright/run.ts';
import { fault, note } from './playwright/runner.ts';
import { testsOfAnOperation } from './playwright/test-units.ts';

/** Every rule on every operation of the contract: the only spec that meets a target. */
const { contract, settings } = await runConfiguration();

/** Who says what a rule demands. */
const sources = new Map(ownRules.map((rule) => [rule.id, reportRule(rule, contract)]));

/** The operation whose turn it is, and of a thousand not one more. */
let asked: ReportedOperation | undefined;

for (const operation of contract.operations) {
  test.describe(operation.id, () => {
    // In one group, so that a shard gets an operation whole and asks it once.
    test.describe.configure({ mode: 'default' });

    test.beforeAll(async ({ ask }) => {
      asked = await ask(operation);
    });

    for (const { title, tags, rules } of testsOfAnOperation(contract, settings)) {
      test(title, { tag: [...tags] }, async () => {
        const cells = asked?.cells.filter(({ rule }) => rules.includes(rule)) ?? [];
        if (!asked || cells.length !== rules.length) throw fault('the operation was not asked');
        if (firstTime(operation.id)) await note(OPERATION_NOTE, asked);
        endTest(cells, sources, settings.strict.has('should'));
      });
    }
  });
}
