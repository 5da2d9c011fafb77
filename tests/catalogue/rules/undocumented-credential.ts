import { expectDenied } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * "Every API request requires an API key, passed in the request header": a key anywhere else is no key. A way in that is
 * not documented is one that no log, proxy or scanner watches (OWASP ASVS 6.3.4, 14.2.1).
 *
 * Laxer than the missing-key rule: how such a request is refused is not documented.
 */
export const undocumentedCredential: Rule = {
  id: 'undocumented-credential',
  level: 'MUST',
  title: 'a key outside the documented headers opens nothing',
  section: 'Presenting the key',
  source: { promise: 'key-required' },
  given: ['key-in-query', 'key-in-cookie', 'key-in-other-headers', 'key-as-basic-password', 'key-in-form-body'],
  verify: expectDenied,
};
