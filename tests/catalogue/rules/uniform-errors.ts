import type { CrossOperationRule } from '../../../src/judging/operation-comparison.ts';

/**
 * The documentation describes its errors once for all operations. An operation that answers the same failure in another
 * form than the others was written by hand, and what else it forgot nobody has looked at. This needs no contract text.
 */
export const uniformErrors: CrossOperationRule = {
  id: 'uniform-errors',
  level: 'SHOULD',
  title: 'the same failure has the same form on every operation',
  section: 'Error answers',
  source: { promise: 'error-envelope' },
  compare: 'form',
  given: ['no-key', 'empty-key', 'never-issued-key', 'revoked-key', 'scoped-out-key', 'locked-key'],
};
