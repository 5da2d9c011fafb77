import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What the last characters of a key say about those before them. */
export interface KeyChecksum {
  /** Characters of the checksum. */
  readonly length: number;
  /** Index of the first character that it is about: behind a prefix, or 0. */
  readonly from: number;
  /** Characters between what it is about and the checksum: `_`, or none. */
  readonly separator: string;
  readonly algorithm: string;
  readonly encoding: string;
}

/*
 * How makers of keys write checksums: a CRC-32 in base62 stands at the end of GitHub's and npm's tokens, and in hexadecimal
 * or base64 at the end of others, and a part of a digest does the same. Every sum is tried in every encoding.
 */
const SUMS: Readonly<Record<string, (text: string) => Buffer>> = {
  crc32: (text) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(Buffer.from(text, 'latin1')));
    return sum;
  },
  ...Object.fromEntries(
    ['sha256', 'sha1', 'md5'].map((name) => [name, (text: string) => createHash(name).update(text, 'latin1').digest()]),
  ),
};

const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';

/** `hex` and `base64url`, or the digits of a number in the order of their value. */
const ENCODINGS: readonly string[] = [
  ...['hex', 'base64url'],
  ...[DIGITS + UPPER + LOWER, DIGITS + LOWER + UPPER, UPPER + LOWER + DIGITS, LOWER + UPPER + DIGITS, DIGITS + LOWER],
];

function encoded(sum: Buffer, encoding: string, length: number): string {
  return encoding === 'hex' || encoding === 'base64url'
    ? sum.toString(encoding).slice(0, length)
    : inBase(encoding, sum, length);
}

/** The last digits of the number that the bytes are, filled up with the digit for nothing. */
function inBase(alphabet: string, bytes: Buffer, length: number): string {
  const base = BigInt(alphabet.length);
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  while (text.length < length) {
    text = alphabet.charAt(Number(rest % base)) + text;
    rest /= base;
  }
  return text;
}

/** In characters. A shorter end agrees with a sum by chance too often, and a longer one is a signature. */
const LENGTHS = [6, 7, 8, 10, 12];
const SEPARATORS = ['', '_', '-', '.'];

/**
 * The checksum at the end of a key, so that a key that was never issued can be made with a right one.
 *
 * @param prefixes lengths of what may stand before the part that the sum is about, besides none
 * @returns undefined: none that is known
 */
export function checksumOf(key: string, prefixes: readonly number[]): KeyChecksum | undefined {
  // The parts that a key says it has count as prefixes too: `npm_`, `github_pat_`.
  const parts = Array.from(key.matchAll(/_/g), ({ index }) => index + 1);
  for (const length of LENGTHS)
    for (const separator of SEPARATORS)
      for (const from of new Set([0, ...prefixes, ...parts]))
        for (const algorithm of Object.keys(SUMS))
          for (const encoding of ENCODINGS) {
            const one = { length, separator, from, algorithm, encoding };
            if (withRightChecksum(key, one) === key) return one;
          }
  return undefined;
}

/** The key with its checksum worked out again; empty where the key is not written that way. */
export function withRightChecksum(key: string, checksum: KeyChecksum): string {
  const { length, from, separator, algorithm, encoding } = checksum;
  const end = key.length - length - separator.length;
  const sum = SUMS[algorithm];
  if (!sum || end - from < SHORTEST_BODY || !key.startsWith(separator, end)) return '';
  return key.slice(0, end) + separator + encoded(sum(key.slice(from, end)), encoding, length);
}

/** Below that there is no secret that a checksum could be about. */
const SHORTEST_BODY = 8;

/**
 * Words of a shell that print a key with its checksum worked out again, by Node.
 *
 * @param word of the shell that gives the key without its checksum, and without the separator before that
 */
export function checksumInShell(word: string, { length, from, separator, algorithm, encoding }: KeyChecksum): string {
  const sum =
    algorithm === 'crc32'
      ? 'b=Buffer.alloc(4),b.writeUInt32BE(require("zlib").crc32(t)),b'
      : `require("crypto").createHash("${algorithm}").update(t).digest()`;
  const text =
    encoding === 'hex' || encoding === 'base64url'
      ? `b.toString("${encoding}").slice(0,${length})`
      : `(n=BigInt("0x"+b.toString("hex")),Array.from(" ".repeat(${length}),()=>{const d="${encoding}"[n%${encoding.length}n];n/=${encoding.length}n;return d}).reverse().join(""))`;
  const script = `let k=process.argv[1],t=k.slice(${from}),b,n;b=(${sum});process.stdout.write(k+"${separator}"+${text})`;
  return `$(node -e '${script}' "${word}")`;
}
