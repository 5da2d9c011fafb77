import { createHash } from 'node:crypto';
import { cachingAccepted, cachingPermissions, cachingRefusals } from '../server/caches.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';

/** What a server remembers of earlier requests, and what only one of several servers knows. */
export const memory = {
  'connection-keeps-first-permissions': {
    bug: 'T14',
    title: 'the permissions of the first key on a connection hold for every later key on it',
    patch: (sound) => {
      const first = new WeakMap<object, IssuedKey>();
      return {
        isPermitted: (request, key, operation) => {
          const kept = first.get(request.connection) ?? key;
          first.set(request.connection, kept);
          return sound.isPermitted(request, kept, operation);
        },
      };
    },
    complaints: ['connection-permissions: scoped-out-key-on-connection (status)'],
  },
  // As mail servers let whoever had read mail from an address send some from it ("POP before SMTP").
  'address-trusted-after-a-key': {
    bug: 'T16',
    title: 'an address from which a key was accepted needs none any more',
    patch: (sound) => {
      const known = new Map<string, IssuedKey>();
      return {
        isPermitted: (request, key, operation) => {
          if (!known.has(request.peer)) known.set(request.peer, key);
          return sound.isPermitted(request, key, operation);
        },
        anonymousKey: (request, presented) => known.get(request.peer) ?? sound.anonymousKey(request, presented),
      };
    },
    complaints: [
      'missing-key: * (status, body) on safe operations',
      'refusal-in-any-form: * (status) on safe operations',
      'authentication-first: no-key (status) on unsafe operations',
      'authentication-first: no-key-malformed-body no-key-unknown-resource (status)',
      'breaking-key: authorization-without-token authorization-no-base64 authorization-without-scheme authorization-open-quote (refused)',
      'undocumented-credential: key-in-query key-in-cookie key-in-other-headers key-as-basic-password (refused) on safe operations',
      'undocumented-scheme: * but scheme-twice scheme-in-key-header (refused) on safe operations',
      'strange-path: encoded-letter absolute-form absolute-form-of-another-host empty-query public-path-in-query (refused) on safe operations',
      'internal-header: rewritten-to-a-public-path prefix-header internal-request-headers (refused) on safe operations',
      'gateway-claim: * (refused) on safe operations',
      'other-method: head (refused)',
      'authenticated-connection: same-connection (status) on safe operations',
      'upgrade: websocket-handshake (refused)',
      'event-stream: event-stream (refused)',
      'cached-answer: after-an-answer-to-a-key (refused)',
    ],
  },
  // As Okta's cache of logins did in 2024: bcrypt reads 72 bytes, and the user's name had taken them.
  'accepted-keys-cached-by-their-beginning': {
    bug: 'K18',
    title: 'a cache of accepted keys knows a key by its first 32 characters',
    patch: cachingAccepted((sent) => sent.slice(0, 32)),
    complaints: [
      'invalid-key: key-cut-by-one@* key-extended-by-one@* key-changed-at-the-end@* (status, body)',
      'decorated-key: no-break-space comma-behind words-behind@* (refused)',
      'repeated-credential: good-line-then-bad-line good-comma-bad (refused)',
    ],
  },
  'accepted-keys-cached-in-lower-case': {
    bug: 'K18',
    title: 'a cache of accepted keys does not tell capital letters from small ones',
    patch: cachingAccepted((sent) => sent.toLowerCase()),
    complaints: ['invalid-key: key-in-other-case@* (status, body)'],
  },
  'permission-decided-once-for-a-key': {
    bug: 'S9',
    title: 'whether a key is permitted is decided for its first operation, and kept for all others',
    patch: cachingPermissions((key) => key.value),
    complaints: [
      'separate-scopes: * (status, body) on unsafe operations',
      'sufficient-scope: * (accepted) on unsafe operations',
    ],
  },
  'refusal-cached-for-everyone': {
    bug: 'X5',
    title: 'a cache in front keeps refusals, and gives them to whoever asks for the same address',
    patch: cachingRefusals(({ environment, isEncrypted, target }) => `${environment} ${isEncrypted} ${target}`),
    complaints: [
      'invalid-key: * (body) on safe operations',
      'header-name-case: * (same-status) on safe operations',
      'scheme-case: scheme-in-lower-case@bearer scheme-in-upper-case@bearer (same-status) on safe operations',
      'scheme-case: spaces-behind-scheme@bearer (same-status)',
      'insufficient-scope: * but scoped-out-key-dry-run (status, body) on safe operations',
      'separate-scopes: * (status, body) on safe operations',
      'connection-permissions: scoped-out-key-on-connection (status)',
      'method-override: get-overridden (same-status)',
      'cached-refusal: after-a-refusal (accepted)',
    ],
  },
  'one-worker-without-keys': {
    bug: 'K19',
    title: 'of two workers, between which the path decides, one has read no keys and asks for none',
    patch: (sound) => ({ isGuarded: (request) => !isOnSecondWorker(request) && sound.isGuarded(request) }),
    complaints: [
      'missing-key: * (status, body) on GET /contact/{identifier}',
      'authentication-first: no-key-unknown-resource no-key-malformed-body (status)',
      'authentication-first: no-key (status) on unsafe operations',
      'invalid-key: * (status, body) on GET /contact/{identifier}',
      'partial-key: * (status) on GET /contact/{identifier}',
      'breaking-key: key-of-8-kilobytes binary-key injection-sql injection-query-object injection-directory-filter (refused) on GET /contact/{identifier}',
      'revoked-key: * (status) on GET /contact/{identifier}',
      'undocumented-credential: key-in-query key-in-cookie key-in-other-headers key-as-basic-password (refused) on GET /contact/{identifier}',
      'undocumented-scheme: * (refused) on GET /contact/{identifier}',
      'conflicting-credentials: * (one-order-at-most) on GET /contact/{identifier}',
      'repeated-credential: * (refused) on GET /contact/{identifier}',
      'other-environment: * (status) on GET /contact/{identifier}',
      'claimed-host: * (refused) on GET /contact/{identifier}',
      'insufficient-scope: * (status, body) on GET /contact/{identifier}',
      'separate-scopes: * (status, body) on GET /contact/{identifier}',
      'connection-permissions: scoped-out-key-on-connection (status) on GET /contact/{identifier}',
      'address-lock: * (status) on GET /contact/{identifier}',
      'strange-path: absolute-form absolute-form-of-another-host empty-query (refused) on GET /contact/{identifier}',
      'internal-header: rewritten-to-a-public-path prefix-header internal-request-headers (refused) on GET /contact/{identifier}',
      'gateway-claim: address-of-this-machine caller-named original-request-claimed (refused) on GET /contact/{identifier}',
      'other-method: head (refused) on GET /contact/{identifier}',
      'authenticated-connection: same-connection (status) on GET /contact/{identifier}',
      'upgrade: websocket-handshake (refused) on GET /contact/{identifier}',
      'event-stream: event-stream (refused) on GET /contact/{identifier}',
      'cached-answer: after-an-answer-to-a-key (refused) on GET /contact/{identifier}',
    ],
  },
  'one-worker-with-old-revocations': {
    bug: 'K19',
    title: 'of two workers, between which the path decides, one does not know which keys were revoked',
    patch: (sound) => ({ isActive: (request, key) => isOnSecondWorker(request) || sound.isActive(request, key) }),
    complaints: ['revoked-key: * (status) on GET /contact/{identifier}, PUT /contact/{identifier}, POST /webhooks'],
  },
} as const satisfies DefectGroup;

/** A balancer chooses by the hash of the path, so that each worker's cache is of use (nginx: `hash $uri`). */
function isOnSecondWorker({ path }: MockRequest): boolean {
  return (createHash('sha256').update(path).digest()[0] ?? 0) % 2 === 0;
}
