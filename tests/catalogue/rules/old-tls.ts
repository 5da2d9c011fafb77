import { finding, summary } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** RFC 8996 retires TLS 1.0 and 1.1. The contract requires HTTPS and does not say which version. */
export const oldTls: Rule = {
  id: 'old-tls',
  level: 'SHOULD',
  title: 'TLS 1.1 and older are not spoken',
  section: 'HTTPS',
  source: { standard: 'RFC 8996 §5, Do Not Use TLS 1.1', url: 'https://www.rfc-editor.org/rfc/rfc8996#section-5' },
  given: ['old-tls'],
  requiresControl: false,
  verify: ({ response }) => [finding('not-spoken', false, 'no connection', summary(response))],
  verifyFault: ({ fault }) => (fault.kind === 'tls' || fault.kind === 'reset' ? [] : undefined),
};
