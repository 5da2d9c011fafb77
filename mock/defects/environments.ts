import { presentedKey } from '../server/credentials.ts';
import { onRefusal, refusedAs } from '../server/patches.ts';
import { header } from '../server/request.ts';
import type { EnvironmentName } from '../types/api.ts';
import type { Check, Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';

/** Without a connection no rule gets a response: every case of every rule that judges one is an error. */
const NOTHING_BUT_TLS_FAULTS: readonly string[] = [
  'missing-key: * (error tls)',
  'refusal-in-any-form: * (error tls)',
  'authentication-first: no-key (error tls)',
  'invalid-key: * (error tls)',
  'partial-key: * (error tls)',
  'placeholder-key: * (error tls)',
  'stored-form: * (error tls)',
  'breaking-key: * (error tls)',
  'decorated-key: * (error tls)',
  'revoked-key: * (error tls)',
  'valid-key: * (error tls)',
  'equivalent-forms: * (error tls)',
  'header-name-case: * (error tls)',
  'scheme-case: * (error tls)',
  'undocumented-credential: * (error tls)',
  'undocumented-scheme: * (error tls)',
  'conflicting-credentials: * (error tls)',
  'repeated-credential: * (error tls)',
  'malformed-field-line: * (error tls)',
  'other-environment: * (error tls)',
  'claimed-host: * (error tls)',
  'insufficient-scope: * (error tls)',
  'separate-scopes: * (error tls)',
  'sufficient-scope: * (error tls)',
  'connection-permissions: scoped-out-key-on-connection (error tls)',
  'no-redirect: * (error tls)',
  'strict-transport: * (error tls)',
  'address-lock: * (error tls)',
  'strange-path: * (error tls)',
  'strange-path-permission: * (error tls)',
  'internal-header: * (error tls)',
  'other-version: * (error tls)',
  'gateway-claim: * (error tls)',
  'other-method: * (error tls)',
  'method-override: get-overridden (error tls)',
  'trace: trace (error tls)',
  'authenticated-connection: same-connection (error tls)',
  'upgrade: websocket-handshake (error tls)',
  'event-stream: event-stream (error tls)',
  'cached-answer: * (error tls)',
  'cached-refusal: after-a-refusal (error tls)',
  'cache-control: * (error tls)',
  'foreign-origin: * (error tls)',
  'challenge: no-key (error tls)',
  'one-answer-to-bad-keys: * (error tls)',
  'json-at-the-edge: * (error tls)',
];

/** Encryption of the connection, and which environment a request is for. */
export const environments = {
  'plain-http-served': {
    bug: 'H1',
    title: 'plain HTTP is served, past everything that asks for a key',
    patch: (sound) => ({
      plainHttp: () => undefined,
      checkOrder: (request) =>
        sound.checkOrder(request).filter((check) => request.isEncrypted || !ASKS_FOR_A_KEY.includes(check)),
    }),
    complaints: ['plain-http: * (not-served)'],
  },
  'plain-http-looks-key-up': {
    bug: 'H1',
    title: 'the answer over plain HTTP tells whether the key is valid',
    patch: (sound) => ({
      plainHttp: (request) => {
        const isKnown = sound.lookUp(request, presentedKey(request), request.environment) !== undefined;
        return isKnown ? sound.plainHttp(request) : { reason: 'invalidKey' };
      },
    }),
    complaints: ['plain-http: * (key-not-looked-up)'],
  },
  'plain-http-trusts-forwarded-proto': {
    bug: 'H4',
    title: 'plain HTTP is served when X-Forwarded-Proto says https',
    patch: (sound) => ({
      plainHttp: (request) => (header(request, 'x-forwarded-proto') === 'https' ? undefined : sound.plainHttp(request)),
    }),
    complaints: ['plain-http: plain-http-forwarded-proto (key-not-looked-up)'],
  },
  'untrusted-certificate': {
    bug: 'H5',
    title: 'the certificate is of an authority that nobody trusts',
    patch: () => ({ certificate: 'untrusted' }),
    complaints: NOTHING_BUT_TLS_FAULTS,
  },
  'certificate-for-another-host': {
    bug: 'H5',
    title: 'the certificate is made out to another host',
    patch: () => ({ certificate: 'another-host' }),
    complaints: NOTHING_BUT_TLS_FAULTS,
  },
  'other-environment-key-accepted': {
    bug: 'M1',
    title: 'a key is accepted in every environment',
    patch: (sound) => ({
      lookUp: (request, sent) => {
        const found = request.state.api.environments.map(({ name }) => sound.lookUp(request, sent, name));
        return found.find((key) => key !== undefined);
      },
    }),
    complaints: ['other-environment: * (status)', 'claimed-host: * (refused)'],
  },
  'production-key-accepted-elsewhere': {
    bug: 'M2',
    title: 'a key of production is accepted in every environment, though not the other way round',
    patch: (sound) => ({
      lookUp: (request, sent, environment) =>
        sound.lookUp(request, sent, environment) ?? sound.lookUp(request, sent, PRODUCTION),
    }),
    complaints: ['other-environment: * (status)', 'claimed-host: * (refused)'],
  },
  'other-environment-answers-403': {
    bug: 'M1',
    title: 'a key of the other environment is refused as if it lacked a permission',
    patch: refusedAs('otherEnvironment', 'forbidden'),
    complaints: ['one-answer-to-bad-keys: other-environment-key@* (same-answer, same-headers)'],
  },
  'environment-taken-from-host': {
    bug: 'M3',
    title: "the environment whose keys count is the one that the request's Host names",
    patch: takenFrom((request) => header(request, 'host')),
    complaints: ['claimed-host: other-environment-key-host (refused)'],
  },
  'environment-taken-from-forwarded-host': {
    bug: 'M3',
    title: 'the environment whose keys count is the one that X-Forwarded-Host names',
    patch: takenFrom((request) => header(request, 'x-forwarded-host')),
    complaints: ['claimed-host: other-environment-key-forwarded-host (refused)'],
  },
  'environment-taken-from-absolute-target': {
    bug: 'M3',
    title: 'the environment whose keys count is the one that an absolute target names',
    patch: takenFrom((request) => request.authority),
    complaints: ['claimed-host: other-environment-key-absolute-form (refused)'],
  },
  'environment-taken-from-server-name': {
    bug: 'M3',
    title: 'the environment whose keys count is the one that was asked for in the TLS handshake',
    patch: takenFrom((request) => request.serverName),
    complaints: ['claimed-host: other-environment-key-server-name (refused)'],
  },
  'sandbox-answers-unlike-production': {
    bug: 'M4',
    title: 'a missing key is refused as if it lacked a permission, everywhere but in production',
    patch: onRefusal(
      (response, request, _refusal, sound) =>
        request.environment === PRODUCTION ? response : sound.refuse(request, { reason: 'forbidden' }),
      ['missingKey'],
    ),
    complaints: ['missing-key: * (status, body)'],
  },
} as const satisfies DefectGroup;

const ASKS_FOR_A_KEY: readonly Check[] = ['authentication', 'address-lock', 'permission'];

const PRODUCTION: EnvironmentName = 'production';

function takenFrom(read: (request: MockRequest) => string | undefined): Patch {
  return (sound) => ({ environmentOf: (request) => named(request, read(request)) ?? sound.environmentOf(request) });
}

/** By the host of the contract, or by where the mock itself listens for that environment. */
function named(request: MockRequest, host: string | undefined): EnvironmentName | undefined {
  const wanted = host?.toLowerCase();
  const { api, authorities } = request.state;
  return api.environments.find(({ name, host: own }) => wanted === own || wanted === authorities.get(name))?.name;
}
