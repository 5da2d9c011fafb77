import type { Credential, Patch } from '../behaviour.ts';
import { type Call, header } from '../call.ts';
import { acceptedSchemes } from '../credentials.ts';
import { PRIMARY, slotOf } from '../keys.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** Keys that are taken from where no page says that they may be. */
export const presentation = {
  'scheme-not-needed': {
    bug: 'T4',
    title: 'a key in Authorization is accepted without a scheme',
    patch: takenFrom((call) => /^(?!Bearer$)[^ ]+$/i.exec(authorization(call))?.[0]),
  },
  'basic-scheme-accepted': behindScheme('Basic'),
  'token-scheme-accepted': behindScheme('Token'),
  'digest-scheme-accepted': behindScheme('Digest'),
  'api-key-scheme-accepted': behindScheme('ApiKey'),
  'any-scheme-accepted': {
    bug: 'T4',
    title: 'the last word of Authorization is the key, whatever stands before it',
    patch: takenFrom((call) => / ([^ ]+)$/.exec(authorization(call))?.[1]),
  },
  'scheme-cut-off-by-length': {
    bug: 'T4',
    title: 'what follows the letters of Bearer is the key, with a space between or without',
    patch: takenFrom((call) => /^Bearer([^ ]+)$/i.exec(authorization(call))?.[1]),
  },
  'scheme-cut-off-twice': {
    bug: 'T5',
    title: 'Bearer is cut off as often as it is there',
    patch: takenFrom((call) => /^(?:Bearer +){2,}(.*)$/i.exec(authorization(call))?.[1], true),
  },
  'scheme-cut-off-in-key-header': {
    bug: 'T5',
    title: "Bearer is cut off in the key's own header as well",
    patch: takenFrom((call) => /^Bearer +(.*)$/i.exec(ownHeader(call))?.[1], true),
  },
  'key-in-query-api-key': inQuery('api_key'),
  'key-in-query-apikey': inQuery('apikey'),
  'key-in-query-key': inQuery('key'),
  'key-in-query-access-token': inQuery('access_token'),
  'key-in-query-token': inQuery('token'),
  'key-in-cookie': {
    bug: 'T7',
    title: "a cookie named like the key's own header is accepted in its place",
    patch: takenFrom((call) => {
      const pairs = (header(call, 'cookie') ?? '').split(/; */).map((pair) => pair.split(/=(.*)/s));
      return pairs.find(([name = '']) => ownNames(call).includes(name.toLowerCase()))?.[1];
    }),
  },
  'key-in-form': {
    bug: 'T7',
    title: 'a key is accepted as the field access_token of a form',
    patch: (sound) => ({
      anonymous: async (call, presented) => {
        const isForm = header(call, 'content-type')?.startsWith('application/x-www-form-urlencoded');
        const form = isForm ? ((await call.body())?.toString('latin1') ?? '') : '';
        const sent = new URLSearchParams(form).get('access_token') ?? '';
        const key = sent === '' ? undefined : sound.lookUp(call, sent, sound.environmentOf(call));
        return key && sound.isAlive(call, key) ? key : sound.anonymous(call, presented);
      },
    }),
  },
  'key-as-user-name': {
    bug: 'T7',
    title: 'a key is accepted as the user name of Basic authentication',
    patch: takenFrom((call) => userInfo(call)[0]),
  },
  'key-as-password': {
    bug: 'T7',
    title: 'a key is accepted as the password of Basic authentication',
    patch: takenFrom((call) => userInfo(call)[1]),
  },
  'key-in-api-key': inHeader('Api-Key'),
  'key-in-x-api-token': inHeader('X-Api-Token'),
  'key-in-x-auth-token': inHeader('X-Auth-Token'),
  'key-in-ocp-apim-subscription-key': inHeader('Ocp-Apim-Subscription-Key'),
  'underscores-taken-for-dashes': {
    bug: 'T8',
    title: 'an underscore in the name of a header is taken for a dash, as CGI does',
    patch: (sound) => ({
      readCredentials: (call) =>
        sound.readCredentials({
          ...call,
          headers: call.headers.map(([name, value]) => [name.replaceAll('_', '-'), value]),
        }),
    }),
  },
} as const satisfies DefectGroup;

/**
 * A second place to look in where the documented ones are empty: two keys would be a conflict.
 *
 * @param isFirst the place is looked at first, since the documented reading of it is wrong
 */
function takenFrom(read: (call: Call) => string | undefined, isFirst = false): Patch {
  return (sound) => ({
    readCredentials: (call) => {
      const presented = sound.readCredentials(call);
      const value = read(call);
      const isKey = ({ form }: Credential): boolean => slotOf(call.world.contract, form) === PRIMARY;
      const isThere = presented.some((credential) => isKey(credential) && credential.value !== '');
      if (value === undefined || (!isFirst && isThere)) return presented;
      return [...presented.filter((credential) => !isKey(credential)), { form: 'undocumented', value }];
    },
  });
}

function behindScheme(scheme: string): Defect {
  const pattern = new RegExp(`^${scheme} +(.*)$`, 'i');
  const patch = takenFrom((call) => pattern.exec(authorization(call))?.[1]);
  return { bug: 'T4', title: `a key is accepted behind the scheme ${scheme}`, patch };
}

function inQuery(name: string): Defect {
  const patch = takenFrom((call) => new URLSearchParams(call.query).get(name) ?? undefined);
  return { bug: 'T6', title: `a key is accepted in the query, as ${name}`, patch };
}

function inHeader(name: string): Defect {
  return {
    bug: 'T8',
    title: `a key is accepted in the header ${name}`,
    patch: takenFrom((call) => header(call, name)),
  };
}

function authorization(call: Call): string {
  return header(call, 'authorization') ?? '';
}

function ownNames({ world }: Call): string[] {
  return acceptedSchemes(world.contract).flatMap(({ parameter }) => parameter?.toLowerCase() ?? []);
}

function ownHeader(call: Call): string {
  return ownNames(call).map((name) => header(call, name) ?? '')[0] ?? '';
}

function userInfo(call: Call): string[] {
  const [, encoded = ''] = /^Basic +(.*)$/i.exec(authorization(call)) ?? [];
  return encoded === '' ? [] : Buffer.from(encoded, 'base64').toString('latin1').split(/:(.*)/s);
}
