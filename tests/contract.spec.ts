import { OPERATION_NOTE, type ReportedOperation } from '../src/report/playwright-notes.ts';
import { expect, expectFailure, fault, note, test } from './fixtures.ts';
import { rules } from './rules/index.ts';
import { firstTime, runContract, runSettings } from './run.ts';

/** Every rule on every operation of the contract: the only spec that meets a target. */
const contract = await runContract();
const { strict } = runSettings(contract);

/** The operation whose turn it is, and of a thousand not one more. */
let asked: ReportedOperation | undefined;

for (const operation of contract.operations) {
  test.describe(operation.id, () => {
    // In one group, so that a shard gets an operation whole and asks it once.
    test.describe.configure({ mode: 'default' });

    test.beforeAll(async ({ ask }) => {
      asked = await ask(operation);
    });

    for (const rule of rules) {
      test(`${rule.id}: ${rule.title}`, { tag: `@${rule.level}` }, async () => {
        const cell = asked?.cells.find((candidate) => candidate.rule === rule.id);
        if (!asked || !cell) throw fault('the operation was not asked');
        if (firstTime(operation.id)) await note(OPERATION_NOTE, asked);
        if (cell.outcome === 'error') {
          expectFailure();
          throw fault(cell.reason ?? 'an error without a reason');
        }
        test.skip(
          cell.outcome === 'not applicable' || cell.outcome === 'not proven',
          `${cell.outcome}: ${cell.reason}`,
        );
        const annotations = test.info().annotations;
        if (cell.outcome === 'deviates')
          annotations.push({
            type: 'deviates',
            description: cell.cases.flatMap(({ actual }) => actual ?? []).join('; '),
          });
        if (cell.known)
          annotations.push({
            type: 'known failure',
            description: `${cell.known.reason} (${cell.known.owner}, ${cell.known.link}, until ${cell.known.expires})`,
          });
        const fatal = cell.known ? [] : strict.has('should') ? ['violates', 'deviates'] : ['violates'];
        // A passing assertion would be a step, which costs more than the judgement did.
        if (!fatal.includes(cell.outcome)) return;
        expectFailure();
        expect(cell).toConform(fatal);
      });
    }
  });
}
