import type { RunConfiguration } from '../config/run-configuration.ts';
import type { Catalogue } from '../run/catalogue.ts';
import type { TestsOfRun } from './messages.ts';
import { testOfRule, testsOfAnOperation } from './test-units.ts';

/** @throws ConfigurationError where the settings cannot be used */
export function testsOf(
  { contract, settings }: Pick<RunConfiguration, 'contract' | 'settings'>,
  { rules, crossOperationRules }: Pick<Catalogue, 'rules' | 'crossOperationRules'>,
): TestsOfRun {
  const tests = testsOfAnOperation(contract, settings, rules);
  return {
    operations: contract.operations.map(({ id }) => ({ id, tests })),
    comparisons: crossOperationRules.map(testOfRule),
  };
}
