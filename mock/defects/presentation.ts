import { credentialOf, PRIMARY_CREDENTIAL } from '../document/credentials.ts';
import { header } from '../server/request.ts';
import type { Patch } from '../types/behaviour.ts';
import type { PresentedCredential } from '../types/keys.ts';
import type { MockRequest } from '../types/request.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** Keys that are taken from where no page says that they may be. */
export const presentation = {
  'scheme-not-needed': {
    bug: 'T4',
    title: 'a key in Authorization is accepted without a scheme',
    patch: takenFrom((request) => /^(?!Bearer$)[^ ]+$/i.exec(authorization(request))?.[0]),
    complaints: ['undocumented-scheme: no-scheme (refused)'],
  },
  'basic-scheme-accepted': behindScheme('Basic', ['undocumented-scheme: scheme-basic (refused)']),
  'token-scheme-accepted': behindScheme('Token', ['undocumented-scheme: scheme-token (refused)']),
  'digest-scheme-accepted': behindScheme('Digest', ['undocumented-scheme: scheme-digest (refused)']),
  'api-key-scheme-accepted': behindScheme('ApiKey', ['undocumented-scheme: scheme-apikey (refused)']),
  'any-scheme-accepted': {
    bug: 'T4',
    title: 'the last word of Authorization is the key, whatever stands before it',
    patch: takenFrom((request) => / ([^ ]+)$/.exec(authorization(request))?.[1]),
    complaints: ['undocumented-scheme: scheme-token scheme-digest scheme-apikey scheme-basic (refused)'],
  },
  'scheme-cut-off-by-length': {
    bug: 'T4',
    title: 'what follows the letters of Bearer is the key, with a space between or without',
    patch: takenFrom((request) => /^Bearer([^ ]+)$/i.exec(authorization(request))?.[1]),
    complaints: ['undocumented-scheme: scheme-run-together (refused)'],
  },
  'scheme-cut-off-twice': {
    bug: 'T5',
    title: 'Bearer is cut off as often as it is there',
    patch: takenFrom((request) => /^(?:Bearer +){2,}(.*)$/i.exec(authorization(request))?.[1], true),
    complaints: ['undocumented-scheme: scheme-twice (refused)'],
  },
  'scheme-cut-off-in-key-header': {
    bug: 'T5',
    title: "Bearer is cut off in the key's own header as well",
    patch: takenFrom((request) => /^Bearer +(.*)$/i.exec(ownHeader(request))?.[1], true),
    complaints: ['undocumented-scheme: scheme-in-key-header (refused)'],
  },
  'key-in-query-api-key': inQuery('api_key', ['undocumented-credential: key-in-query (refused)']),
  'key-in-query-apikey': inQuery('apikey', ['undocumented-credential: key-in-query (refused)']),
  'key-in-query-key': inQuery('key', ['undocumented-credential: key-in-query (refused)']),
  'key-in-query-access-token': inQuery('access_token', ['undocumented-credential: key-in-query (refused)']),
  'key-in-query-token': inQuery('token', ['undocumented-credential: key-in-query (refused)']),
  'key-in-cookie': {
    bug: 'T7',
    title: "a cookie named like the key's own header is accepted in its place",
    patch: takenFrom((request) => {
      const pairs = (header(request, 'cookie') ?? '').split(/; */).map((pair) => pair.split(/=(.*)/s));
      return pairs.find(([name = '']) => ownNames(request).includes(name.toLowerCase()))?.[1];
    }),
    complaints: ['undocumented-credential: key-in-cookie (refused)'],
  },
  'key-in-form': {
    bug: 'T7',
    title: 'a key is accepted as the field access_token of a form',
    patch: (sound) => ({
      anonymousKey: async (request, presented) => {
        const isForm = header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded');
        const form = isForm ? ((await request.body())?.toString('latin1') ?? '') : '';
        const sent = new URLSearchParams(form).get('access_token') ?? '';
        const key = sent === '' ? undefined : sound.lookUp(request, sent, sound.environmentOf(request));
        return key && sound.isActive(request, key) ? key : sound.anonymousKey(request, presented);
      },
    }),
    complaints: ['undocumented-credential: key-in-form-body (refused)'],
  },
  'key-as-user-name': {
    bug: 'T7',
    title: 'a key is accepted as the user name of Basic authentication',
    patch: takenFrom((request) => userInfo(request)[0]),
    complaints: ['undocumented-credential: key-as-basic-password (refused)'],
  },
  'key-as-password': {
    bug: 'T7',
    title: 'a key is accepted as the password of Basic authentication',
    patch: takenFrom((request) => userInfo(request)[1]),
    complaints: ['undocumented-credential: key-as-basic-password (refused)'],
  },
  'key-in-api-key': inHeader('Api-Key', ['undocumented-credential: key-in-other-headers (refused)']),
  'key-in-x-api-token': inHeader('X-Api-Token', ['undocumented-credential: key-in-other-headers (refused)']),
  'key-in-x-auth-token': inHeader('X-Auth-Token', ['undocumented-credential: key-in-other-headers (refused)']),
  'key-in-ocp-apim-subscription-key': inHeader('Ocp-Apim-Subscription-Key', [
    'undocumented-credential: key-in-other-headers (refused)',
  ]),
  'underscores-taken-for-dashes': {
    bug: 'T8',
    title: 'an underscore in the name of a header is taken for a dash, as CGI does',
    patch: (sound) => ({
      readCredentials: (request) =>
        sound.readCredentials({
          ...request,
          headers: request.headers.map(([name, value]) => [name.replaceAll('_', '-'), value]),
        }),
    }),
    complaints: ['undocumented-credential: key-in-other-headers (refused)'],
  },
} as const satisfies DefectGroup;

