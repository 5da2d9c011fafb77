import { createHash } from 'node:crypto';
import { presentedKey } from '../server/credentials.ts';
import { NO_VALID_KEY, onRefusal, withBody, withHeader, withoutHeaders } from '../server/patches.ts';
import { isJson } from '../document/media-types.ts';
import { header } from '../server/request.ts';
import { challenge, realm } from '../server/sound.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockResponse } from '../types/http.ts';
import type { MockRequest } from '../types/request.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** What refusals look like before the API is reached, how they ask for a key, and what they give away. */
export const errors = {
  'html-for-unknown-path': {
    bug: 'R2',
    title: 'a gateway answers a path that it does not know with a page of HTML',
    patch: (sound) => ({
      shortCircuit: (request) =>
        sound.shortCircuit(request) ?? (sound.matchRoute(request).kind === 'unknown-path' ? page(404) : undefined),
    }),
    complaints: ['json-at-the-edge: unknown-path (no-html)'],
  },
  'html-for-wrong-method': {
    bug: 'R2',
    title: 'a gateway answers a method that it does not know with a page of HTML',
    patch: (sound) => ({
      shortCircuit: (request) =>
        sound.shortCircuit(request) ?? (sound.matchRoute(request).kind === 'wrong-method' ? page(405) : undefined),
      refuse: (request, refusal) => (refusal.reason === 'invalidInput' ? page(400) : sound.refuse(request, refusal)),
    }),
    complaints: ['json-at-the-edge: unknown-method (no-html)'],
  },
  'html-for-large-head': {
    bug: 'R2',
    title: 'a gateway answers headers that it finds too large with a page of HTML',
    patch: (sound) => ({
      shortCircuit: (request) =>
        sound.shortCircuit(request) ?? (sizeOfHeaders(request) >= LARGE_HEAD ? page(400) : undefined),
      refuse: (request, refusal) => (refusal.reason === 'headTooLarge' ? page(431) : sound.refuse(request, refusal)),
    }),
    complaints: ['json-at-the-edge: key-of-8-kilobytes (no-html)'],
  },
  'challenge-missing': {
    bug: 'R3',
    title: 'a 401 names no way to authenticate',
    patch: onRefusal((response) => withoutHeaders(response, ['WWW-Authenticate']), NO_VALID_KEY),
    complaints: ['challenge: no-key (challenge)'],
  },
  'basic-challenge': {
    bug: 'R4',
    title: 'a 401 asks for user name and password',
    patch: onRefusal(
      (response, request) => withHeader(response, ['WWW-Authenticate', `Basic realm="${realm(request)}"`]),
      NO_VALID_KEY,
    ),
    complaints: ['challenge: no-key (no-basic)'],
  },
  'basic-challenge-beside-another': {
    bug: 'R4',
    title: 'a 401 asks for user name and password as well',
    patch: onRefusal(
      (response, request) =>
        withHeader(
          response,
          ['WWW-Authenticate', challenge(request)],
          ['WWW-Authenticate', `Basic realm="${realm(request)}"`],
        ),
      NO_VALID_KEY,
    ),
    complaints: ['challenge: no-key (no-basic)'],
  },
  'challenge-calls-missing-key-an-error': {
    bug: 'R5',
    title: 'the challenge to a request without a key has an error code',
    patch: onRefusal(
      (response, request) => withHeader(response, ['WWW-Authenticate', `${challenge(request)}, error="invalid_token"`]),
      ['missingKey'],
    ),
    complaints: ['challenge: no-key (no-error-code)'],
  },
  'key-hash-echoed': echoed('the SHA-256 of the key', (key) => createHash('sha256').update(key).digest('hex'), [
    'no-key-echo: never-issued-key@* wrong-prefix@* key-cut-by-one@* key-extended-by-one@* key-in-other-case@* key-changed-in-front@* key-changed-in-the-middle@* key-changed-at-the-end@* other-kinds-prefix@* half-a-key placeholder-object@* placeholder-your-key@* placeholder-your-key-in-capitals@* key-of-the-document@* stored-as-sha-256 stored-as-sha-512 stored-as-sha-1 stored-as-md5 stored-as-base64 key-of-8-kilobytes injection-query-object full-width percent-encoded encoded-word revoked-key@* scoped-out-key@* bad-key-and-good-bearer scoped-and-scoped-out-key good-key-and-bad-bearer scoped-out-and-scoped-key space-before-colon other-environment-key@* other-environment-key-host other-environment-key-forwarded-host other-environment-key-absolute-form other-environment-key-server-name same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-trailing-slash scoped-out-key-double-slash-in-front scoped-out-key-double-slash-inside scoped-out-key-matrix-parameter scoped-out-key-encoded-letter scoped-out-key-twice-encoded-letter scoped-out-key-dot-segment scoped-out-key-parent-segment scoped-out-key-encoded-parent-segment scoped-out-key-parent-segment-with-parameter scoped-out-key-alias-parent scoped-out-key-dot-at-the-end scoped-out-key-encoded-slash scoped-out-key-backslash scoped-out-key-upper-case-path scoped-out-key-json-suffix scoped-out-key-encoded-space-suffix scoped-out-key-fragment scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host scoped-out-key-encoded-nul-behind scoped-out-key-encoded-line-break-behind scoped-out-key-encoded-question-mark-behind scoped-out-key-encoded-number-sign-behind scoped-out-key-encoded-semicolon-behind scoped-out-key-encoded-slash-behind scoped-out-key-file-suffix scoped-out-key-file-parameter scoped-out-key-file-segment scoped-out-key-encoded-letter-of-the-base scoped-out-key-upper-case-base scoped-out-key-way-up-below-the-base scoped-out-key-encoded-way-up-below-the-base scoped-out-key-parameter-way-up-below-the-base trace (no-echo)',
    'no-key-echo: valid-key@* scoped-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer (no-echo) on unsafe operations',
  ]),
  'key-echoed-in-base64': echoed('the key in Base64', (key) => Buffer.from(key, 'latin1').toString('base64'), [
    'no-key-echo: never-issued-key@* wrong-prefix@* key-cut-by-one@* key-extended-by-one@* key-in-other-case@* key-changed-in-front@* key-changed-in-the-middle@* key-changed-at-the-end@* other-kinds-prefix@* half-a-key placeholder-object@* placeholder-your-key@* placeholder-your-key-in-capitals@* key-of-the-document@* stored-as-sha-256 stored-as-sha-512 stored-as-sha-1 stored-as-md5 stored-as-base64 key-of-8-kilobytes injection-query-object no-break-space vertical-tab quoted comma-behind nul-behind nul-before words-behind@* percent-encoded encoded-word revoked-key@* scoped-out-key@* scheme-twice scheme-in-key-header bad-key-and-good-bearer scoped-and-scoped-out-key good-key-and-bad-bearer scoped-out-and-scoped-key bad-line-then-good-line good-line-then-bad-line bad-comma-good good-comma-bad space-before-colon folded-line other-environment-key@* other-environment-key-host other-environment-key-forwarded-host other-environment-key-absolute-form other-environment-key-server-name same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-trailing-slash scoped-out-key-double-slash-in-front scoped-out-key-double-slash-inside scoped-out-key-matrix-parameter scoped-out-key-encoded-letter scoped-out-key-twice-encoded-letter scoped-out-key-dot-segment scoped-out-key-parent-segment scoped-out-key-encoded-parent-segment scoped-out-key-parent-segment-with-parameter scoped-out-key-alias-parent scoped-out-key-dot-at-the-end scoped-out-key-encoded-slash scoped-out-key-backslash scoped-out-key-upper-case-path scoped-out-key-json-suffix scoped-out-key-encoded-space-suffix scoped-out-key-fragment scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host scoped-out-key-encoded-nul-behind scoped-out-key-encoded-line-break-behind scoped-out-key-encoded-question-mark-behind scoped-out-key-encoded-number-sign-behind scoped-out-key-encoded-semicolon-behind scoped-out-key-encoded-slash-behind scoped-out-key-file-suffix scoped-out-key-file-parameter scoped-out-key-file-segment scoped-out-key-encoded-letter-of-the-base scoped-out-key-upper-case-base scoped-out-key-way-up-below-the-base scoped-out-key-encoded-way-up-below-the-base scoped-out-key-parameter-way-up-below-the-base trace (no-echo)',
    'no-key-echo: valid-key@* scoped-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer (no-echo) on unsafe operations',
  ]),
  'key-echoed-percent-encoded': echoed(
    'the key percent-encoded',
    (key) => key.replace(/[^]/g, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`),
    [
      'one-answer-to-bad-keys: * (same-answer)',
      'no-key-echo: never-issued-key@* wrong-prefix@* key-cut-by-one@* key-extended-by-one@* key-in-other-case@* key-changed-in-front@* key-changed-in-the-middle@* key-changed-at-the-end@* other-kinds-prefix@* half-a-key placeholder-object@* placeholder-your-key@* placeholder-your-key-in-capitals@* key-of-the-document@* stored-as-sha-256 stored-as-sha-512 stored-as-sha-1 stored-as-md5 stored-as-base64 key-of-8-kilobytes injection-query-object no-break-space vertical-tab quoted comma-behind nul-behind nul-before words-behind@* full-width percent-encoded encoded-word revoked-key@* scoped-out-key@* scheme-twice scheme-in-key-header bad-key-and-good-bearer scoped-and-scoped-out-key good-key-and-bad-bearer scoped-out-and-scoped-key bad-line-then-good-line good-line-then-bad-line bad-comma-good good-comma-bad space-before-colon folded-line other-environment-key@* other-environment-key-host other-environment-key-forwarded-host other-environment-key-absolute-form other-environment-key-server-name same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-trailing-slash scoped-out-key-double-slash-in-front scoped-out-key-double-slash-inside scoped-out-key-matrix-parameter scoped-out-key-encoded-letter scoped-out-key-twice-encoded-letter scoped-out-key-dot-segment scoped-out-key-parent-segment scoped-out-key-encoded-parent-segment scoped-out-key-parent-segment-with-parameter scoped-out-key-alias-parent scoped-out-key-dot-at-the-end scoped-out-key-encoded-slash scoped-out-key-backslash scoped-out-key-upper-case-path scoped-out-key-json-suffix scoped-out-key-encoded-space-suffix scoped-out-key-fragment scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host scoped-out-key-encoded-nul-behind scoped-out-key-encoded-line-break-behind scoped-out-key-encoded-question-mark-behind scoped-out-key-encoded-number-sign-behind scoped-out-key-encoded-semicolon-behind scoped-out-key-encoded-slash-behind scoped-out-key-file-suffix scoped-out-key-file-parameter scoped-out-key-file-segment scoped-out-key-encoded-letter-of-the-base scoped-out-key-upper-case-base scoped-out-key-way-up-below-the-base scoped-out-key-encoded-way-up-below-the-base scoped-out-key-parameter-way-up-below-the-base trace (no-echo)',
      'no-key-echo: valid-key@* scoped-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer (no-echo) on unsafe operations',
    ],
  ),
  'stack-trace-in-refusal': leaking(
    'a stack trace',
    'Error: no such key\n    at KeyStore.find (/srv/api/src/keys.js:41:11)\n    at async authenticate (/srv/api/src/gate.js:18:15)',
    [
      'no-internals: * but key-of-64-kilobytes scoped-out-key@* same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-trailing-slash scoped-out-key-double-slash-in-front scoped-out-key-double-slash-inside scoped-out-key-matrix-parameter scoped-out-key-encoded-letter scoped-out-key-twice-encoded-letter scoped-out-key-dot-segment scoped-out-key-parent-segment scoped-out-key-encoded-parent-segment scoped-out-key-parent-segment-with-parameter scoped-out-key-alias-parent scoped-out-key-dot-at-the-end scoped-out-key-encoded-slash scoped-out-key-upper-case-path scoped-out-key-json-suffix scoped-out-key-encoded-space-suffix scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host scoped-out-key-encoded-nul-behind scoped-out-key-encoded-line-break-behind scoped-out-key-encoded-question-mark-behind scoped-out-key-encoded-number-sign-behind scoped-out-key-encoded-semicolon-behind scoped-out-key-encoded-slash-behind scoped-out-key-file-suffix scoped-out-key-file-parameter scoped-out-key-file-segment scoped-out-key-encoded-letter-of-the-base scoped-out-key-upper-case-base scoped-out-key-way-up-below-the-base scoped-out-key-encoded-way-up-below-the-base scoped-out-key-parameter-way-up-below-the-base head valid-key@* scoped-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer (no-internals)',
    ],
  ),
  'stack-trace-of-body-parser': {
    bug: 'R7',
    title: 'a body that is no JSON is answered with 400 and a stack trace, before any key is asked for',
    patch: (sound) => ({
      shortCircuit: async (request) => {
        if (!(await isBrokenJson(request))) return sound.shortCircuit(request);
        const refused = sound.refuse(request, { reason: 'invalidInput' });
        return withBody(refused, (body) => ({ ...body, stack: PARSER_STACK }));
      },
    }),
    complaints: [
      'authentication-first: no-key-malformed-body (status)',
      'no-internals: no-key-malformed-body (no-internals)',
    ],
  },
  'query-in-refusal': leaking('an SQL query', "SELECT id, owner FROM api_keys WHERE digest = 'x' LIMIT 1", [
    'no-internals: * but key-of-64-kilobytes scoped-out-key@* same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-trailing-slash scoped-out-key-double-slash-in-front scoped-out-key-double-slash-inside scoped-out-key-matrix-parameter scoped-out-key-encoded-letter scoped-out-key-twice-encoded-letter scoped-out-key-dot-segment scoped-out-key-parent-segment scoped-out-key-encoded-parent-segment scoped-out-key-parent-segment-with-parameter scoped-out-key-alias-parent scoped-out-key-dot-at-the-end scoped-out-key-encoded-slash scoped-out-key-upper-case-path scoped-out-key-json-suffix scoped-out-key-encoded-space-suffix scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host scoped-out-key-encoded-nul-behind scoped-out-key-encoded-line-break-behind scoped-out-key-encoded-question-mark-behind scoped-out-key-encoded-number-sign-behind scoped-out-key-encoded-semicolon-behind scoped-out-key-encoded-slash-behind scoped-out-key-file-suffix scoped-out-key-file-parameter scoped-out-key-file-segment scoped-out-key-encoded-letter-of-the-base scoped-out-key-upper-case-base scoped-out-key-way-up-below-the-base scoped-out-key-encoded-way-up-below-the-base scoped-out-key-parameter-way-up-below-the-base head valid-key@* scoped-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer (no-internals)',
  ]),
  'internal-address-in-refusal': leaking('an address inside the network', 'connect ECONNREFUSED 10.0.3.17:5432', [
    'no-internals: * but key-of-64-kilobytes scoped-out-key@* same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers scoped-out-key-trailing-slash scoped-out-key-double-slash-in-front scoped-out-key-double-slash-inside scoped-out-key-matrix-parameter scoped-out-key-encoded-letter scoped-out-key-twice-encoded-letter scoped-out-key-dot-segment scoped-out-key-parent-segment scoped-out-key-encoded-parent-segment scoped-out-key-parent-segment-with-parameter scoped-out-key-alias-parent scoped-out-key-dot-at-the-end scoped-out-key-encoded-slash scoped-out-key-upper-case-path scoped-out-key-json-suffix scoped-out-key-encoded-space-suffix scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host scoped-out-key-encoded-nul-behind scoped-out-key-encoded-line-break-behind scoped-out-key-encoded-question-mark-behind scoped-out-key-encoded-number-sign-behind scoped-out-key-encoded-semicolon-behind scoped-out-key-encoded-slash-behind scoped-out-key-file-suffix scoped-out-key-file-parameter scoped-out-key-file-segment scoped-out-key-encoded-letter-of-the-base scoped-out-key-upper-case-base scoped-out-key-way-up-below-the-base scoped-out-key-encoded-way-up-below-the-base scoped-out-key-parameter-way-up-below-the-base head valid-key@* scoped-key@* header-name-in-lower-case@* header-name-in-upper-case@* scheme-in-lower-case@bearer scheme-in-upper-case@bearer (no-internals)',
  ]),
} as const satisfies DefectGroup;

/** As most gateways have it by default. */
const LARGE_HEAD = 8 * 1024;

const PARSER_STACK =
  'SyntaxError: Unexpected end of JSON input\n    at JSON.parse (<anonymous>)\n    at parse (/srv/api/node_modules/body-parser/lib/types/json.js:92:19)';

/** Where a body is asked for: elsewhere nothing parses one. */
async function isBrokenJson(request: MockRequest): Promise<boolean> {
  if (!request.operation?.requestBody || !isJson(header(request, 'content-type') ?? '')) return false;
  const text = (await request.body())?.toString('utf8') ?? '';
  if (text === '') return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

function page(status: number): MockResponse {
  const body = `<!doctype html><title>${status}</title><h1>${status}</h1><hr>gateway`;
  return { status, headers: [['Content-Type', 'text/html']], body };
}

function sizeOfHeaders({ headers }: MockRequest): number {
  return headers.reduce((size, [name, value]) => size + name.length + value.length + 4, 0);
}

function echoed(what: string, disguise: (key: string) => string, complaints: Defect['complaints']): Defect {
  const patch: Patch = onRefusal((response, request) => {
    const key = presentedKey(request);
    return key === '' ? response : withBody(response, (body) => ({ ...body, key: disguise(key) }));
  });
  return { bug: 'R6', title: `a refusal shows ${what}`, patch, complaints };
}

function leaking(what: string, text: string, complaints: Defect['complaints']): Defect {
  const patch = onRefusal((response) => withBody(response, (body) => ({ ...body, debug: text })), NO_VALID_KEY);
  return { bug: 'R7', title: `the refusal of a bad key shows ${what}`, patch, complaints };
}
