import type { EnvironmentName } from '../../src/contract/contract.ts';
import type { Step } from '../behaviour.ts';
import { type Call, header } from '../call.ts';
import { presentedKey } from '../credentials.ts';
import { confusing } from '../replies.ts';
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
  'other-environment-answers-403': {
    bug: 'M1',
    title: 'a key of the other environment is refused as if it lacked a permission',
    patch: confusing('otherEnvironment', 'forbidden'),
  },
  'environment-taken-from-host': {
    bug: 'M3',
    title: "the environment whose keys count is the one that the request's Host names",
    patch: (sound) => ({ environmentOf: (call) => named(call, 'host') ?? sound.environmentOf(call) }),
  },
  'environment-taken-from-forwarded-host': {
    bug: 'M3',
    title: 'the environment whose keys count is the one that X-Forwarded-Host names',
    patch: (sound) => ({ environmentOf: (call) => named(call, 'x-forwarded-host') ?? sound.environmentOf(call) }),
  },
} as const satisfies DefectGroup;

const ASKS_FOR_A_KEY: readonly Step[] = ['authentication', 'address-lock', 'permission'];

/** By the host of the contract, or by where the mock itself listens for that environment. */
function named(call: Call, name: string): EnvironmentName | undefined {
  const host = header(call, name)?.toLowerCase();
  const { environments: known, authorities } = call.world;
  return known.find((environment) => host === environment.host || host === authorities.get(environment.name))?.name;
}
