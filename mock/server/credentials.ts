import { timingSafeEqual } from 'node:crypto';
import { credentialOf } from '../document/credentials.ts';
import type { Api, EnvironmentName, SecurityScheme } from '../types/api.ts';
import type { Behaviour } from '../types/behaviour.ts';
import type { IssuedKey, PresentedCredential } from '../types/keys.ts';
import type { MockRequest } from '../types/request.ts';
import { digestOf } from './keys.ts';
import { header } from './request.ts';

/** Whether a person may call the place of a scheme so: by the name of the scheme, of its HTTP scheme, or `bearer`. */
export function isForm({ name, httpScheme, carrier }: SecurityScheme, form: string): boolean {
  const word = carrier?.in === 'authorization' ? carrier.scheme : httpScheme;
  return name === form || word === form;
}

export function schemeOf(request: MockRequest, { scheme }: PresentedCredential): SecurityScheme | undefined {
  return request.state.api.schemes[scheme];
}

export const readCredentials: Behaviour['readCredentials'] = (request) =>
  request.state.api.acceptedSchemes.flatMap((scheme) => {
    const value = read(request, scheme);
    return value === undefined ? [] : [{ scheme: scheme.name, value }];
  });

function read(request: MockRequest, { carrier }: SecurityScheme): string | undefined {
  switch (carrier?.in) {
    case 'header':
      return isOfAnotherScheme(request, carrier)
        ? undefined
        : behind(carrier.word, trimmed(header(request, carrier.name)));
    case 'query':
      return new URLSearchParams(request.query).get(carrier.name) ?? undefined;
    case 'cookie':
      return cookie(request, carrier.name);
    case 'authorization':
      return readAuthorization(request, carrier.scheme);
    case undefined:
      return undefined;
  }
}

/** Whether a scheme of HTTP reads the field: where a document puts a key without a word into `Authorization` beside it. */
function isOfAnotherScheme(request: MockRequest, { name, word }: { name: string; word?: string }): boolean {
  if (word !== undefined || name.toLowerCase() !== 'authorization') return false;
  return request.state.api.acceptedSchemes.some(
    ({ carrier }) => carrier?.in === 'authorization' && readAuthorization(request, carrier.scheme) !== undefined,
  );
}

/** A scheme without regard to case, spaces, the credentials (RFC 9110 §11.4). Another scheme presents nothing. */
function readAuthorization(request: MockRequest, scheme: 'basic' | 'bearer'): string | undefined {
  const value = behind(scheme, trimmed(header(request, 'authorization')));
  return scheme === 'basic' && value !== undefined ? userAndPassword(value) : value;
}

/** What follows the word, if there has to be one. */
function behind(word: string | undefined, field: string | undefined): string | undefined {
  if (word === undefined || field === undefined) return field;
  const [, sent = '', value = ''] = /^([^ ]*) *(.*)$/s.exec(field) ?? [];
  return sent.toLowerCase() === word.toLowerCase() ? value : undefined;
}

/** RFC 7617 §2: user and password in Base64. Anything else is a credential that nobody was issued. */
function userAndPassword(value: string): string {
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes.toString('latin1') : 'no Base64';
}

function cookie(request: MockRequest, name: string): string | undefined {
  const pairs = (header(request, 'cookie') ?? '').split(';').map((pair) => trimmed(pair)?.split(/=(.*)/s) ?? []);
  return pairs.find(([candidate]) => candidate === name)?.[1];
}

/** Only spaces and tabs around a field value are no part of it (RFC 9110 §5.5); `trim` takes more away. */
function trimmed(value: string | undefined): string | undefined {
  return value?.replace(/^[ \t]+|[ \t]+$/g, '');
}

/** The first value that is presented, in whatever place; the empty text where nothing is. */
export function presentedKey(request: MockRequest): string {
  return readCredentials(request).find(({ value }) => value !== '')?.value ?? '';
}

export function usesForm(request: MockRequest, form: string): boolean {
  return readCredentials(request).some((credential) => {
    const scheme = schemeOf(request, credential);
    return scheme !== undefined && isForm(scheme, form);
  });
}

const ofEveryOperation = new WeakMap<Api, ReturnType<Behaviour['alternatives']>>();

/** What the operation asks for; where the request means none, whatever any operation asks for. */
export const alternatives: Behaviour['alternatives'] = ({ state: { api }, operation }) => {
  if (operation) return credentialsOf(api, operation.alternatives);
  const known = ofEveryOperation.get(api);
  if (known) return known;
  const all = api.operations.flatMap((one) => credentialsOf(api, one.alternatives));
  ofEveryOperation.set(api, all);
  return all;
};

function credentialsOf(api: Api, schemes: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return schemes.map((names) => [...new Set(names.map((name) => credentialOf(api, name)))]);
}

/** Looks through every key of the environment, so that it takes as long to find the first as to find none. */
export function search(
  isMatch: (stored: IssuedKey, sent: string, request: MockRequest) => boolean,
): Behaviour['lookUp'] {
  return (request, sent, environment) =>
    keysOf(request, environment).reduce<IssuedKey | undefined>(
      (found, key) => (isMatch(key, sent, request) ? (found ?? key) : found),
      undefined,
    );
}

/** Digests have one length, and comparing them takes the same time wherever they differ. */
export const lookUp: Behaviour['lookUp'] = (request, sent, environment) => {
  const digest = digestOf(sent);
  return search((stored) => timingSafeEqual(stored.digest, digest))(request, sent, environment);
};

export function keysOf(request: MockRequest, environment: EnvironmentName): readonly IssuedKey[] {
  return request.state.keys.filter((key) => key.environment === environment);
}
