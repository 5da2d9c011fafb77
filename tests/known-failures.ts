import { dirname, join } from 'node:path';
import type { Contract } from '../src/contract/contract.ts';
import { type KnownFailure, readKnownFailures } from '../src/verdict/known-failures.ts';
import { apiRules, rules } from './rules/index.ts';

/**
 * The failures that this run excuses.
 *
 * @throws ConfigurationError
 */
export function runKnownFailures(contract: Contract): readonly KnownFailure[] {
  const operations = contract.operations.map(({ id }) => id);
  return readKnownFailures(join(dirname(contract.file), 'known-failures.yaml'), {
    rules: [...rules, ...apiRules].map(({ id }) => id),
    operations,
  });
}
