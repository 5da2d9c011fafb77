import type { answers } from '../defects/answers.ts';
import {
  accepted,
  type Evidence,
  type EvidenceFor,
  headerShown,
  invalid,
  JSON_TYPE,
  missing,
  NEVER_ISSUED,
  neverIssued,
  nothing,
  type Request,
  shown,
  withFullKey,
} from './evidence.ts';

export const ofAnswers: EvidenceFor<typeof answers> = {
  'everyone-let-in': accepted(nothing),
  'html-401': shown(nothing, missing, { status: 401, headers: { 'content-type': 'text/html; charset=utf-8' } }),
  'body-status-differs': shown(nothing, missing, { status: 401, json: { code: 400 } }),
  'message-missing': shown(nothing, missing, { status: 401, text: '{"error":"unauthorized","code":401}' }),
  'missing-key-called-invalid': shown(nothing, missing, invalid),
  'invalid-key-called-missing': shown(neverIssued, invalid, missing),
  'error-body-with-200': shown(nothing, missing, { ...missing, status: 200 }),
  'redirect-to-login': shown(nothing, missing, { status: 302, headers: { location: '/login' } }),
  'key-echoed-in-message': shown(neverIssued, invalid, { status: 401, text: new RegExp(NEVER_ISSUED) }),
  'key-echoed-in-header': shown(neverIssued, invalid, {
    ...invalid,
    headers: { 'x-authenticated-with': NEVER_ISSUED },
  }),
  'key-tail-echoed': shown(neverIssued, invalid, { ...invalid, text: /EFGHIJ/ }),
  'unknown-id-before-authentication': {
    ...shown(() => ({ path: '/contact/cnt_of_nobody' }), missing, 404),
    operation: 'GET /contact/{identifier}',
  },
  'validation-before-authentication': {
    ...shown(() => ({ path: '/contact', method: 'POST', headers: [JSON_TYPE], body: '{"inert":' }), missing, 400),
    operation: 'POST /contact',
  },
  'bad-key-answers-500': shown(neverIssued, invalid, { status: 500, json: { code: 500 } }),
  'rate-limit-headers-missing-on-refusals': limitHeaders(nothing, 'absent'),
  'rate-limit-headers-missing': limitHeaders(withFullKey, 'absent'),
  'rate-limit-missing': limitHeaders(withFullKey, 'absent'),
  'rate-limit-remaining-in-words': headerShown('X-RateLimit-Remaining', withFullKey, /^\d+$/, 'plenty'),
  'rate-limit-reset-in-milliseconds': headerShown('X-RateLimit-Reset', withFullKey, /^\d{10}$/, '1800000000000'),
  'rate-limit-headers-malformed': limitHeaders(withFullKey, 'unlimited'),
};

function limitHeaders(request: Request, broken: string): Evidence {
  return headerShown('X-RateLimit-Limit', request, '100000', broken);
}
