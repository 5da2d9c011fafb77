import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { type KnownFailure, unmatchedEntries } from '../../src/config/known-failures.ts';
import type { RunConfiguration } from '../../src/config/run-configuration.ts';
import { crossOperationRules, rules } from '../catalogue/index.ts';

/**
 * The failures that this run excuses, each of a rule and an operation that exist.
 *
 * @throws ConfigurationError
 */
export function runKnownFailures({
  contract,
  knownFailures,
  knownFailuresFile,
}: RunConfiguration): readonly KnownFailure[] {
  const problems = unmatchedEntries(knownFailuresFile, knownFailures, {
    rules: [...rules, ...crossOperationRules].map(({ id }) => id),
    operations: contract.operations.map(({ id }) => id),
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return knownFailures;
}
