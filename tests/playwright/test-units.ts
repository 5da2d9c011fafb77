import type { Contract } from '../../src/model/contract.ts';
import type { CrossOperationRule } from '../../src/judging/operation-comparison.ts';
import type { RunSettings } from '../../src/model/target.ts';
import { rules } from '../catalogue/index.ts';

/** What a test of the runner is about: known to the spec, which makes the tests, and to the reporter, which hears of them. */
export interface ContractTest {
  readonly title: string;
  readonly tags: readonly string[];
  /** Ids of the rules that it reports on. */
  readonly rules: readonly string[];
}

/** A test costs the runner milliseconds and memory, so fifty of them an operation are a luxury of small contracts. */
const MOST_OPERATIONS_BY_CELL = 50;

const byCell: readonly ContractTest[] = rules.map(({ id, title, level }) => ({
  title: `${id}: ${title}`,
  tags: [`@${level}`],
  rules: [id],
}));

const byOperation: ContractTest = {
  title: 'every rule',
  // Its rules are of either level, so that `-g @MUST` finds nothing instead of more than it asked for.
  tags: [],
  rules: rules.map(({ id }) => id),
};

export function testsOfAnOperation(contract: Contract, { testPer }: RunSettings): readonly ContractTest[] {
  const unit = testPer ?? (contract.operations.length > MOST_OPERATIONS_BY_CELL ? 'operation' : 'cell');
  return unit === 'cell' ? byCell : [byOperation];
}

const reportedOn = new Map([...byCell, byOperation].map((one) => [one.title, one.rules]));

/** The rules that the test with this title reports on, of whichever unit. */
export function rulesOf(title: string): readonly string[] {
  return reportedOn.get(title) ?? [];
}

/** The title of the test of a rule that compares operations. */
export function comparisonTitle({ id, title }: Pick<CrossOperationRule, 'id' | 'title'>): string {
  return `${id}: ${title}`;
}
