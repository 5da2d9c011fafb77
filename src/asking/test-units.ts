import type { CrossOperationRule } from '../judging/operation-comparison.ts';
import type { KeyRule } from '../judging/keys/key-rule.ts';
import type { Rule } from '../judging/rule.ts';
import type { Contract } from '../model/contract.ts';
import type { RunSettings } from '../model/target.ts';

/** What a test of the runner is about: its title and tags are all that the runner knows of it. */
export interface RunnerTest {
  readonly title: string;
  readonly tags: readonly string[];
}

/** A test costs the runner milliseconds and memory, so fifty of them an operation are a luxury of small contracts. */
const MOST_OPERATIONS_BY_CELL = 50;

/** The title of the group of tests of the rules that compare operations. That of every other group is the id of an operation. */
export const ALL_OPERATIONS = 'all operations';

/** The title of the group of tests of the rules about keys that change while the run watches. */
export const KEYS_OVER_TIME = 'keys over time';

/** The title of the one test of an operation, where there is not one for each cell. */
const EVERY_RULE = 'every rule';

type Known = Pick<Rule | KeyRule, 'id' | 'title' | 'level'>;

export function testsOfAnOperation(
  contract: Pick<Contract, 'operations'>,
  { testPer }: Pick<RunSettings, 'testPer'>,
  rules: readonly Known[],
): readonly RunnerTest[] {
  const unit = testPer ?? (contract.operations.length > MOST_OPERATIONS_BY_CELL ? 'operation' : 'cell');
  // The rules of an operation are of either level, so that `-g @MUST` finds nothing instead of more than it asked for.
  return unit === 'cell' ? rules.map(testOfRule) : [{ title: EVERY_RULE, tags: [] }];
}

/** The test of one rule, on one operation or, of a rule that compares operations or is about keys over time, on all of them. */
export function testOfRule({ id, title, level }: Known | CrossOperationRule): RunnerTest {
  return { title: `${id}: ${title}`, tags: [`@${level}`] };
}

/** Ids of the rules that the test with this title reports on, of whichever unit. */
export function rulesOf(title: string, rules: readonly Known[]): readonly string[] {
  if (title === EVERY_RULE) return rules.map(({ id }) => id);
  return rules.filter((rule) => testOfRule(rule).title === title).map(({ id }) => id);
}
