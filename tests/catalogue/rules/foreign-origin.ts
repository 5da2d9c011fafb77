import { finding } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';
import { header } from '../../../src/model/exchange.ts';

/**
 * "Keys are server-side only, never exposed to browsers": an answer that invites any page to read it invites keys into
 * pages. That no answer does so is a consequence that the documentation does not draw itself.
 */
export const foreignOrigin: Rule = {
  id: 'foreign-origin',
  level: 'SHOULD',
  title: 'no answer invites pages of other origins to read it',
  section: 'Browsers',
  source: { promise: 'server-side-only' },
  appliesTo: (_, { promises }) =>
    promises.some(({ id }) => id === 'server-side-only') || 'the contract does not say that keys are for servers only',
  given: ['foreign-origin', 'null-origin', 'foreign-origin-without-key'],
  requiresControl: false,
  verify: ({ response, case: one }) => {
    const allowed = header(response, 'access-control-allow-origin');
    return [
      finding(
        'no-invitation',
        allowed !== '*' && allowed !== (one.id === 'null-origin' ? 'null' : 'https://evil.example'),
        'no Access-Control-Allow-Origin for any origin',
        `Access-Control-Allow-Origin: ${allowed}`,
      ),
    ];
  },
};
