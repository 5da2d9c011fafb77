import { dirname, join } from 'node:path';
import type { Contract } from '../../src/model/contract.ts';
import { type KnownFailure, readKnownFailures } from '../../src/config/known-failures.ts';
import { crossOperationRules, rules } from '../catalogue/index.ts';

/**
 * The failures that this run excuses.
 *
 * @throws ConfigurationError
 */
export function runKnownFailures(contract: Contract): readonly KnownFailure[] {
  const operations = contract.operations.map(({ id }) => id);
  return readKnownFailures(join(dirname(contract.file), 'known-failures.yaml'), {
    rules: [...rules, ...crossOperationRules].map(({ id }) => id),
    operations,
  });
}
