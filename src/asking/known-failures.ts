import { ConfigurationError } from '../config/configuration-error.ts';
import { type KnownFailure, unmatchedEntries } from '../config/known-failures.ts';
import type { RunConfiguration } from '../config/run-configuration.ts';
import type { ReportedCatalogue } from '../reporting/compose.ts';

/**
 * The failures that this run excuses, each of a rule and an operation that exist.
 *
 * @throws ConfigurationError
 */
export function runKnownFailures(
  { contract, knownFailures, knownFailuresFile }: RunConfiguration,
  { rules, crossOperationRules, keyRules }: Pick<ReportedCatalogue, 'rules' | 'crossOperationRules' | 'keyRules'>,
): readonly KnownFailure[] {
  const problems = unmatchedEntries(knownFailuresFile, knownFailures, {
    rules: [...rules, ...crossOperationRules, ...keyRules].map(({ id }) => id),
    operations: contract.operations.map(({ id }) => id),
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return knownFailures;
}
