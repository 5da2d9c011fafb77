import { finding } from '../../../src/judging/expectations.ts';
import { expectDenied } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * An invalid key is answered 401, and so is one that nobody expects. Laxer than the invalid-key rule: a server before the
 * API may refuse such a header in its own words (400, 431).
 */
export const breakingKey: Rule = {
  id: 'breaking-key',
  level: 'MUST',
  title: 'a key that no lookup expects neither opens nor breaks anything',
  section: 'Invalid key',
  source: { promise: 'invalid-key' },
  given: [
    'key-of-8-kilobytes',
    'key-of-64-kilobytes',
    'binary-key',
    'injection-sql',
    'injection-query-object',
    'injection-directory-filter',
  ],
  verify: (judged) => [
    ...expectDenied(judged),
    finding('no-server-error', judged.response.status < 500, 'a status below 500', `status ${judged.response.status}`),
  ],
};
