import { isAnswer } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * Error codes: a revoked key is answered like an invalid one. How soon after its revocation is not documented, so the
 * key that the run is given was revoked long before.
 */
export const revokedKey: Rule = {
  id: 'revoked-key',
  level: 'MUST',
  title: 'a revoked key is refused as invalid',
  section: 'Invalid key',
  source: { promise: 'revoked-key' },
  given: ['revoked-key'],
  verify: (judged) => isAnswer(judged, 'invalidKey', 'invalid-key'),
};
