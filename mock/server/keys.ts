import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { PRIMARY_CREDENTIAL, schemesWithOwnCredential } from '../document/credentials.ts';
import { isBasic, unique } from '../document/security.ts';
import type { Api, Environment, EnvironmentName, SecurityScheme } from '../types/api.ts';
import type { Setup } from '../types/behaviour.ts';
import type { IssuedKey, KeyType } from '../types/keys.ts';

/** TEST-NET-3 (RFC 5737): no request ever comes from there. */
const LOCKED_TO = '203.0.113.7';

/**
 * The keys of an environment, new with each start, so that no key can be written down in a test: of the primary credential
 * one of every type, and of every other credential one with full access.
 */
export function issueKeys(
  environment: Environment,
  api: Api,
  setup: Pick<Setup, 'secret' | 'issuesScopelessKey' | 'issuesKeysOfSeveralScopes' | 'issuesOtherAccountKey'>,
): IssuedKey[] {
  const issue = (
    type: KeyType,
    scopes: 'all' | readonly string[],
    rest: Partial<IssuedKey> = {},
    scheme: SecurityScheme | undefined = api.schemes[api.primarySchemes[0] ?? ''],
  ): IssuedKey => {
    // A user stands before a password as the prefix of a kind stands before a key.
    const start = rest.credential === undefined ? environment.keyPrefix : '';
    const prefix = scheme && isBasic(scheme) ? `${start}user-${randomText(6, LETTERS_AND_DIGITS)}:` : start;
    const secret = setup.secret(type, scopes);
    const value = prefix + secret;
    const digest = digestOf(value);
    const key = { type, environment: environment.name, prefix, secret, value, digest, scopes, isRevoked: false };
    return { ...key, credential: PRIMARY_CREDENTIAL, ...rest };
  };
  return [
    issue('full', 'all'),
    ...scopeSets(api, setup).map((scopes) => issue('scoped', scopes)),
    issue('revoked', 'all', { isRevoked: true }),
    issue('address-locked', 'all', { allowedAddress: LOCKED_TO }),
    ...(setup.issuesOtherAccountKey ? [issue('other-account', 'all')] : []),
    ...schemesWithOwnCredential(api).map((scheme) => issue('full', 'all', { credential: scheme.name }, scheme)),
  ];
}

/**
 * Each scope by itself, what an operation asks for together, and no scope at all where an operation takes a scope of every
 * resource: only such a key is refused there.
 */
function scopeSets(
  { scopes, operations }: Api,
  { issuesScopelessKey, issuesKeysOfSeveralScopes }: Pick<Setup, 'issuesScopelessKey' | 'issuesKeysOfSeveralScopes'>,
): readonly (readonly string[])[] {
  const sets = new Map<string, readonly string[]>(scopes.map((scope) => [scope, [scope]]));
  for (const { scopes: asked } of operations) if (asked.length > 1) sets.set(asked.join(' '), asked);
  const resourceOf = (scope: string): string => scope.split(':')[0] ?? '';
  const isOpenToEveryScope = operations.some(({ security }) => {
    const accepted = unique(security.flatMap((one) => Object.values(one.scopes).flat())).map(resourceOf);
    return accepted.length > 0 && scopes.every((scope) => accepted.includes(resourceOf(scope)));
  });
  const several = issuesKeysOfSeveralScopes ? scopes.flatMap((one) => setsWithout(one, scopes, resourceOf)) : [];
  for (const set of several) if (set.length > 1) sets.set(set.join(' '), set);
  return [...sets.values(), ...(isOpenToEveryScope || issuesScopelessKey ? [[]] : [])];
}

/** All scopes but one, and all of other resources than its own. */
function setsWithout(
  one: string,
  scopes: readonly string[],
  resourceOf: (scope: string) => string,
): readonly (readonly string[])[] {
  return [scopes.filter((scope) => scope !== one), scopes.filter((scope) => resourceOf(scope) !== resourceOf(one))];
}

/** The key with full access of a credential, by default of the primary one. */
export function fullAccessKey(
  keys: readonly IssuedKey[],
  environment: EnvironmentName,
  credential = PRIMARY_CREDENTIAL,
): IssuedKey | undefined {
  return keys.find((key) => key.type === 'full' && key.environment === environment && key.credential === credential);
}

export function digestOf(value: string): Buffer {
  return createHash('sha256').update(value, 'latin1').digest();
}

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Thirty letters and digits, with letters of both cases and digits in every third, so that any third can be changed in any
 * way, and with a letter and a digit in its last six characters, so that those are no word.
 */
export function longSecret(): string {
  return third() + third() + third();
}

function third(): string {
  const candidate = randomText(10, LETTERS_AND_DIGITS);
  const isMixed = /[A-Z]/.test(candidate) && /[a-z]/.test(candidate) && /\d/.test(candidate);
  return isMixed && /[a-z]/i.test(candidate.slice(-6)) && /\d/.test(candidate.slice(-6)) ? candidate : third();
}

export function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** Ends in the CRC-32 of the rest, in six digits of base 62. */
export function secretWithChecksum(): string {
  const secret = longSecret();
  return secret + checksum(secret);
}

/** Whether the text is written like a secret that was issued, whoever wrote it. */
export function hasRightChecksum(secret: string): boolean {
  return (
    secret.length > CHECKSUM_DIGITS && checksum(secret.slice(0, -CHECKSUM_DIGITS)) === secret.slice(-CHECKSUM_DIGITS)
  );
}

const CHECKSUM_DIGITS = 6;

function checksum(secret: string): string {
  let rest = crc32(secret);
  let digits = '';
  for (; digits.length < CHECKSUM_DIGITS; rest = Math.floor(rest / 62)) digits = BASE62.charAt(rest % 62) + digits;
  return digits;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
