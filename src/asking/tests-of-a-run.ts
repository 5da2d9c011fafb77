import type { RunConfiguration } from '../config/run-configuration.ts';
import type { Catalogue } from '../run/catalogue.ts';
import { makesKeys } from '../run/keys/choose-operations.ts';
import type { TestsOfRun } from './messages.ts';
import { testOfRule, testsOfAnOperation } from './test-units.ts';

/** @throws ConfigurationError where the settings cannot be used */
export function testsOf(
  configuration: Pick<RunConfiguration, 'contract' | 'settings' | 'target'>,
  { rules, crossOperationRules, keyRules }: Pick<Catalogue, 'rules' | 'crossOperationRules' | 'keyRules'>,
): TestsOfRun {
  const { contract, settings } = configuration;
  const tests = testsOfAnOperation(contract, settings, rules);
  return {
    operations: contract.operations.map(({ id }) => ({ id, tests })),
    comparisons: crossOperationRules.map(testOfRule),
    keys: isAskedAboutKeys(configuration) ? keyRules.map(testOfRule) : [],
  };
}

/** A listing of tests may have no target: then nobody knows of a key. */
function isAskedAboutKeys(configuration: Pick<RunConfiguration, 'contract' | 'target'>): boolean {
  try {
    return makesKeys(configuration.contract, configuration.target);
  } catch {
    return false;
  }
}
