import { finding, isSuccess, summary } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** RFC 9110 §9.3.8: TRACE sends the request back, credentials and what proxies added included. */
export const trace: Rule = {
  id: 'trace',
  level: 'SHOULD',
  title: 'TRACE is not answered with the request',
  section: 'Ways round',
  source: {
    standard: 'OWASP ASVS 5.0, 13.4.4: TRACE is not supported',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x22-V13-Configuration.md',
  },
  given: ['trace'],
  requiresControl: false,
  verify: ({ response }) => [finding('not-served', !isSuccess(response), 'a refusal', summary(response))],
};
