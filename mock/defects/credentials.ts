import { keysOf, schemeOf, search } from '../server/credentials.ts';
import { fullAccessKey } from '../server/keys.ts';
import type { Behaviour } from '../types/behaviour.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { DefectGroup } from './defect.ts';

/** How a key is compared with those that were issued. */
export const credentials = {
  'missing-key-accepted': {
    bug: 'K1',
    title: 'a request without any credential is let in with full access',
    patch: () => ({
      anonymousKey: (request, presented) =>
        presented.length === 0 ? fullAccessKey(request.state.keys, request.environment) : undefined,
    }),
    complaints: [
      'missing-key: no-key (status, body) on safe operations',
      'refusal-in-any-form: * (status) on safe operations',
      'authentication-first: no-key (status) on unsafe operations',
      'authentication-first: no-key-malformed-body no-key-unknown-resource (status)',
      'breaking-key: authorization-no-base64 authorization-without-scheme authorization-open-quote (refused)',
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
  'empty-api-key-accepted': {
    bug: 'K9',
    title: "the key's own header is enough, even when it is empty",
    patch: () => ({ anonymousKey: (request, presented) => anonymousBy('apiKey', request, presented) }),
    complaints: ['missing-key: empty-key (status, body)'],
  },
  'empty-bearer-accepted': {
    bug: 'K9',
    title: 'an Authorization header with a scheme and no key is enough',
    patch: () => ({ anonymousKey: (request, presented) => anonymousBy('http', request, presented) }),
    complaints: ['missing-key: empty-key@bearer (status, body)', 'breaking-key: authorization-without-token (refused)'],
  },
  'any-well-formed-key-accepted': {
    bug: 'K2',
    title: 'a key that was never issued is accepted when it looks like one',
    patch: (sound) => ({
      lookUp: (request, sent, environment) => {
        const prefixes = keysOf(request, environment).map((key) => key.prefix);
        const isWellFormed = prefixes.some(
          (prefix) => sent.startsWith(prefix) && /^\w{8,}$/.test(sent.slice(prefix.length)),
        );
        return (
          sound.lookUp(request, sent, environment) ??
          (isWellFormed ? fullAccessKey(request.state.keys, environment) : undefined)
        );
      },
    }),
    complaints: [
      'invalid-key: * but wrong-prefix@* other-kinds-prefix@* (status, body)',
      'partial-key: half-a-key (status)',
    ],
  },
  'extended-key-accepted': {
    bug: 'K3',
    title: 'a key with more characters behind it is accepted',
    patch: () => ({ lookUp: search((stored, sent) => sent.startsWith(stored.value)) }),
    complaints: [
      'invalid-key: key-extended-by-one@* (status, body)',
      'decorated-key: no-break-space comma-behind words-behind@* (refused)',
      'repeated-credential: good-line-then-bad-line good-comma-bad (refused)',
    ],
  },
  'cut-key-accepted': {
    bug: 'K4',
    title: 'the beginning of a key is accepted as the key',
    patch: () => ({ lookUp: search((stored, sent) => stored.value.startsWith(sent)) }),
    complaints: ['invalid-key: key-cut-by-one@* (status, body)', 'partial-key: * (status)'],
  },
  'case-insensitive-key': {
    bug: 'K5',
    title: 'keys are compared without regard to case',
    patch: () => ({ lookUp: search((stored, sent) => stored.value.toLowerCase() === sent.toLowerCase()) }),
    complaints: ['invalid-key: key-in-other-case@* (status, body)'],
  },
  'first-third-not-compared': {
    bug: 'K6',
    title: 'the first third of the secret part is not compared',
    patch: () => ({ lookUp: search((stored, sent) => isSameBut(0, stored, sent)) }),
    complaints: ['invalid-key: key-changed-in-front@* (status, body)'],
  },
  'middle-third-not-compared': {
    bug: 'K6',
    title: 'the middle third of the secret part is not compared',
    patch: () => ({ lookUp: search((stored, sent) => isSameBut(1, stored, sent)) }),
    complaints: ['invalid-key: key-changed-in-the-middle@* (status, body)'],
  },
  'last-third-not-compared': {
    bug: 'K6',
    title: 'the last third of the secret part is not compared',
    patch: () => ({ lookUp: search((stored, sent) => isSameBut(2, stored, sent)) }),
    complaints: ['invalid-key: key-changed-at-the-end@* (status, body)'],
  },
  'wrong-prefix-accepted': {
    bug: 'K6',
    title: "whatever stands before a key's secret part is not looked at",
    patch: () => ({ lookUp: search((stored, sent) => sent.endsWith(stored.secret)) }),
    complaints: [
      'invalid-key: wrong-prefix@* other-kinds-prefix@* (status, body)',
      'decorated-key: percent-encoded (refused)',
      'undocumented-scheme: scheme-twice scheme-in-key-header (refused)',
      'repeated-credential: bad-line-then-good-line bad-comma-good (refused)',
    ],
  },
  'valid-key-split': {
    bug: 'K7',
    title: 'a key is cut at its second separator, so every key whose prefix has two is refused',
    patch: (sound) => ({
      lookUp: (request, sent, environment) => {
        const [kind = '', secret] = sent.split(/[^A-Za-z0-9]/);
        return sound.lookUp(
          request,
          secret === undefined ? sent : sent.slice(0, kind.length + 1 + secret.length),
          environment,
        );
      },
    }),
    complaints: ['valid-key: * (accepted)', 'sufficient-scope: * (accepted)'],
  },
  'kind-prefix-trusted': {
    bug: 'K8',
    title: 'the secret part is accepted behind the prefix of any kind of key',
    patch: () => ({
      lookUp: (request, sent, environment) => {
        const prefixes = request.state.api.keyKinds.map(({ prefix }) => prefix);
        const isElsewhere = (key: IssuedKey): boolean => key.environment !== environment && key.value === sent;
        return request.state.keys.find(
          (key) => prefixes.some((prefix) => sent === prefix + key.secret) && !isElsewhere(key),
        );
      },
    }),
    complaints: ['invalid-key: other-kinds-prefix@* (status, body)'],
  },
  'revoked-key-accepted': {
    bug: 'K16',
    title: 'a revoked key is accepted as before',
    patch: () => ({ isActive: () => true }),
    complaints: ['revoked-key: * (status)'],
  },
} as const satisfies DefectGroup;

function anonymousBy(
  type: 'apiKey' | 'http',
  ...[request, presented]: Parameters<Behaviour['anonymousKey']>
): IssuedKey | undefined {
  const isPresented = presented.some((credential) => schemeOf(request, credential)?.type === type);
  return isPresented ? fullAccessKey(request.state.keys, request.environment) : undefined;
}

/** Whether all but one third of the secret part is the same. */
export function isSameBut(third: 0 | 1 | 2, stored: IssuedKey, sent: string): boolean {
  const length = Math.ceil(stored.secret.length / 3);
  const start = stored.prefix.length + third * length;
  const without = (value: string): string => value.slice(0, start) + value.slice(start + length);
  return sent.length === stored.value.length && without(sent) === without(stored.value);
}
