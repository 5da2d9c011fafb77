import type { CrossOperationRule } from '../../../src/judging/operation-comparison.ts';

/**
 * Which of two credentials counts is not documented, but whichever it is, it is the same everywhere: a server whose
 * operations differ has more than one gate.
 */
export const onePrecedence: CrossOperationRule = {
  id: 'one-precedence',
  level: 'SHOULD',
  title: 'which of two credentials counts is the same on every operation',
  section: 'Presenting the key',
  source: { promise: 'bearer-equivalent' },
  compare: 'let-in',
  given: ['good-key-and-bad-bearer', 'bad-key-and-good-bearer'],
};
