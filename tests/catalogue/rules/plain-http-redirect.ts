import { finding } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** A silent redirect from http to https keeps a client going that has just sent its key in the clear. */
export const plainHttpRedirect: Rule = {
  id: 'plain-http-redirect',
  level: 'SHOULD',
  title: 'plain HTTP is not redirected in silence',
  section: 'HTTPS',
  source: {
    standard: 'OWASP ASVS 5.0, 4.1.2: only user-facing endpoints redirect to HTTPS',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x13-V4-API-and-Web-Service.md',
  },
  given: ['plain-http'],
  requiresControl: false,
  verify: ({ response }) => [
    finding(
      'no-redirect',
      response.status < 300 || response.status >= 400,
      'an error or no answer',
      `status ${response.status}`,
    ),
  ],
  verifyFault: ({ fault }) => (fault.kind === 'dns' ? undefined : []),
};
