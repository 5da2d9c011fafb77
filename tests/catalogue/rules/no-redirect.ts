import { finding } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';
import { header } from '../../../src/model/exchange.ts';

/** A client that follows a redirect takes its key along, and many clients take `X-API-Key` to other hosts as well. */
export const noRedirect: Rule = {
  id: 'no-redirect',
  level: 'SHOULD',
  title: 'no request with a key is redirected',
  section: 'HTTPS',
  source: { standard: 'RFC 9110 §15.4, Redirection', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.4' },
  given: ['valid-key', 'never-issued-key'],
  requiresControl: false,
  verify: ({ response }) => [
    finding(
      'no-redirect',
      response.status < 300 || response.status >= 400,
      'no redirect',
      `status ${response.status} to ${header(response, 'location') ?? 'nowhere'}`,
    ),
  ],
};
