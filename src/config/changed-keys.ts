/*
 * Changes of a key that are sure to make another key of it. A key may be bytes in hexadecimal, in base64 or in base32, or a
 * JSON Web Token, and then some changes of its text change none of its bytes.
 */

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const BASE64 = `${UPPER}${LOWER}${DIGITS}`;

/** What base64, base64url and base32 are written with, or a part of a JSON Web Token. */
const RUN = /[A-Za-z0-9+/_-]/;
/** In characters. A shorter run of hexadecimal digits may be one by chance. */
const SHORTEST_HEXADECIMAL = 16;

/**
 * The key with another character of the same sort at the index. At the end of a run the last bits of a character may count
 * for nothing (RFC 4648 §3.5), so there the character differs from the old one in its two highest bits, which always count.
 */
export function withOtherCharacter(key: string, index: number): string {
  const character = key.charAt(index);
  const isEnd = RUN.test(character) && !RUN.test(key.charAt(index + 1));
  const candidates = isEnd ? charactersAtEnd(key, index) : sortOf(character);
  // The same key is changed in the same way, so that two runs can be compared.
  const other = Array.from(candidates).filter((one) => one.toLowerCase() !== character.toLowerCase());
  const chosen = other[(Math.max(0, BASE64.indexOf(character)) * 7 + key.length) % other.length] ?? '0';
  return key.slice(0, index) + chosen + key.slice(index + 1);
}

/** Padding of base64 holds nothing (RFC 4648 §3.2), so what stands before it is the end of a key. */
const PADDING = /={1,2}$/;

export function paddingOf(key: string): string {
  return PADDING.exec(key)?.[0] ?? '';
}

/** The key without the last of its characters that count. */
export function withoutLastCharacter(key: string): string {
  const padding = paddingOf(key);
  return key.slice(0, -1 - padding.length) + padding;
}

/** The key with one more character that counts. */
export function withOneMoreCharacter(key: string): string {
  const padding = paddingOf(key);
  return `${key.slice(0, key.length - padding.length)}x${padding}`;
}

/** Characters whose two highest bits in base64 are others; where the sort has none, letters that hexadecimal has as well. */
function charactersAtEnd(key: string, index: number): string {
  const character = key.charAt(index);
  const run = runAround(key, index);
  // A number in decimal digits is no base64, and each of its digits counts.
  if (/^\d+$/.test(key)) return DIGITS;
  if (isHexadecimal(run)) return /\d/.test(character) ? hexadecimalLetters(run) : DIGITS;
  const high = highBits(character);
  const sameSort = Array.from(sortOf(character))
    .filter((one) => highBits(one) !== high)
    .join('');
  return sameSort === '' ? hexadecimalLetters(run) : sameSort;
}

function highBits(character: string): number {
  const value = BASE64.indexOf(character);
  // The two characters beyond letters and digits have the values 62 and 63.
  return (value < 0 ? 62 : value) >> 4;
}

function hexadecimalLetters(run: string): string {
  return /[a-z]/.test(run) ? LOWER.slice(0, 6) : UPPER.slice(0, 6);
}

function sortOf(character: string): string {
  return [LOWER, UPPER].find((sort) => sort.includes(character)) ?? DIGITS;
}

function runAround(key: string, index: number): string {
  let [start, end] = [index, index];
  while (start > 0 && /[A-Za-z0-9]/.test(key.charAt(start - 1))) start--;
  while (/[A-Za-z0-9]/.test(key.charAt(end))) end++;
  return key.slice(start, end);
}

/**
 * Whether the text is hexadecimal, or a UUID, which is read in either letter case alike.
 *
 * @param key the whole key, or the part behind the prefix of its kind
 */
export function isHexadecimal(key: string): boolean {
  const digits = key.replaceAll('-', '');
  return digits.length >= SHORTEST_HEXADECIMAL && /^[\da-f]+$/i.test(digits);
}

/**
 * Whether the letters of the text are of one case only. Servers read such keys in either case, as those of base32 and those
 * that people type, and nobody guesses them sooner for that.
 *
 * @param key the whole key, or the part behind the prefix of its kind
 */
export function isOfOneCase(key: string): boolean {
  return key.replaceAll('-', '').length >= SHORTEST_HEXADECIMAL && !(/[a-z]/.test(key) && /[A-Z]/.test(key));
}
