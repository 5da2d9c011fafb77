import type { Contract } from '../../src/model/contract.ts';
import { readRunSettings } from '../../src/config/read-run-settings.ts';
import { variableNames } from '../../src/config/variables.ts';
import { rules } from '../../tests/catalogue/index.ts';
import type { ReportedCell } from '../../src/reporting/conformance.ts';
import { endOfTest, failureText } from '../../src/asking/end-of-test.ts';
import { rulesOf, testsOfAnOperation } from '../../src/asking/test-units.ts';
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
      const made = testsOfAnOperation(contract, settings, rules);
      expect(made).toHaveLength(tests);
      expect(made.flatMap(({ title }) => rulesOf(title, rules))).toEqual(rules.map(({ id }) => id));
    });
});

test('a test of an operation has no tag of a level, so that -g @MUST finds nothing instead of more than it asked for', async () => {
  const tagsOf = async (unit: 'cell' | 'operation'): Promise<string[]> => {
    const { settings } = readRunSettings({ [names.testPer]: unit }, names);
    return testsOfAnOperation(await huechat(), settings, rules).flatMap(({ tags }) => tags);
  };
  expect(await tagsOf('operation')).toEqual([]);
  expect(await tagsOf('cell')).toEqual(rules.map(({ level }) => `@${level}`));
});

test.describe('a test about several cells', () => {
  const cell = (operation: string, rule: string, more: Partial<ReportedCell>): ReportedCell => ({
    ...{ operation, rule, level: 'SHOULD', outcome: 'deviates' },
    cases: [{ case: 'no-key', outcome: 'deviates', expected: 'a', actual: 'b' }],
    ...more,
  });
  const found = 'no-key: expected a, received b';

  test('names each by what they differ in: the operation, or the rule', () => {
    const described = (cells: readonly ReportedCell[]): string[] =>
      endOfTest(cells, false).annotations.map(({ description }) => description);
    expect(described([cell('GET /a', 'one', {}), cell('GET /b', 'one', {})])).toEqual([
      `GET /a: ${found}`,
      `GET /b: ${found}`,
    ]);
    expect(described([cell('GET /a', 'one', {}), cell('GET /a', 'two', {})])).toEqual([
      `one: ${found}`,
      `two: ${found}`,
    ]);
    expect(described([cell('GET /a', 'one', {})])).toEqual([found]);
  });

  test('fails for a SHOULD where that is asked for, but not for a known failure, and is skipped where nothing is decided', () => {
    const known = { reason: 'planned', owner: 'team', link: 'https://example.com/1', expires: '2999-12-31' };
    const cells = [cell('GET /a', 'one', {}), cell('GET /b', 'one', { known })];
    expect(endOfTest(cells, false)).toMatchObject({ failing: [], errors: [] });
    const strict = endOfTest(cells, true);
    expect(strict.failing).toEqual([cells[0]]);
    expect(strict.skipped).toBeUndefined();
    expect(failureText(strict, new Map())).toMatch(/^GET \/a deviates one: no-key: expected a, received b\n/);
    const open = cell('GET /a', 'one', { outcome: 'not applicable', reason: 'nothing to compare', cases: [] });
    expect(endOfTest([open], true)).toMatchObject({ skipped: 'not applicable: nothing to compare', failing: [] });
  });
});