/**
 * A second place to look in where the documented ones are empty: two keys would be a conflict.
 *
 * @param isFirst the place is looked at first, since the documented reading of it is wrong
 */
function takenFrom(read: (request: MockRequest) => string | undefined, isFirst = false): Patch {
  return (sound) => ({
    readCredentials: (request) => {
      const presented = sound.readCredentials(request);
      const value = read(request);
      const isKey = ({ scheme }: PresentedCredential): boolean =>
        credentialOf(request.state.api, scheme) === PRIMARY_CREDENTIAL;
      const isThere = presented.some((credential) => isKey(credential) && credential.value !== '');
      if (value === undefined || (!isFirst && isThere)) return presented;
      return [...presented.filter((credential) => !isKey(credential)), { scheme: 'undocumented', value }];
    },
  });
}

function behindScheme(scheme: string, complaints: Defect['complaints']): Defect {
  const pattern = new RegExp(`^${scheme} +(.*)$`, 'i');
  const patch = takenFrom((request) => pattern.exec(authorization(request))?.[1]);
  return { bug: 'T4', title: `a key is accepted behind the scheme ${scheme}`, patch, complaints };
}

function inQuery(name: string, complaints: Defect['complaints']): Defect {
  const patch = takenFrom((request) => new URLSearchParams(request.query).get(name) ?? undefined);
  return { bug: 'T6', title: `a key is accepted in the query, as ${name}`, patch, complaints };
}

function inHeader(name: string, complaints: Defect['complaints']): Defect {
  return {
    bug: 'T8',
    title: `a key is accepted in the header ${name}`,
    patch: takenFrom((request) => header(request, name)),
    complaints,
  };
}

function authorization(request: MockRequest): string {
  return header(request, 'authorization') ?? '';
}

function ownNames({ state }: MockRequest): string[] {
  return state.api.acceptedSchemes.flatMap(({ carrier }) =>
    carrier && carrier.in !== 'authorization' ? [carrier.name.toLowerCase()] : [],
  );
}

function ownHeader(request: MockRequest): string {
  return ownNames(request).map((name) => header(request, name) ?? '')[0] ?? '';
}

function userInfo(request: MockRequest): string[] {
  const [, encoded = ''] = /^Basic +(.*)$/i.exec(authorization(request)) ?? [];
  return encoded === '' ? [] : Buffer.from(encoded, 'base64').toString('latin1').split(/:(.*)/s);
}
