import type { Behaviour } from '../behaviour.ts';
import { keysOf, schemeOf, search } from '../credentials.ts';
import { fullAccessKey, type IssuedKey } from '../keys.ts';
import type { DefectGroup } from './defect.ts';

/** How a key is compared with those that were issued. */
export const credentials = {
  'missing-key-accepted': {
    bug: 'K1',
    title: 'a request without any credential is let in with full access',
    patch: () => ({
      anonymous: (call, presented) =>
        presented.length === 0 ? fullAccessKey(call.world.keys, call.listener) : undefined,
    }),
  },
  'empty-api-key-accepted': {
    bug: 'K9',
    title: "the key's own header is enough, even when it is empty",
    patch: () => ({ anonymous: (call, presented) => anonymousBy('apiKey', call, presented) }),
  },
  'empty-bearer-accepted': {
    bug: 'K9',
    title: 'an Authorization header with a scheme and no key is enough',
    patch: () => ({ anonymous: (call, presented) => anonymousBy('http', call, presented) }),
  },
  'any-well-formed-key-accepted': {
    bug: 'K2',
    title: 'a key that was never issued is accepted when it looks like one',
    patch: (sound) => ({
      lookUp: (call, sent, environment) => {
        const prefixes = keysOf(call, environment).map((key) => key.prefix);
        const isWellFormed = prefixes.some(
          (prefix) => sent.startsWith(prefix) && /^\w{8,}$/.test(sent.slice(prefix.length)),
        );
        return (
          sound.lookUp(call, sent, environment) ??
          (isWellFormed ? fullAccessKey(call.world.keys, environment) : undefined)
        );
      },
    }),
  },
  'extended-key-accepted': {
    bug: 'K3',
    title: 'a key with more characters behind it is accepted',
    patch: () => ({ lookUp: search((stored, sent) => sent.startsWith(stored.value)) }),
  },
  'cut-key-accepted': {
    bug: 'K4',
    title: 'the beginning of a key is accepted as the key',
    patch: () => ({ lookUp: search((stored, sent) => stored.value.startsWith(sent)) }),
  },
  'case-insensitive-key': {
    bug: 'K5',
    title: 'keys are compared without regard to case',
    patch: () => ({ lookUp: search((stored, sent) => stored.value.toLowerCase() === sent.toLowerCase()) }),
  },
  'first-third-not-compared': {
    bug: 'K6',
    title: 'the first third of the secret part is not compared',
    patch: () => ({ lookUp: search((stored, sent) => isSameBut(0, stored, sent)) }),
  },
  'middle-third-not-compared': {
    bug: 'K6',
    title: 'the middle third of the secret part is not compared',
    patch: () => ({ lookUp: search((stored, sent) => isSameBut(1, stored, sent)) }),
  },
  'last-third-not-compared': {
    bug: 'K6',
    title: 'the last third of the secret part is not compared',
    patch: () => ({ lookUp: search((stored, sent) => isSameBut(2, stored, sent)) }),
  },
  'wrong-prefix-accepted': {
    bug: 'K6',
    title: "whatever stands before a key's secret part is not looked at",
    patch: () => ({ lookUp: search((stored, sent) => sent.endsWith(stored.secret)) }),
  },
  'valid-key-split': {
    bug: 'K7',
    title: 'a key is cut at its second separator, so every key whose prefix has two is refused',
    patch: (sound) => ({
      lookUp: (call, sent, environment) => {
        const [kind = '', secret] = sent.split(/[^A-Za-z0-9]/);
        return sound.lookUp(
          call,
          secret === undefined ? sent : sent.slice(0, kind.length + 1 + secret.length),
          environment,
        );
      },
    }),
  },
  'kind-prefix-trusted': {
    bug: 'K8',
    title: 'the secret part is accepted behind the prefix of any kind of key',
    patch: () => ({
      lookUp: (call, sent, environment) => {
        const prefixes = call.world.contract.keyKinds.map(({ prefix }) => prefix);
        const isElsewhere = (key: IssuedKey): boolean => key.environment !== environment && key.value === sent;
        return call.world.keys.find(
          (key) => prefixes.some((prefix) => sent === prefix + key.secret) && !isElsewhere(key),
        );
      },
    }),
  },
  'revoked-key-accepted': {
    bug: 'K16',
    title: 'a revoked key is accepted as before',
    patch: () => ({ isAlive: () => true }),
  },
} as const satisfies DefectGroup;

function anonymousBy(
  type: 'apiKey' | 'http',
  ...[call, presented]: Parameters<Behaviour['anonymous']>
): IssuedKey | undefined {
  const isPresented = presented.some((credential) => schemeOf(call, credential)?.type === type);
  return isPresented ? fullAccessKey(call.world.keys, call.listener) : undefined;
}

function isSameBut(third: 0 | 1 | 2, stored: IssuedKey, sent: string): boolean {
  const length = Math.ceil(stored.secret.length / 3);
  const start = stored.prefix.length + third * length;
  const without = (value: string): string => value.slice(0, start) + value.slice(start + length);
  return sent.length === stored.value.length && without(sent) === without(stored.value);
}
