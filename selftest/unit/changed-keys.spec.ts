import { createHmac, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import { expect, test } from '../support/unit-test.ts';
import {
  isHexadecimal,
  isOfOneCase,
  withOneMoreCharacter,
  withOtherCharacter,
  withoutLastCharacter,
} from '../../src/config/changed-keys.ts';

/** Enough that a rule which is wrong for one character in sixty is sure to be seen. */
const MANY = 2000;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (number: number): string => `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: `user-${number}` })}`;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five.padEnd(5, '0'), 2)))
    .join('');
}

function fromBase32(text: string): string {
  const bits = Array.from(text.toUpperCase())
    .map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one))
    .map((value) => (value < 0 ? '' : value.toString(2).padStart(5, '0')))
    .join('');
  return (bits.match(/.{8}/g) ?? []).join('');
}

const LONG = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const alphanumeric = (length: number): string =>
  [...randomBytes(length)].map((byte) => LONG.charAt(byte % LONG.length)).join('');
const lengthOf = (number: number): number => 12 + (number % 24);

/** Keys of every sort, with the part of a changed one that a server reads as bytes. */
const sorts: Readonly<Record<string, (number: number) => string>> = {
  'letters and digits': (number) => alphanumeric(lengthOf(number)),
  base64: (number) => randomBytes(lengthOf(number)).toString('base64'),
  base64url: (number) => randomBytes(lengthOf(number)).toString('base64url'),
  'base64url behind a prefix': (number) => `key_${randomBytes(lengthOf(number)).toString('base64url')}`,
  hexadecimal: (number) => randomBytes(lengthOf(number)).toString('hex'),
  'hexadecimal in upper case': (number) => randomBytes(lengthOf(number)).toString('hex').toUpperCase(),
  'hexadecimal behind a prefix': (number) => `key_${randomBytes(lengthOf(number)).toString('hex')}`,
  UUIDs: () => randomUUID(),
  base32: (number) => base32(randomBytes(lengthOf(number))),
  'decimal digits': (number) => String(10 ** 15 + number * 7919),
  'JSON Web Tokens of HS256': (number) =>
    `${claims(number)}.${createHmac('sha256', 'key').update(claims(number)).digest('base64url')}`,
};

/** Bytes in hexadecimal. A text with a dot or of another length is no base64, so that a server reads it as it is. */
function fromBase64(text: string): string {
  return text.includes('.') || text.replace(/=+$/, '').length % 4 === 1
    ? text
    : Buffer.from(text, 'base64').toString('hex');
}

/** Everything that a server could read in a key, without what it would ignore. */
function readings(key: string): readonly string[] {
  const behindPrefix = key.replace(/^key_/, '');
  const last = behindPrefix.split('.').at(-1) ?? '';
  return [key.toLowerCase(), ...[key, behindPrefix, last].map(fromBase64)];
}

function bytesOf(sort: string, key: string): string {
  if (sort.startsWith('hexadecimal') || sort === 'UUIDs')
    return Buffer.from(key.replace(/^key_|-/g, ''), 'hex').toString('hex');
  return sort === 'base32' ? fromBase32(key) : '';
}

for (const [sort, make] of Object.entries(sorts)) {
  test(`a changed key of ${sort} is another key, however a server reads it`, () => {
    const wrong: string[] = [];
    for (let number = 0; number < MANY; number++) {
      const key = make(number);
      const end = key.replace(/=+$/, '').length - 1;
      for (const index of [0, Math.floor(key.length / 2), end]) {
        const changed = withOtherCharacter(key, index);
        const isElsewhereSame =
          changed.length === key.length && changed.slice(0, index) + changed.slice(index + 1) === without(key, index);
        if (!isElsewhereSame || (index === end && isReadAlike(sort, key, changed))) wrong.push(`${key} ${changed}`);
      }
    }
    expect(wrong).toEqual([]);
  });
}

/** Sorts that a server reads as bytes, with more or fewer characters too. */
for (const sort of ['base64', 'base64url', 'letters and digits'])
  test(`a key of ${sort} that is cut or extended by one is another key, and keeps its padding`, () => {
    const keys = Array.from({ length: MANY }, (_, number) => sorts[sort]?.(number) ?? '');
    for (const change of [withoutLastCharacter, withOneMoreCharacter]) {
      const changed = keys.map((key) => [key, change(key)] as const);
      expect(changed.filter(([key, other]) => Math.abs(key.length - other.length) !== 1)).toEqual([]);
      expect(changed.filter(([key, other]) => /=*$/.exec(key)?.[0] !== /=*$/.exec(other)?.[0])).toEqual([]);
      expect(changed.filter(([key, other]) => fromBase64(key) === fromBase64(other))).toEqual([]);
    }
  });

function without(key: string, index: number): string {
  return key.slice(0, index) + key.slice(index + 1);
}

function isReadAlike(sort: string, key: string, changed: string): boolean {
  const after = readings(changed);
  if (readings(key).some((reading, at) => reading === after[at])) return true;
  return bytesOf(sort, key) !== '' && bytesOf(sort, key) === bytesOf(sort, changed);
}

test('a changed token of RS256 has another signature', () => {
  for (let number = 0; number < 40; number++) {
    const signature = sign('sha256', Buffer.from(claims(number)), privateKey).toString('base64url');
    const token = `${claims(number)}.${signature}`;
    const changed = withOtherCharacter(token, token.length - 1);
    const bytes = Buffer.from(changed.split('.')[2] ?? '', 'base64url');
    expect(bytes.equals(Buffer.from(signature, 'base64url'))).toBe(false);
  }
});

test('a changed key keeps to hexadecimal, and to digits', () => {
  const keys = Array.from({ length: MANY }, () => randomBytes(16).toString('hex'));
  expect(keys.filter((key) => !/^[\da-f]{32}$/.test(withOtherCharacter(key, 31)))).toEqual([]);
  const numbers = Array.from({ length: MANY }, (_, number) => String(10 ** 12 + number));
  expect(numbers.filter((key) => !/^\d{13}$/.test(withOtherCharacter(key, 12)))).toEqual([]);
});

test('hexadecimal is told from letters and digits', () => {
  expect(isHexadecimal(randomUUID())).toBe(true);
  expect(isHexadecimal(randomBytes(20).toString('hex').toUpperCase())).toBe(true);
  expect(isHexadecimal('abcdef')).toBe(false);
  expect(isHexadecimal('abcdefghijklmnop')).toBe(false);
});

test('letters of one case are told from letters of both, and from a short key', () => {
  const ofOne = ['ABCD3FGH-JK7MNPQR-STVW2XYZ', 'abcdefghijklmnop', '1234567890123456'];
  expect(ofOne.map(isOfOneCase)).toEqual([true, true, true]);
  expect(['abcdefgh', 'ABCDEFGHIJKLMNOp', 'aBcDeFgHiJkLmNoPq'].map(isOfOneCase)).toEqual([false, false, false]);
});
