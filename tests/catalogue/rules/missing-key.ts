import { isAnswer } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * Authentication Overview, "Error Responses": a missing key is 401 with the body shown there.
 *
 * Laxer than the page: members that it does not show are allowed, since the error-codes page documents some.
 */
export const missingKey: Rule = {
  id: 'missing-key',
  level: 'MUST',
  title: 'a request without a key is refused as unauthorized',
  section: 'Missing key',
  source: { promise: 'missing-key' },
  given: ['no-key', 'empty-key'],
  verify: (judged) => isAnswer(judged, 'missingKey', 'missing-key'),
};
