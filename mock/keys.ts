import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Contract, EnvironmentName, SecurityScheme } from '../src/model/contract.ts';
import { acceptedScopes, isBasic, schemesInUse } from '../src/openapi/security.ts';
import type { Environment } from './world.ts';

/** TEST-NET-3 (RFC 5737): no request ever comes from there. */
const LOCKED_TO = '203.0.113.7';

export type Sort = 'full' | 'scoped' | 'revoked' | 'address-locked';

export interface IssuedKey {
  readonly sort: Sort;
  /** Which of the contract's credentials it is; see `slotOf`. */
  readonly slot: string;
  readonly environment: EnvironmentName;
  readonly prefix: string;
  /** What follows the prefix. */
  readonly secret: string;
  readonly value: string;
  readonly digest: Buffer;
  readonly scopes: 'all' | readonly string[];
  readonly isRevoked: boolean;
  /** The only address that may use it. */
  readonly allowedAddress?: string;
}

/** The one slot of all schemes that take the contract's primary credential. */
export const PRIMARY = '';

/** Schemes that are equivalent take the same credential; any other takes its own and is its own slot. */
export function slotOf({ equivalentSchemes, schemes }: Contract, scheme: string): string {
  // A form that is none of the contract's is another way in for the same key.
  return equivalentSchemes.includes(scheme) || !Object.hasOwn(schemes, scheme) ? PRIMARY : scheme;
}

/**
 * One key of every sort, random with each start, so that no key can be written down in a test. A scheme with a credential
 * of its own gets one that opens everything.
 */
export function issueKeys(environment: Environment, contract: Contract, makeSecret: () => string): IssuedKey[] {
  const primary = contract.schemes[contract.equivalentSchemes[0] ?? ''];
  const issue = (
    sort: Sort,
    held: 'all' | readonly string[],
    rest: Partial<IssuedKey> = {},
    scheme: SecurityScheme | undefined = primary,
  ): IssuedKey => {
    // A user stands in front of a password as a kind's prefix stands in front of a key.
    const kind = rest.slot === undefined ? (environment.kinds[0]?.prefix ?? '') : '';
    const prefix = scheme && isBasic(scheme) ? `${kind}user-${randomText(6, LETTERS_AND_DIGITS)}:` : kind;
    const secret = makeSecret();
    const value = prefix + secret;
    const base = { sort, environment: environment.name, prefix, secret, value, scopes: held, isRevoked: false };
    return { ...base, slot: PRIMARY, digest: digestOf(value), ...rest };
  };
  const own = schemesInUse(contract).filter(({ name }) => slotOf(contract, name) !== PRIMARY);
  return [
    issue('full', 'all'),
    ...scopeSets(contract).map((scopes) => issue('scoped', scopes)),
    issue('revoked', 'all', { isRevoked: true }),
    issue('address-locked', 'all', { allowedAddress: LOCKED_TO }),
    ...own.map((scheme) => issue('full', 'all', { slot: scheme.name }, scheme)),
  ];
}

/** Each scope by itself, together what an operation asks for together, and none where each one opens some operation. */
function scopeSets({ scopes, operations }: Contract): readonly (readonly string[])[] {
  const sets = new Map(scopes.map((scope) => [scope, [scope]]));
  for (const { scopes: asked } of operations) if (asked.length > 1) sets.set(asked.join(' '), [...asked]);
  const resourceOf = (scope: string): string | undefined => scope.split(':')[0];
  const isCovered = operations.some((operation) => {
    const near = acceptedScopes(operation).map(resourceOf);
    return near.length > 0 && scopes.every((scope) => near.includes(resourceOf(scope)));
  });
  return [...sets.values(), ...(isCovered ? [[]] : [])];
}

/** Of the primary credential, unless another one is meant. */
export function fullAccessKey(
  keys: readonly IssuedKey[],
  environment: EnvironmentName,
  slot = PRIMARY,
): IssuedKey | undefined {
  return keys.find((key) => key.sort === 'full' && key.environment === environment && key.slot === slot);
}

/** Digests have one length, and comparing them takes the same time wherever they differ. */
export function isSameKey(stored: IssuedKey, sent: string): boolean {
  return timingSafeEqual(stored.digest, digestOf(sent));
}

export function digestOf(value: string): Buffer {
  return createHash('sha256').update(value, 'latin1').digest();
}

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters of both cases and digits in every third of it, so that any third can be changed in any way. */
export function longSecret(): string {
  return third() + third() + third();
}

function third(): string {
  const candidate = randomText(10, LETTERS_AND_DIGITS);
  return /[A-Z]/.test(candidate) && /[a-z]/.test(candidate) && /\d/.test(candidate) ? candidate : third();
}

export function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
