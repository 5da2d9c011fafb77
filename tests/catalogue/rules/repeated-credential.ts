import { expectDenied } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * RFC 9110 §5.3: a field that is not a list is not repeated, and a recipient may join its lines. Proxies and servers that
 * choose different lines disagree about who is asking.
 */
export const repeatedCredential: Rule = {
  id: 'repeated-credential',
  level: 'SHOULD',
  title: 'a key beside another one in the same header opens nothing',
  section: 'Presenting the key',
  source: { standard: 'RFC 9110 §5.3, Field Order', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-5.3' },
  given: ['bad-line-then-good-line', 'good-line-then-bad-line', 'bad-comma-good', 'good-comma-bad'],
  verify: expectDenied,
};
