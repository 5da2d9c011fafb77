import { onRefusal, onResponse, withHeader, withoutHeaders } from '../server/patches.ts';
import type { Behaviour, Patch } from '../types/behaviour.ts';
import type { MockResponse } from '../types/http.ts';
import type { MockRequest } from '../types/request.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** Answers to a key that are kept for, or given to, those who have none. */
export const caching = {
  'success-cacheable': cachedAs('public, max-age=300', ['cache-control: valid-key@* (not-stored)']),
  'success-cacheable-by-age': cachedAs('max-age=300', ['cache-control: valid-key (not-stored)']),
  'success-cacheable-by-proxies': cachedAs('s-maxage=300', ['cache-control: valid-key@* (not-stored)']),
  'success-without-cache-control': {
    bug: 'X1',
    title: 'a success does not say whether it may be stored',
    patch: onResponse((response) => (isSuccess(response) ? withoutHeaders(response, ['Cache-Control']) : response)),
    complaints: ['cache-control: valid-key (not-stored)'],
  },
  'cache-ignores-key': {
    bug: 'X2',
    title: 'a cache in front keeps what has a query, and gives it to whoever asks for the same address',
    patch: cache((request) => request.query !== ''),
    complaints: ['cached-answer: after-an-answer-to-a-key (refused)'],
  },
  'cache-ignores-every-key': {
    bug: 'X2',
    title: 'a cache before the API gives every success of GET to whoever asks for the same address',
    patch: (sound) => {
      const kept = new Map<string, MockResponse>();
      const addressOf = ({ environment, isEncrypted, target }: MockRequest): string =>
        `${environment} ${isEncrypted} ${target}`;
      return {
        edge: (request) => {
          const response = request.method === 'GET' ? kept.get(addressOf(request)) : undefined;
          return response ? withHeader(response, ['Age', '1'], ['X-Cache', 'HIT']) : sound.edge(request);
        },
        finish: (request, response, quota) => {
          const finished = sound.finish(request, response, quota);
          if (request.method === 'GET' && isSuccess(finished)) kept.set(addressOf(request), finished);
          return finished;
        },
      };
    },
    complaints: [
      'missing-key: * (status, body) on safe operations',
      'refusal-in-any-form: * (status) on safe operations',
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
      'undocumented-credential: key-in-cookie key-in-other-headers key-as-basic-password (refused) on safe operations',
      'undocumented-scheme: * (refused) on safe operations',
      'conflicting-credentials: * (one-order-at-most) on safe operations',
      'repeated-credential: * (refused) on safe operations',
      'other-environment: * (status) on safe operations',
      'claimed-host: * but other-environment-key-absolute-form (refused) on safe operations',
      'insufficient-scope: * but scoped-out-key-dry-run (status, body) on safe operations',
      'separate-scopes: * (status, body) on safe operations',
      'connection-permissions: scoped-out-key-on-connection (status)',
      'address-lock: * (status) on safe operations',
      'internal-header: rewritten-to-a-public-path prefix-header internal-request-headers (refused) on safe operations',
      'gateway-claim: * (refused) on safe operations',
      'authenticated-connection: same-connection (status) on safe operations',
      'upgrade: websocket-handshake (refused)',
      'event-stream: event-stream (refused)',
      'cached-answer: after-an-answer-to-a-key (refused)',
    ],
  },
  'not-found-cacheable': {
    bug: 'X3',
    title: 'a 404 does not say whether it may be stored, so caches keep it',
    patch: onResponse((response) => (response.status === 404 ? withoutHeaders(response, ['Cache-Control']) : response)),
    complaints: ['cache-control: valid-key-unknown-resource (not-stored)'],
  },
  'forbidden-hidden-as-cacheable-404': {
    bug: 'X3',
    title: 'a missing permission is hidden behind a 404 that caches keep',
    patch: (sound) => ({
      ...onRefusal(
        (_reply, request, _refusal, usual) => usual.refuse(request, { reason: 'unknownId' }),
        ['forbidden'],
      )(sound),
      ...onResponse((response) => (response.status === 404 ? withoutHeaders(response, ['Cache-Control']) : response))(
        sound,
      ),
    }),
    complaints: [
      'insufficient-scope: * (status, body)',
      'separate-scopes: * (status, body)',
      'connection-permissions: scoped-out-key-on-connection (status)',
      'cache-control: scoped-out-key valid-key-unknown-resource (not-stored)',
    ],
  },
  'cache-deceived-by-suffix': deceived('a path that ends like the name of a static file', /\/[^/]+\.(?:css|js|png)$/, [
    'cached-answer: static-looking-path (refused)',
  ]),
  'cache-deceived-by-newline': deceived(
    'a path with an encoded line break before such a name',
    /%0a[^/]*\.(?:css|js|png)$/i,
    ['cached-answer: static-looking-line (refused)'],
  ),
} as const satisfies DefectGroup;

function cachedAs(value: string, complaints: Defect['complaints']): Defect {
  const patch = onResponse((response) =>
    isSuccess(response) ? withHeader(response, ['Cache-Control', value]) : response,
  );
  return { bug: 'X1', title: `a success says ${value}`, patch, complaints };
}

/** A cache that knows an answer by its address alone, before anything else is looked at. */
function cache(isKept: (request: MockRequest) => boolean): Patch {
  return (sound) => {
    const kept = new Map<string, MockResponse>();
    const addressOf = ({ environment, target }: MockRequest): string => `${environment} ${target}`;
    return {
      shortCircuit: (request) => {
        const response = request.method === 'GET' ? kept.get(addressOf(request)) : undefined;
        return response ? withHeader(response, ['Age', '1'], ['X-Cache', 'HIT']) : sound.shortCircuit(request);
      },
      succeed: (request, operation) => {
        const response = sound.succeed(request, operation);
        if (request.method === 'GET' && isKept(request)) kept.set(addressOf(request), response);
        return response;
      },
    };
  };
}

/** The router ignores the end of the path, the cache goes by nothing else. */
function deceived(what: string, suffix: RegExp, complaints: Defect['complaints']): Defect {
  const patch: Patch = (sound: Behaviour) => ({
    ...cache((request) => suffix.test(request.path))(sound),
    matchRoute: (request) => sound.matchRoute({ ...request, path: request.path.replace(suffix, '') }),
  });
  return { bug: 'X4', title: `a cache in front keeps the answer to ${what}`, patch, complaints };
}

function isSuccess({ status }: MockResponse): boolean {
  return status >= 200 && status < 300;
}
