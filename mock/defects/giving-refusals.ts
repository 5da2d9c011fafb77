import { cachingRefusals } from '../server/caches.ts';
import { onRefusal, withBody } from '../server/patches.ts';
import { header } from '../server/request.ts';
import type { Behaviour, Patch } from '../types/behaviour.ts';
import type { HeaderLine, MockResponse } from '../types/http.ts';
import type { RefusalReason } from '../types/refusal.ts';
import type { DefectGroup } from './defect.ts';

/** Refusals that are none: they carry the data, lead to a page, or meet the next who asks. */
export const givingRefusals = {
  'refusal-carries-data': {
    bug: 'W5',
    title: 'the operation runs before the key is looked at, and the refusal carries what it found',
    patch: carryingData('missingKey'),
    complaints: [
      'refusal-without-data: no-key empty-key@* no-key-for-a-page no-key-for-anything no-key-for-nothing key-in-query key-in-cookie key-in-other-headers key-as-basic-password scheme-token scheme-digest scheme-apikey scheme-basic no-scheme scheme-run-together trailing-slash double-slash-in-front double-slash-inside matrix-parameter encoded-letter twice-encoded-letter dot-segment parent-segment encoded-parent-segment parent-segment-with-parameter alias-parent dot-at-the-end encoded-slash backslash upper-case-path json-suffix encoded-space-suffix fragment absolute-form absolute-form-of-another-host empty-query encoded-line-break-behind encoded-number-sign-behind encoded-semicolon-behind encoded-slash-behind file-suffix file-parameter file-segment encoded-letter-of-the-base upper-case-base way-up-below-the-base encoded-way-up-below-the-base parameter-way-up-below-the-base public-path-in-query rewritten-to-a-public-path prefix-header internal-request-headers prefix-v0 prefix-v1 prefix-internal prefix-beta address-of-this-machine private-address mapped-address address-with-underscores caller-named original-request-claimed host-localhost host-loopback-address host-with-path host-with-fragment user-agent-of-a-probe user-agent-of-a-load-balancer empty-user-agent connection-names-forwarded-headers same-connection (no-data) on safe operations',
      'refusal-without-data: authorization-without-token authorization-no-base64 authorization-without-scheme authorization-open-quote encoded-carriage-return-behind encoded-tab-behind encoded-backslash-behind encoded-slash-before encoded-carriage-return-before encoded-tab-before encoded-backslash-before file-icon file-slash half-encoded-way-up twice-encoded-way-up way-up-from-public way-up-from-static way-up-from-login way-up-from-docs way-up-from-wellknown way-up-from-public-below-the-base way-up-from-static-below-the-base way-up-from-login-below-the-base way-up-from-docs-below-the-base way-up-from-wellknown-below-the-base prefix-public prefix-open prefix-dev prefix-wellknown query options undocumented-post undocumented-put undocumented-patch post-overridden-to-get websocket-handshake event-stream after-an-answer-to-a-key static-looking-path static-looking-line foreign-origin-without-key unknown-path (no-data)',
    ],
  },
  'forbidden-carries-data': {
    bug: 'W5',
    title: 'the operation runs before the permission is looked at, and the refusal carries what it found',
    patch: carryingData('forbidden'),
    complaints: [
      'refusal-without-data: scoped-out-key@* same-verb-key scoped-out-key-dry-run sibling-scope-key@* (no-data) on safe operations',
      'refusal-without-data: scoped-out-key-on-connection scoped-out-key-encoded-letter scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host (no-data)',
    ],
  },
  'browsers-sent-to-login': {
    bug: 'W5',
    title: 'whoever asks for a page and has no key is redirected to a login',
    patch: onRefusal(
      (response, request) =>
        /text\/html/.test(header(request, 'accept') ?? '')
          ? { status: 302, headers: [['Location', '/login']], body: '' }
          : response,
      ['missingKey'],
    ),
    complaints: ['refusal-in-any-form: no-key-for-a-page (status)'],
  },
  'login-page-unless-json-is-asked-for': {
    bug: 'W5',
    title: 'whoever does not ask for JSON and has no key gets the page of a login, with 200',
    patch: onRefusal(
      (response, request) => (/json/.test(header(request, 'accept') ?? '') ? response : LOGIN_PAGE),
      ['missingKey'],
    ),
    complaints: ['refusal-in-any-form: * (status)'],
  },
  'authorization-of-many-words-answers-500': {
    bug: 'W5',
    title: 'a value of Authorization with more than two words breaks the server',
    patch: breakingOn(/^\S+ \S+ \S/),
    complaints: [
      'placeholder-key: placeholder-object@bearer (status)',
      'breaking-key: authorization-with-many-words (no-server-error)',
      'decorated-key: words-behind@bearer (refused)',
      'undocumented-scheme: scheme-twice (refused)',
    ],
  },
  'authorization-of-one-word-answers-500': {
    bug: 'W5',
    title: 'a value of Authorization that is one word breaks the server',
    patch: breakingOn(/^\S+$/),
    complaints: [
      'missing-key: empty-key@bearer (status, body)',
      'breaking-key: authorization-without-token authorization-without-scheme (no-server-error)',
      'undocumented-scheme: no-scheme scheme-run-together (refused)',
    ],
  },
  'no-base64-in-authorization-answers-500': {
    bug: 'W5',
    title: 'credentials of Basic that are no base64 break the server',
    patch: breakingOn(/^Basic (?![A-Za-z0-9+/]+=*$)/),
    complaints: [
      'breaking-key: authorization-no-base64 (no-server-error)',
      'undocumented-scheme: scheme-basic (refused)',
    ],
  },
  'open-quote-in-authorization-answers-500': {
    bug: 'W5',
    title: 'a quote in Authorization that is not closed breaks the server',
    patch: breakingOn(/="[^"]*$/),
    complaints: ['breaking-key: authorization-open-quote (no-server-error)'],
  },
  'refusal-kept-by-a-cache': {
    bug: 'W5',
    title: 'a cache in front keeps a refusal of what has a query, and gives it to whoever has a key',
    patch: cachingRefusals(({ environment, target, query }) => (query === '' ? undefined : `${environment} ${target}`)),
    complaints: ['cached-refusal: after-a-refusal (accepted)'],
  },
} as const satisfies DefectGroup;

const HTML: HeaderLine = ['Content-Type', 'text/html'];
const LOGIN_PAGE: MockResponse = {
  status: 200,
  headers: [HTML],
  body: '<!doctype html><title>Sign in</title><form method="post"><input name="password"></form>\n',
};

function carryingData(reason: RefusalReason): Patch {
  return onRefusal(
    (response, request, _refusal, sound) => {
      const { operation } = request;
      if (!operation?.isSafe) return response;
      return withBody(response, (body) => ({ ...body, result: sound.succeed(request, operation).body }));
    },
    [reason],
  );
}

function breakingOn(pattern: RegExp): Patch {
  return (sound: Behaviour) => ({
    refuse: (request, refusal) => {
      const isBroken = pattern.test(header(request, 'authorization') ?? '');
      return sound.refuse(request, isBroken ? { reason: 'serverError' } : refusal);
    },
  });
}
