import type { Contract, EnvironmentName, SecurityScheme } from '../src/model/contract.ts';
import { isBasic, isBearer, schemesInUse } from '../src/openapi/security.ts';
import type { Behaviour, Credential } from './behaviour.ts';
import { type Call, header } from './call.ts';
import { type IssuedKey, isSameKey } from './keys.ts';

const accepted = new WeakMap<Contract, readonly SecurityScheme[]>();

/** Forms in which a credential is taken: those that are promised to be equivalent, then what else the operations ask for. */
export function acceptedSchemes(contract: Contract): readonly SecurityScheme[] {
  const known = accepted.get(contract);
  if (known) return known;
  const names = [...contract.equivalentSchemes, ...schemesInUse(contract).map(({ name }) => name)];
  const schemes = [...new Set(names)].flatMap((name) => contract.schemes[name] ?? []);
  accepted.set(contract, schemes);
  return schemes;
}

/** What a caller may call a form: the scheme's name in the contract, or its name in HTTP. */
export function isForm(scheme: SecurityScheme, form: string): boolean {
  return scheme.name === form || scheme.scheme === form || (form === 'bearer' && isBearer(scheme));
}

export function schemeOf(call: Call, { form }: Credential): SecurityScheme | undefined {
  return call.world.contract.schemes[form];
}

export const readCredentials: Behaviour['readCredentials'] = (call) =>
  acceptedSchemes(call.world.contract).flatMap((scheme) => {
    const value = read(call, scheme);
    return value === undefined ? [] : [{ form: scheme.name, value }];
  });

function read(call: Call, scheme: SecurityScheme): string | undefined {
  const { type, in: place, parameter = '' } = scheme;
  if (type === 'apiKey' && place === 'header') return trimmed(header(call, parameter));
  if (type === 'apiKey' && place === 'query') return new URLSearchParams(call.query).get(parameter) ?? undefined;
  if (type === 'apiKey') return cookie(call, parameter);
  // RFC 9110 §11.1 and §11.4: a case-insensitive scheme, spaces, the credentials. Another scheme presents nothing.
  const [, sent = '', value = ''] = /^([^ ]*) *(.*)$/s.exec(trimmed(header(call, 'authorization')) ?? '') ?? [];
  if (isBasic(scheme)) return sent.toLowerCase() === 'basic' ? pairOf(value) : undefined;
  return isBearer(scheme) && sent.toLowerCase() === 'bearer' ? value : undefined;
}

/** RFC 7617 §2: user and password in base64. Anything else is there, and is nobody's. */
function pairOf(value: string): string {
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes.toString('latin1') : 'no base64';
}

function cookie(call: Call, name: string): string | undefined {
  const pairs = (header(call, 'cookie') ?? '').split(';').map((pair) => trimmed(pair)?.split(/=(.*)/s) ?? []);
  return pairs.find(([candidate]) => candidate === name)?.[1];
}

/** Only spaces and tabs around a field value are no part of it (RFC 9110 §5.5); `trim` takes more away. */
function trimmed(value: string | undefined): string | undefined {
  return value?.replace(/^[ \t]+|[ \t]+$/g, '');
}

/** The one value that is presented, whatever its form; the empty text where nothing is. */
export function presentedKey(call: Call): string {
  return readCredentials(call).find(({ value }) => value !== '')?.value ?? '';
}

export function usesForm(call: Call, form: string): boolean {
  return readCredentials(call).some((credential) => {
    const scheme = schemeOf(call, credential);
    return scheme !== undefined && isForm(scheme, form);
  });
}

/** Looks through every key of the environment, so that it takes as long to find the first as to find none. */
export function search(isMatch: (stored: IssuedKey, sent: string, call: Call) => boolean): Behaviour['lookUp'] {
  return (call, sent, environment) =>
    keysOf(call, environment).reduce<IssuedKey | undefined>(
      (found, key) => (isMatch(key, sent, call) ? (found ?? key) : found),
      undefined,
    );
}

export const lookUp = search(isSameKey);

export function keysOf(call: Call, environment: EnvironmentName): readonly IssuedKey[] {
  return call.world.keys.filter((key) => key.environment === environment);
}
