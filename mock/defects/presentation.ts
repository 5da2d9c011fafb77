import { credentialOf, PRIMARY_CREDENTIAL } from '../document/credentials.ts';
import { header } from '../server/request.ts';
import type { Behaviour, Patch } from '../types/behaviour.ts';
import type { PresentedCredential } from '../types/keys.ts';
import type { MockRequest } from '../types/request.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** Without it a key that is taken for Base64 may decode to a text with a colon. */
const IN_BASE64 = /^Basic +[A-Za-z\d+/]+=*$/i;

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
  'key-in-query-camel-case': inQuery('apiKey', ['undocumented-credential: key-in-query (refused)']),
  'key-in-query-as-in-header': {
    bug: 'T6',
    title: 'a parameter of the query that is named like the header of the key is accepted in its place',
    patch: takenFrom((request) => {
      const fields = [...new URLSearchParams(request.query)];
      return fields.find(([name]) => ownNames(request).includes(name.toLowerCase()))?.[1];
    }),
    complaints: ['undocumented-credential: key-in-query (refused)'],
  },
  'query-token-answers-500': {
    bug: 'T6',
    title: 'a key in the query, as access_token, gets past the gate, and what is behind it breaks',
    patch: (sound) => ({
      shortCircuit: (request) => {
        const sent = new URLSearchParams(request.query).get('access_token') ?? '';
        const isThere = sound.readCredentials(request).some(({ value }) => value !== '');
        const key = sound.lookUp(request, sent, sound.environmentOf(request));
        if (isThere || !key || !sound.isActive(request, key)) return sound.shortCircuit(request);
        return sound.refuse(request, { reason: 'serverError' });
      },
    }),
    complaints: ['undocumented-credential: key-in-query (refused)'],
  },
  'basic-credentials-answer-500': {
    bug: 'T4',
    title: 'credentials of Basic that are no user and password break the server',
    patch: (sound) => ({
      shortCircuit: (request) =>
        /^Basic\b/i.test(authorization(request)) &&
        (!IN_BASE64.test(authorization(request)) || userInfo(request).length < 2)
          ? sound.refuse(request, { reason: 'serverError' })
          : sound.shortCircuit(request),
    }),
    complaints: [
      'breaking-key: authorization-no-base64 (no-server-error)',
      'undocumented-scheme: scheme-basic (refused)',
    ],
  },
  'no-scheme-never-answered': {
    bug: 'T4',
    title: 'a value in Authorization without a scheme before it is never answered',
    patch: (sound) => ({
      edge: (request) =>
        /^(?!(?:Bearer|Basic)$)[^ ]+$/i.test(authorization(request))
          ? { status: 0, headers: [], body: '', delivery: { withheld: 'silence' } }
          : sound.edge(request),
    }),
    complaints: [
      'breaking-key: authorization-without-scheme (refused)',
      'undocumented-scheme: no-scheme scheme-run-together (refused)',
    ],
  },
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
    patch: takenFromForm,
    complaints: ['undocumented-credential: key-in-form-body (refused)'],
  },
  'key-in-form-answers-404': {
    bug: 'T7',
    title: 'a key in the field access_token of a form is accepted, and the operation is then not found',
    patch: (sound) => ({
      ...takenFromForm(sound),
      exists: (request, operation, parameters) =>
        (operation.isSafe || !isForm(request)) && sound.exists(request, operation, parameters),
      checkOrder: (request) => {
        const order = sound.checkOrder(request);
        return isForm(request)
          ? order.flatMap((one) => (one === 'validation' ? (['resource', one] as const) : [one]))
          : order;
      },
    }),
    complaints: ['undocumented-credential: key-in-form-body (refused)'],
  },
  'key-in-form-answers-415': {
    bug: 'T7',
    title: 'a key in the field access_token of a form is accepted, and only then is the form not',
    patch: (sound) => ({
      ...takenFromForm(sound),
      checkOrder: (request) => {
        const order = sound.checkOrder(request);
        return isForm(request) ? order.filter((one) => one !== 'validation' && one !== 'resource') : order;
      },
      succeed: (request, operation) =>
        isForm(request) && !operation.isSafe
          ? { status: 415, headers: [['Content-Type', 'application/json']], body: '{"error":"only JSON is read"}' }
          : sound.succeed(request, operation),
    }),
    complaints: ['undocumented-credential: key-in-form-body (refused)'],
  },
  'form-read-as-json': {
    bug: 'T7',
    title: 'a form is read as if it were JSON, its field access_token as the key, and what it holds is stored',
    patch: (sound) => ({
      ...takenFromForm(sound),
      inputErrors: async (request, operation, parameters) => {
        if (!isForm(request)) return sound.inputErrors(request, operation, parameters);
        const members = Object.fromEntries(new URLSearchParams(await textOf(request)));
        const asJson: MockRequest = {
          ...request,
          headers: [
            ...request.headers.filter(([name]) => !/^content-type$/i.test(name)),
            ['Content-Type', 'application/json'],
          ],
          body: () => Promise.resolve(Buffer.from(JSON.stringify(members))),
        };
        return sound.inputErrors(asJson, operation, parameters);
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
  'key-in-x-goog-api-key': inHeader('X-Goog-Api-Key', ['undocumented-credential: key-in-other-headers (refused)']),
  'key-in-x-access-token': inHeader('X-Access-Token', ['undocumented-credential: key-in-other-headers (refused)']),
  'key-in-query-kebab-case': inQuery('access-token', ['undocumented-credential: key-in-query (refused)']),
  'key-in-session-cookie': {
    bug: 'W7',
    title: 'a key is accepted in the cookie of a web session',
    patch: takenFrom(
      (request) =>
        (header(request, 'cookie') ?? '')
          .split(/; */)
          .map((pair) => pair.split(/=(.*)/s))
          .find(([name]) => name === 'session')?.[1],
    ),
    complaints: ['undocumented-credential: key-in-cookie (refused)'],
  },
  'key-in-json-body': takenFromJson('api_key'),
  'key-in-json-body-camel-case': takenFromJson('accessToken'),
  'key-in-json-body-answers-415': {
    bug: 'W7',
    title: 'a key is accepted as a member of a body of JSON, and only then is such a body refused',
    patch: (sound) => {
      const taken = takenFromJson('api_key').patch(sound);
      const inBody = new WeakSet<MockRequest>();
      return {
        anonymousKey: async (request, presented) => {
          const key = await taken.anonymousKey?.(request, presented);
          if (key) inBody.add(request);
          return key;
        },
        checkOrder: (request) => {
          const order = sound.checkOrder(request);
          return inBody.has(request) ? order.filter((one) => one !== 'validation' && one !== 'resource') : order;
        },
        succeed: (request, operation) =>
          inBody.has(request)
            ? { status: 415, headers: [['Content-Type', 'application/json']], body: '{"error":"no such body is read"}' }
            : sound.succeed(request, operation),
      };
    },
    complaints: ['undocumented-credential: key-in-json-body (refused)'],
  },
  'words-behind-key-ignored': {
    bug: 'W7',
    title: 'what stands behind a space in the header of the key is cut off',
    patch: takenFrom((request) => (/ /.test(ownHeader(request)) ? ownHeader(request).split(' ')[0] : undefined), true),
    complaints: ['decorated-key: words-behind (refused)'],
  },
  'words-behind-token-ignored': {
    bug: 'W7',
    title: 'the second word of Authorization is the key, whatever stands behind it',
    patch: takenFrom((request) => /^Bearer +(\S+) +\S/i.exec(authorization(request))?.[1], true),
    complaints: ['decorated-key: words-behind@bearer (refused)'],
  },
  'several-spaces-refused': {
    bug: 'W7',
    title: 'Authorization is split at each space, so that several spaces make an empty key',
    patch: (sound) => ({
      readCredentials: (request) => {
        const [scheme, ...words] = authorization(request).split(' ');
        if (scheme === undefined || words[0] !== '') return sound.readCredentials(request);
        const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'authorization');
        return sound.readCredentials({ ...request, headers: [...headers, ['Authorization', `${scheme} `]] });
      },
    }),
    complaints: ['scheme-case: spaces-behind-scheme@bearer (same-status)'],
  },
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

/** Where nothing else is presented. */
function takenFromForm(sound: Behaviour): Pick<Behaviour, 'anonymousKey'> {
  return {
    anonymousKey: async (request, presented) => {
      const form = isForm(request) ? await textOf(request) : '';
      const sent = new URLSearchParams(form).get('access_token') ?? '';
      const key = sent === '' ? undefined : sound.lookUp(request, sent, sound.environmentOf(request));
      return key && sound.isActive(request, key) ? key : sound.anonymousKey(request, presented);
    },
  };
}

function isForm(request: MockRequest): boolean {
  return header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;
}

async function textOf(request: MockRequest): Promise<string> {
  return (await request.body())?.toString('latin1') ?? '';
}

/** A body is read before the key is looked for, and a member of it counts. */
function takenFromJson(name: string): Defect {
  return {
    bug: 'W7',
    title: `a key is accepted as the member ${name} of a body of JSON`,
    patch: (sound) => ({
      anonymousKey: async (request, presented) => {
        if (!/json/.test(header(request, 'content-type') ?? '')) return sound.anonymousKey(request, presented);
        const sent = memberOf(await textOf(request), name);
        const key = sent === undefined ? undefined : sound.lookUp(request, sent, sound.environmentOf(request));
        return key && sound.isActive(request, key) ? key : sound.anonymousKey(request, presented);
      },
    }),
    complaints: ['undocumented-credential: key-in-json-body (refused)'],
  };
}

function memberOf(body: string, name: string): string | undefined {
  try {
    const member = (JSON.parse(body) as Record<string, unknown> | null)?.[name];
    return typeof member === 'string' ? member : undefined;
  } catch {
    return undefined;
  }
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
