import { isAnswer } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * Authentication Overview, "Error Responses": an invalid key is 401 with the body shown there. Any key that was never
 * issued is invalid, however much of it is right.
 */
export const invalidKey: Rule = {
  id: 'invalid-key',
  level: 'MUST',
  title: 'a key that was never issued is refused as invalid',
  section: 'Invalid key',
  source: { promise: 'invalid-key' },
  given: [
    'never-issued-key',
    'wrong-prefix',
    'key-cut-by-one',
    'key-extended-by-one',
    'key-in-other-case',
    'key-changed-in-front',
    'key-changed-in-the-middle',
    'key-changed-at-the-end',
    'other-kinds-prefix',
  ],
  verify: (judged) => isAnswer(judged, 'invalidKey', 'invalid-key'),
};
