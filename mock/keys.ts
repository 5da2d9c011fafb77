import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { EnvironmentName } from '../src/contract/contract.ts';
import type { Environment } from './world.ts';

/** TEST-NET-3 (RFC 5737): no request ever comes from there. */
const LOCKED_TO = '203.0.113.7';

export type Sort = 'full' | 'scoped' | 'revoked' | 'address-locked';

export interface IssuedKey {
  readonly sort: Sort;
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

/** One key of every sort, random with each start, so that no key can be written down in a test. */
export function issueKeys(environment: Environment, scopes: readonly string[], makeSecret: () => string): IssuedKey[] {
  const prefix = environment.kinds[0]?.prefix ?? '';
  const issue = (sort: Sort, held: 'all' | readonly string[], rest: Partial<IssuedKey> = {}): IssuedKey => {
    const secret = makeSecret();
    const value = prefix + secret;
    const base = { sort, environment: environment.name, prefix, secret, value, scopes: held, isRevoked: false };
    return { ...base, digest: digestOf(value), ...rest };
  };
  return [
    issue('full', 'all'),
    ...scopes.map((scope) => issue('scoped', [scope])),
    issue('revoked', 'all', { isRevoked: true }),
    issue('address-locked', 'all', { allowedAddress: LOCKED_TO }),
  ];
}

export function fullAccessKey(keys: readonly IssuedKey[], environment: EnvironmentName): IssuedKey | undefined {
  return keys.find((key) => key.sort === 'full' && key.environment === environment);
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
