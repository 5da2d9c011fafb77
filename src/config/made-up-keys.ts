import { randomBytes, randomInt } from 'node:crypto';
import type { Keys, Target } from '../model/target.ts';
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
export function isGiven(text: string, { keys }: Pick<Target, 'keys'>): boolean {
  return givenKeys(keys).some((key) => reveal(key) === text);
}

/** In characters. A shorter key may stand in a text by chance. */
const SHORTEST_WITHIN = 8;

/** Whether such a text has a key that the run was given in it: `Bearer KEY`. */
export function holdsGiven(text: string, keys: Keys): boolean {
  return givenKeys(keys)
    .map(reveal)
    .some((key) => text === key || (key.length >= SHORTEST_WITHIN && text.includes(key)));
}

function givenKeys(keys: Keys): readonly Secret[] {
  const { full, revoked, otherEnvironment, otherAccount, ipLocked, scoped, others } = keys;
  return [
    full,
    revoked,
    otherEnvironment,
    otherAccount,
    ipLocked,
    ...scoped.map(({ secret }) => secret),
    ...Object.values(others),
  ].filter((key) => key !== undefined);
}

/** Where no operation takes a credential: a key that is no one's, so that nothing has to do without. */
export function noOnesKey(): Secret {
  return madeUp('no key', randomBytes(24).toString('hex'), '$(openssl rand -hex 24)');
}
