import { presentedKey } from '../server/credentials.ts';
import { withoutPart, withPart } from '../server/error-body.ts';
import {
  BAD_KEY,
  NO_VALID_KEY,
  onRefusal,
  onResponse,
  refusedAs,
  withBody,
  withHeader,
  withoutHeaders,
} from '../server/patches.ts';
import type { Behaviour, Check, Patch } from '../types/behaviour.ts';
import type { DefectGroup } from './defect.ts';

/** What refusals say, what they give away, and which one comes first. */
export const answers = {
  'everyone-let-in': {
    bug: 'G1',
    title: 'no operation asks for a key, whatever the contract says',
    patch: () => ({ checkOrder: () => ['rate-limit', 'route', 'validation', 'resource'] }),
    complaints: [
      'missing-key: * (status, body) on safe operations',
      'refusal-in-any-form: * (status) on safe operations',
      'authentication-first: no-key (status) on unsafe operations',
      'authentication-first: no-key-malformed-body no-key-unknown-resource (status)',
      'invalid-key: * (status, body) on safe operations',
      'partial-key: * (status) on safe operations',
      'placeholder-key: placeholder-null@* placeholder-undefined@* placeholder-true@* (status) on safe operations',
      'placeholder-key: * but placeholder-null@* placeholder-undefined@* placeholder-true@* (status)',
      'stored-form: * (status)',
      'breaking-key: key-of-8-kilobytes binary-key injection-sql injection-query-object injection-directory-filter (refused) on safe operations',
      'breaking-key: authorization-without-token authorization-with-many-words authorization-no-base64 authorization-without-scheme authorization-open-quote (refused)',
      'decorated-key: no-break-space quoted comma-behind full-width percent-encoded encoded-word (refused) on safe operations',
      'decorated-key: words-behind@* (refused)',
      'revoked-key: * (status) on safe operations',
      'undocumented-credential: key-in-query key-in-cookie key-in-other-headers key-as-basic-password (refused) on safe operations',
      'undocumented-scheme: * (refused) on safe operations',
      'conflicting-credentials: * (one-order-at-most) on safe operations',
      'repeated-credential: * (refused) on safe operations',
      'other-environment: * (status) on safe operations',
      'claimed-host: * (refused) on safe operations',
      'insufficient-scope: * (status, body) on safe operations',
      'separate-scopes: * (status, body) on safe operations',
      'connection-permissions: scoped-out-key-on-connection (status)',
      'address-lock: * (status) on safe operations',
      'strange-path: encoded-letter absolute-form absolute-form-of-another-host empty-query public-path-in-query (refused) on safe operations',
      'strange-path-permission: scoped-out-key-encoded-letter scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host (refused)',
      'internal-header: rewritten-to-a-public-path prefix-header internal-request-headers (refused) on safe operations',
      'gateway-claim: * (refused) on safe operations',
      'other-method: head (refused)',
      'authenticated-connection: same-connection (status) on safe operations',
      'upgrade: websocket-handshake (refused)',
      'event-stream: event-stream (refused)',
      'cached-answer: after-an-answer-to-a-key (refused)',
    ],
  },
  'html-401': {
    bug: 'R1',
    title: 'a 401 is a page of HTML',
    patch: onRefusal(
      (response) =>
        withHeader({ ...response, body: '<!doctype html><title>401 Unauthorized</title>' }, [
          'Content-Type',
          'text/html; charset=utf-8',
        ]),
      NO_VALID_KEY,
    ),
    complaints: [
      'missing-key: * (body)',
      'invalid-key: * (body)',
      'error-envelope: * but no-key-for-a-page scoped-out-key@* same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-encoded-letter scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host head event-stream (envelope)',
      'error-media-type: * but no-key-for-a-page scoped-out-key@* same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-encoded-letter scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host event-stream (media-type)',
    ],
  },
  'body-status-differs': {
    bug: 'R1',
    title: 'the status in the body of a refusal is not that of the answer',
    patch: onRefusal((response) =>
      withBody(response, (body) => withPart(body, 'status', () => (response.status === 400 ? 422 : 400))),
    ),
    complaints: [
      'missing-key: * (body)',
      'invalid-key: * (body)',
      'insufficient-scope: * (body)',
      'separate-scopes: * (body)',
      'error-envelope: * but no-key-for-a-page head event-stream (code)',
    ],
  },
  'message-missing': {
    bug: 'R1',
    title: 'the body of a refusal has no text for people',
    patch: onRefusal((response) => withBody(response, (body) => withoutPart(body, 'text'))),
    complaints: [
      'missing-key: * (body)',
      'invalid-key: * (body)',
      'insufficient-scope: * (body)',
      'separate-scopes: * (body)',
      'error-envelope: * but no-key-for-a-page head event-stream (envelope)',
    ],
  },
  'missing-key-called-invalid': {
    bug: 'R1',
    title: 'a missing key is answered with the body of an invalid one',
    patch: refusedAs('missingKey', 'invalidKey'),
    complaints: ['missing-key: no-key (body)'],
  },
  'invalid-key-called-missing': {
    bug: 'R1',
    title: 'an invalid key is answered with the body of a missing one',
    patch: onRefusal((_reply, request, _refusal, sound) => sound.refuse(request, { reason: 'missingKey' }), BAD_KEY),
    complaints: ['invalid-key: * (body)'],
  },
  'error-body-with-200': {
    bug: 'R1',
    title: 'a bad key is refused in the body only, the status is 200',
    patch: onRefusal((response) => ({ ...response, status: 200 }), NO_VALID_KEY),
    complaints: [
      'missing-key: * (status)',
      'invalid-key: * (status)',
      'other-method: head (refused)',
      'trace: trace (not-served) on safe operations',
    ],
  },
  'redirect-to-login': {
    bug: 'R1',
    title: 'a request without a valid key is sent to a login page',
    patch: onRefusal((response) => ({ ...withHeader(response, ['Location', '/login']), status: 302 }), NO_VALID_KEY),
    complaints: ['missing-key: * (status)', 'invalid-key: * (status)', 'no-redirect: never-issued-key@* (no-redirect)'],
  },
  'key-echoed-in-message': {
    bug: 'R6',
    title: 'a refusal repeats the key in its text',
    patch: onRefusal((response, request) =>
      withBody(response, (body) => withPart(body, 'text', (text) => `${String(text)}: ${presentedKey(request)}`)),
    ),
    complaints: [
      'missing-key: * (body)',
      'invalid-key: * (body)',
      'insufficient-scope: * (body)',
      'separate-scopes: * (body)',
      'no-key-echo: never-issued-key@* wrong-prefix@* key-cut-by-one@* key-extended-by-one@* key-in-other-case@* key-changed-in-front@* key-changed-in-the-middle@* key-changed-at-the-end@* other-kinds-prefix@* half-a-key placeholder-object@* placeholder-your-key@* placeholder-your-key-in-capitals@* key-of-the-document@* stored-as-sha-256 stored-as-sha-512 stored-as-sha-1 stored-as-md5 stored-as-base64 key-of-8-kilobytes injection-query-object no-break-space vertical-tab quoted comma-behind nul-behind nul-before words-behind@* percent-encoded encoded-word revoked-key@* scoped-out-key@* scheme-twice scheme-in-key-header bad-key-and-good-bearer scoped-and-scoped-out-key good-key-and-bad-bearer scoped-out-and-scoped-key bad-line-then-good-line good-line-then-bad-line bad-comma-good good-comma-bad space-before-colon folded-line other-environment-key@* other-environment-key-host other-environment-key-forwarded-host other-environment-key-absolute-form other-environment-key-server-name same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-trailing-slash scoped-out-key-double-slash-in-front scoped-out-key-double-slash-inside scoped-out-key-matrix-parameter scoped-out-key-encoded-letter scoped-out-key-twice-encoded-letter scoped-out-key-dot-segment scoped-out-key-parent-segment scoped-out-key-encoded-parent-segment scoped-out-key-parent-segment-with-parameter scoped-out-key-alias-parent scoped-out-key-dot-at-the-end scoped-out-key-encoded-slash scoped-out-key-backslash scoped-out-key-upper-case-path scoped-out-key-json-suffix scoped-out-key-encoded-space-suffix scoped-out-key-fragment scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host scoped-out-key-encoded-nul-behind scoped-out-key-encoded-line-break-behind scoped-out-key-encoded-question-mark-behind scoped-out-key-encoded-number-sign-behind scoped-out-key-encoded-semicolon-behind scoped-out-key-encoded-slash-behind scoped-out-key-file-suffix scoped-out-key-file-parameter scoped-out-key-file-segment scoped-out-key-encoded-letter-of-the-base scoped-out-key-upper-case-base scoped-out-key-way-up-below-the-base scoped-out-key-encoded-way-up-below-the-base scoped-out-key-parameter-way-up-below-the-base trace (no-echo)',
      'no-key-echo: valid-key@* scoped-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer (no-echo) on unsafe operations',
    ],
  },
  'key-echoed-in-header': {
    bug: 'R6',
    title: 'every answer repeats the key in a header',
    patch: onResponse((response, request) => withHeader(response, ['X-Authenticated-With', presentedKey(request)])),
    complaints: [
      'no-key-echo: valid-key@* scoped-key@* never-issued-key@* wrong-prefix@* key-cut-by-one@* key-extended-by-one@* key-in-other-case@* key-changed-in-front@* key-changed-in-the-middle@* key-changed-at-the-end@* other-kinds-prefix@* half-a-key placeholder-object@* placeholder-your-key@* placeholder-your-key-in-capitals@* key-of-the-document@* stored-as-sha-256 stored-as-sha-512 stored-as-sha-1 stored-as-md5 stored-as-base64 key-of-8-kilobytes injection-query-object no-break-space quoted comma-behind words-behind@* full-width percent-encoded encoded-word revoked-key@* scoped-out-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer spaces-behind-scheme@bearer scheme-twice scheme-in-key-header bad-key-and-good-bearer scoped-and-scoped-out-key good-key-and-bad-bearer scoped-out-and-scoped-key bad-line-then-good-line good-line-then-bad-line bad-comma-good good-comma-bad space-before-colon folded-line other-environment-key@* other-environment-key-host other-environment-key-forwarded-host other-environment-key-absolute-form other-environment-key-server-name same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-trailing-slash scoped-out-key-double-slash-in-front scoped-out-key-double-slash-inside scoped-out-key-matrix-parameter scoped-out-key-encoded-letter scoped-out-key-twice-encoded-letter scoped-out-key-dot-segment scoped-out-key-parent-segment scoped-out-key-encoded-parent-segment scoped-out-key-parent-segment-with-parameter scoped-out-key-alias-parent scoped-out-key-dot-at-the-end scoped-out-key-encoded-slash scoped-out-key-backslash scoped-out-key-upper-case-path scoped-out-key-json-suffix scoped-out-key-encoded-space-suffix scoped-out-key-fragment scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host scoped-out-key-encoded-nul-behind scoped-out-key-encoded-line-break-behind scoped-out-key-encoded-question-mark-behind scoped-out-key-encoded-number-sign-behind scoped-out-key-encoded-semicolon-behind scoped-out-key-encoded-slash-behind scoped-out-key-file-suffix scoped-out-key-file-parameter scoped-out-key-file-segment scoped-out-key-encoded-letter-of-the-base scoped-out-key-upper-case-base scoped-out-key-way-up-below-the-base scoped-out-key-encoded-way-up-below-the-base scoped-out-key-parameter-way-up-below-the-base get-overridden trace after-a-refusal foreign-origin null-origin origin-that-begins-alike origin-that-ends-alike valid-key-unknown-resource (no-echo)',
    ],
  },
  'key-tail-echoed': {
    bug: 'R6',
    title: 'a refusal shows the last six characters of what begins as a key of its own',
    patch: onRefusal((response, request) => {
      const sent = presentedKey(request);
      // What is no such key may end in six digits, which stand in many texts by chance.
      if (!request.state.keys.some(({ prefix }) => prefix !== '' && sent.startsWith(prefix))) return response;
      return withBody(response, (body) => ({ ...body, key: `…${sent.slice(-6)}` }));
    }),
    complaints: [
      'one-answer-to-bad-keys: * (same-answer)',
      'no-key-echo: never-issued-key@* key-cut-by-one@* key-extended-by-one@* key-in-other-case@* key-changed-in-front@* key-changed-in-the-middle@* key-changed-at-the-end@* other-kinds-prefix@* half-a-key revoked-key@* scoped-out-key@* bad-key-and-good-bearer scoped-and-scoped-out-key good-key-and-bad-bearer scoped-out-and-scoped-key bad-line-then-good-line good-line-then-bad-line bad-comma-good good-comma-bad space-before-colon folded-line other-environment-key@* other-environment-key-host other-environment-key-forwarded-host other-environment-key-absolute-form other-environment-key-server-name same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-trailing-slash scoped-out-key-double-slash-in-front scoped-out-key-double-slash-inside scoped-out-key-matrix-parameter scoped-out-key-encoded-letter scoped-out-key-twice-encoded-letter scoped-out-key-dot-segment scoped-out-key-parent-segment scoped-out-key-encoded-parent-segment scoped-out-key-parent-segment-with-parameter scoped-out-key-alias-parent scoped-out-key-dot-at-the-end scoped-out-key-encoded-slash scoped-out-key-backslash scoped-out-key-upper-case-path scoped-out-key-json-suffix scoped-out-key-encoded-space-suffix scoped-out-key-fragment scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host scoped-out-key-encoded-nul-behind scoped-out-key-encoded-line-break-behind scoped-out-key-encoded-question-mark-behind scoped-out-key-encoded-number-sign-behind scoped-out-key-encoded-semicolon-behind scoped-out-key-encoded-slash-behind scoped-out-key-file-suffix scoped-out-key-file-parameter scoped-out-key-file-segment scoped-out-key-encoded-letter-of-the-base scoped-out-key-upper-case-base scoped-out-key-way-up-below-the-base scoped-out-key-encoded-way-up-below-the-base scoped-out-key-parameter-way-up-below-the-base trace (no-echo)',
      'no-key-echo: valid-key@* scoped-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer (no-echo) on unsafe operations',
    ],
  },
  'unknown-id-before-authentication': {
    bug: 'R10',
    title: 'an id that does not exist is answered with 404 before any key is asked for',
    patch: earlier('resource'),
    complaints: [
      'authentication-first: no-key-unknown-resource (status)',
      'authentication-first: no-key no-key-malformed-body (status) on PUT /contact/{identifier}',
    ],
  },
  'validation-before-authentication': {
    bug: 'R11',
    title: 'an invalid request is answered with 400 before any key is asked for',
    patch: earlier('validation'),
    complaints: [
      'authentication-first: no-key no-key-unknown-resource (status) on unsafe operations',
      'authentication-first: no-key-malformed-body (status)',
    ],
  },
  'bad-key-answers-500': {
    bug: 'R12',
    title: 'a key that is not known breaks the server',
    patch: onRefusal((_reply, request, _refusal, sound) => sound.refuse(request, { reason: 'serverError' }), BAD_KEY),
    complaints: [
      'invalid-key: * (status, body)',
      'partial-key: * (status)',
      'placeholder-key: * (status)',
      'stored-form: * (status)',
      'breaking-key: key-of-8-kilobytes binary-key injection-sql injection-query-object injection-directory-filter authorization-with-many-words (no-server-error)',
      'decorated-key: * but vertical-tab nul-behind nul-before (refused)',
      'revoked-key: * (status)',
      'undocumented-scheme: scheme-twice scheme-in-key-header (refused)',
      'repeated-credential: * (refused)',
      'other-environment: * (status)',
    ],
  },
  'rate-limit-headers-missing-on-refusals': {
    bug: 'R13',
    title: 'only successes carry the rate-limit headers',
    patch: onResponse((response, request) =>
      response.status < 400 ? response : withoutHeaders(response, namesOf(request)),
    ),
    complaints: [
      'rate-limit-headers: * but valid-key@* scoped-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer spaces-behind-scheme@bearer rewritten-from-a-public-path get-overridden after-a-refusal foreign-origin null-origin origin-that-begins-alike origin-that-ends-alike (limit, remaining, reset)',
      'rate-limit-headers: valid-key@* scoped-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer rewritten-from-a-public-path (limit, remaining, reset) on unsafe operations',
    ],
  },
  'rate-limit-headers-missing': {
    bug: 'R13',
    title: 'no answer carries the rate-limit headers',
    patch: onResponse((response, request) => withoutHeaders(response, namesOf(request))),
    complaints: ['rate-limit-headers: * (limit, remaining, reset)'],
  },
  'rate-limit-missing': {
    bug: 'R13',
    title: 'no answer says how large the rate limit is',
    patch: onResponse((response, request) => withoutHeaders(response, namesOf(request).slice(0, 1))),
    complaints: ['rate-limit-headers: * (limit)'],
  },
  'rate-limit-remaining-in-words': {
    bug: 'R13',
    title: 'what remains of the rate limit is said in a word',
    patch: onResponse((response, request) => withHeader(response, [namesOf(request)[1] ?? '', 'plenty'])),
    complaints: ['rate-limit-headers: * (remaining)'],
  },
  'rate-limit-reset-in-milliseconds': {
    bug: 'R13',
    title: 'the rate limit is reset at a time in milliseconds',
    patch: onResponse((response, request) => withHeader(response, [namesOf(request)[2] ?? '', '1800000000000'])),
    complaints: ['rate-limit-headers: * (reset)'],
  },
  'rate-limit-headers-malformed': {
    bug: 'R13',
    title: 'the rate-limit headers hold words and a date where numbers belong',
    patch: onResponse((response, request) => {
      const values = ['unlimited', 'many', new Date(0).toUTCString()];
      return withHeader(response, ...namesOf(request).map((name, index) => [name, values[index] ?? ''] as const));
    }),
    complaints: ['rate-limit-headers: * (limit, remaining, reset)'],
  },
} as const satisfies DefectGroup;

function earlier(check: Check): Patch {
  return (sound: Behaviour) => ({
    checkOrder: (request) => [check, ...sound.checkOrder(request).filter((other) => other !== check)],
  });
}

function namesOf({ state }: Parameters<Behaviour['finish']>[0]): readonly string[] {
  const names = state.api.rateLimitHeaders;
  return names ? [names.limit, names.remaining, names.reset] : [];
}
