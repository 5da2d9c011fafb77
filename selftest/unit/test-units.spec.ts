import type { Contract } from '../../src/model/contract.ts';
import { readRunSettings } from '../../src/config/read-run-settings.ts';
import { variableNames } from '../../src/config/variables.ts';
import { rules } from '../../tests/catalogue/index.ts';
import { rulesOf, testsOfAnOperation } from '../../tests/playwright/test-units.ts';
import { huechat } from '../support/contracts.ts';
import { expect, test } from '../support/unit-test.ts';

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

test('a test of an operation has no tag of a level, so that -g @MUST finds nothing instead of more than it asked for', async () => {
  const tagsOf = async (unit: 'cell' | 'operation'): Promise<string[]> => {
    const { settings } = readRunSettings({ [names.testPer]: unit }, names);
    return testsOfAnOperation(await huechat(), settings).flatMap(({ tags }) => tags);
  };
  expect(await tagsOf('operation')).toEqual([]);
  expect(await tagsOf('cell')).toEqual(rules.map(({ level }) => `@${level}`));
});
