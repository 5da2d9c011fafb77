import { isReported } from '../src/config/variables.ts';
import { type ReportedCell, reportRule } from '../src/reporting/conformance.ts';
import { findingText } from '../src/reporting/evidence.ts';
import { OPERATION_NOTE, type ReportedOperation } from '../src/reporting/playwright-notes.ts';
import { rules as ownRules } from './catalogue/index.ts';
import { expect, test } from './playwright/fixtures.ts';
import { firstTime, runConfiguration } from './playwright/run.ts';
import { fault, note } from './playwright/runner.ts';
import { expectFailure } from './playwright/workarounds.ts';
import { testsOfAnOperation } from './playwright/test-units.ts';

/** Every rule on every operation of the contract: the only spec that meets a target. */
const { contract, settings } = await runConfiguration();
const fatal: readonly string[] = settings.strict.has('should') ? ['violates', 'deviates'] : ['violates'];

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
        endTest(cells);
      });
    }
  });
}

/** Ends a test as its cells did: the worst of them decides, and each that needs a word has one. */
function endTest(cells: readonly ReportedCell[]): void {
  const labelled = ({ rule }: ReportedCell, text: string): string => (cells.length === 1 ? text : `${rule}: ${text}`);
  const withOutcome = (...outcomes: readonly string[]): ReportedCell[] =>
    cells.filter(({ outcome }) => outcomes.includes(outcome));
  const annotate = (type: string, cell: ReportedCell, text: string): unknown =>
    test.info().annotations.push({ type, description: labelled(cell, text) });

  const undecided = withOutcome('not applicable', 'not proven');
  if (undecided.length === cells.length)
    test.skip(true, undecided.map((cell) => labelled(cell, `${cell.outcome}: ${cell.reason}`)).join('\n'));
  for (const cell of withOutcome('not proven')) annotate('not proven', cell, cell.reason ?? '');
  for (const cell of withOutcome('deviates')) annotate('deviates', cell, findingText(cell));
  for (const cell of cells)
    if (cell.known) {
      const { reason, owner, link, expires } = cell.known;
      annotate('known failure', cell, `${findingText(cell)}: ${reason} (${owner}, ${link}, until ${expires})`);
    }

  const errors = withOutcome('error').map((cell) => labelled(cell, cell.reason ?? 'an error without a reason'));
  const failing = withOutcome(...fatal).filter(({ known }) => !known);
  if (failing.length + errors.length > 0 && isReported()) expectFailure(test.info());
  // A passing assertion would be a step, which costs more than the judgement did.
  if (failing.length > 0) expect(failing).toConform(sources, errors);
  if (errors.length > 0) throw fault(errors.join('\n'));
}
