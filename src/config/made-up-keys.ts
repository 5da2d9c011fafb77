import { randomBytes, randomInt } from 'node:crypto';
import type { Target } from '../model/target.ts';
import { reveal, Secret } from '../secret.ts';

const CLASSES: readonly string[] = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'];

/** Another character of the same sort, and never only its other letter case. */
function otherCharacter(character: string): string {
  const sort = CLASSES.find((characters) => characters.includes(character)) ?? String(CLASSES[2]);
  const others = sort.replace(character, '');
  return others.charAt(randomInt(others.length));
}

/**
 * A key that was never issued, of the length and alphabet of a real one: well formed, random, opening nothing.
 *
 * @param publicPrefix the part of the real key that is kept
 */
export function madeUpLike(real: Secret, publicPrefix: string): Secret {
  const hidden = reveal(real).slice(publicPrefix.length);
  const value = publicPrefix + hidden.replace(/[A-Za-z0-9]/g, otherCharacter);
  return new Secret('a key that was never issued', value, {
    origin: 'made-up',
    shell: `${publicPrefix}$(openssl rand -hex ${Math.ceil(hidden.length / 2)})`,
    isPair: real.isPair,
  });
}

export function madeUp(name: string, value: string, shell: string): Secret {
  return new Secret(name, value, { origin: 'made-up', shell });
}

/** Whether a text that everyone may read, such as one of the document, is a key that the run was given. */
export function isGiven(text: string, { keys }: Target): boolean {
  const { full, revoked, otherEnvironment, otherAccount, ipLocked, scoped, others } = keys;
  const given = [
    full,
    revoked,
    otherEnvironment,
    otherAccount,
    ipLocked,
    ...scoped.map(({ secret }) => secret),
    ...Object.values(others),
  ];
  return given.some((key) => key !== undefined && reveal(key) === text);
}

/** Where no operation takes a credential: a key that is no one's, so that nothing has to do without. */
export function noOnesKey(): Secret {
  return madeUp('no key', randomBytes(24).toString('hex'), '$(openssl rand -hex 24)');
}
