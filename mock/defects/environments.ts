import type { EnvironmentName } from '../../src/model/contract.ts';
import type { Patch, Step } from '../behaviour.ts';
import { type Call, header } from '../call.ts';
import { presentedKey } from '../credentials.ts';
import { confusing, refusing } from '../replies.ts';
import type { DefectGroup } from './defect.ts';

/** Encryption of the connection, and which environment a request is for. */
export const environments = {
  'plain-http-served': {
    bug: 'H1',
    title: 'plain HTTP is served, past everything that asks for a key',
    patch: (sound) => ({
      plainHttp: () => undefined,
      order: (call) => sound.order(call).filter((step) => call.isEncrypted || !ASKS_FOR_A_KEY.includes(step)),
    }),
  },
  'plain-http-looks-key-up': {
    bug: 'H1',
    title: 'the answer over plain HTTP tells whether the key is valid',
    patch: (sound) => ({
      plainHttp: (call) => {
        const isKnown = sound.lookUp(call, presentedKey(call), call.listener) !== undefined;
        return isKnown ? sound.plainHttp(call) : { reason: 'invalidKey' };
      },
    }),
  },
  'plain-http-trusts-forwarded-proto': {
    bug: 'H4',
    title: 'plain HTTP is served when X-Forwarded-Proto says https',
    patch: (sound) => ({
      plainHttp: (call) => (header(call, 'x-forwarded-proto') === 'https' ? undefined : sound.plainHttp(call)),
    }),
  },
  'untrusted-certificate': {
    bug: 'H5',
    title: 'the certificate is of an authority that nobody trusts',
    patch: () => ({ certificate: 'untrusted' }),
  },
  'certificate-for-another-host': {
    bug: 'H5',
    title: 'the certificate is made out to another host',
    patch: () => ({ certificate: 'another-host' }),
  },
  'other-environment-key-accepted': {
    bug: 'M1',
    title: 'a key is accepted in every environment',
    patch: (sound) => ({
      lookUp: (call, sent) => {
        const found = call.world.environments.map(({ name }) => sound.lookUp(call, sent, name));
        return found.find((key) => key !== undefined);
      },
    }),
  },
  'production-key-accepted-elsewhere': {
    bug: 'M2',
    title: 'a key of production is accepted in every environment, though not the other way round',
    patch: (sound) => ({
      lookUp: (call, sent, environment) =>
        sound.lookUp(call, sent, environment) ?? sound.lookUp(call, sent, PRODUCTION),
    }),
  },
  'other-environment-answers-403': {
    bug: 'M1',
    title: 'a key of the other environment is refused as if it lacked a permission',
    patch: confusing('otherEnvironment', 'forbidden'),
  },
  'environment-taken-from-host': {
    bug: 'M3',
    title: "the environment whose keys count is the one that the request's Host names",
    patch: takenFrom((call) => header(call, 'host')),
  },
  'environment-taken-from-forwarded-host': {
    bug: 'M3',
    title: 'the environment whose keys count is the one that X-Forwarded-Host names',
    patch: takenFrom((call) => header(call, 'x-forwarded-host')),
  },
  'environment-taken-from-absolute-target': {
    bug: 'M3',
    title: 'the environment whose keys count is the one that an absolute target names',
    patch: takenFrom((call) => call.authority),
  },
  'environment-taken-from-server-name': {
    bug: 'M3',
    title: 'the environment whose keys count is the one that was asked for in the TLS handshake',
    patch: takenFrom((call) => call.serverName),
  },
  'sandbox-answers-unlike-production': {
    bug: 'M4',
    title: 'a missing key is refused as if it lacked a permission, everywhere but in production',
    patch: refusing(
      (reply, call, _refusal, sound) =>
        call.listener === PRODUCTION ? reply : sound.refuse(call, { reason: 'forbidden' }),
      ['missingKey'],
    ),
  },
} as const satisfies DefectGroup;

const ASKS_FOR_A_KEY: readonly Step[] = ['authentication', 'address-lock', 'permission'];

const PRODUCTION: EnvironmentName = 'production';

function takenFrom(read: (call: Call) => string | undefined): Patch {
  return (sound) => ({ environmentOf: (call) => named(call, read(call)) ?? sound.environmentOf(call) });
}

/** By the host of the contract, or by where the mock itself listens for that environment. */
function named(call: Call, host: string | undefined): EnvironmentName | undefined {
  const wanted = host?.toLowerCase();
  const { environments: known, authorities } = call.world;
  return known.find(({ name, host: own }) => wanted === own || wanted === authorities.get(name))?.name;
}
