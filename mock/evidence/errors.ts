import type { errors } from '../defects/errors.ts';
import type { limits } from '../defects/limits.ts';
import type { uniformity } from '../defects/uniformity.ts';
import {
  asking,
  CONTACTS,
  type Evidence,
  type EvidenceFor,
  headerShown,
  invalid,
  neverIssued,
  nothing,
  type Request,
  shown,
  withKey,
} from './evidence.ts';

const CHALLENGE = 'Bearer realm="HueChat API"';

export const ofErrors: EvidenceFor<typeof errors> = {
  'html-for-unknown-path': html(() => ({ path: '/contacts/unknown' }), 401, 404),
  'html-for-wrong-method': html(() => ({ path: CONTACTS, method: 'PATCH' }), 401, 405),
  'html-for-large-head': html(() => withKey('k'.repeat(8192)), 401, 400),
  'challenge-missing': challenged(nothing, 'absent'),
  'basic-challenge': challenged(nothing, 'Basic realm="HueChat API"'),
  'basic-challenge-beside-another': challenged(nothing, `${CHALLENGE}, Basic realm="HueChat API"`),
  'challenge-calls-missing-key-an-error': challenged(nothing, `${CHALLENGE}, error="invalid_token"`),
  'key-hash-echoed': told(/"key":"e6a4f004/),
  'key-echoed-in-base64': told(/"key":"c2tfdGVzdF8w/),
  'key-echoed-percent-encoded': told(/"key":"%73%6b%5f/),
  'stack-trace-in-refusal': told(/\\n {4}at KeyStore/),
  'query-in-refusal': told(/SELECT id, owner FROM api_keys/),
  'internal-address-in-refusal': told(/10\.0\.3\.17/),
};

export const ofUniformity: EvidenceFor<typeof uniformity> = {
  'revoked-key-told-apart': told(/"reason":"revoked"/, ({ revoked }) => withKey(revoked)),
  'revoked-key-told-apart-by-header': headerShown(
    'X-Key-Status',
    ({ revoked }) => withKey(revoked),
    'absent',
    'revoked',
  ),
  'malformed-key-told-apart': told(/"reason":"malformed"/, () => withKey('no key')),
  'other-environment-told-apart': told(/"reason":"another environment"/, ({ other }) => withKey(other)),
  'one-operation-answers-another-body': told(/"success":false/),
  'one-operation-answers-without-challenge': challenged(nothing, 'absent'),
  'one-operation-answers-another-media-type': headerShown(
    'Content-Type',
    nothing,
    'application/json; charset=utf-8',
    'application/problem+json',
  ),
  'one-operation-locks-out-with-another-status': shown(({ locked }) => withKey(locked), 403, invalid),
};

export const ofLimits: EvidenceFor<typeof limits> = {
  'limited-answer-carries-data': {
    ...shown(nothing, { status: 429, text: /"retry_after":\d+\}$/ }, { status: 429, text: /"stale":\{"data":/ }),
    ask: asking(nothing, nothing),
    options: { rateLimit: { limit: 1, windowSeconds: 600 } },
  },
  'retry-after-missing': {
    ...headerShown('Retry-After', nothing, /^\d+$/, 'absent'),
    options: { rateLimit: { limit: 0, windowSeconds: 600 } },
  },
  'bad-keys-not-throttled': {
    ...shown(neverIssued, { status: 429, json: { error: 'rate_limited' } }, invalid),
    ask: asking(neverIssued, nothing, neverIssued),
    options: { attemptLimit: { limit: 1, windowSeconds: 600 } },
  },
};

function html(request: Request, sound: number, broken: number): Evidence {
  return shown(
    request,
    { status: sound, json: { code: sound } },
    { status: broken, text: /^<!doctype html>/, headers: { 'content-type': 'text/html' } },
  );
}

function challenged(request: Request, broken: string): Evidence {
  return headerShown('WWW-Authenticate', request, CHALLENGE, broken);
}

/** The documented refusal either way, with more in it than that. */
function told(what: RegExp, request: Request = neverIssued): Evidence {
  return shown(
    request,
    { ...invalid, text: /^\{"error":"unauthorized","message":"Invalid API key","code":401\}$/ },
    { ...invalid, text: what },
  );
}
