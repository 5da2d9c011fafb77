import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Body } from '../model/exchange.ts';
import { readJson } from './json.ts';

/** What is recorded of a body at the most, in characters. An error body is a few hundred. */
const RECORDED = 16_384;

const DECODERS: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * Makes a readable body of received bytes.
 *
 * @param limit bytes after decoding; a coding that expands beyond it counts as cut
 * @param redact takes the keys out before anything else reads the text
 */
export function readBody(
  bytes: Buffer,
  truncated: boolean,
  coding: string | undefined,
  limit: number,
  redact: (text: string) => string,
): Body {
  const cut = truncated
    ? `the body ${bytes.length < limit ? 'does not end in time' : `goes on beyond ${limit} bytes`}`
    : undefined;
  const decoded = decode(bytes, coding?.trim().toLowerCase(), limit);
  const fault =
    cut ?? decoded.fault ?? (isUtf8(decoded.bytes) ? undefined : 'the body is not UTF-8, so it is not JSON');
  // A body that cannot be read is only shown: what is not shown is not looked through for keys.
  const seen = fault === undefined ? decoded.bytes : decoded.bytes.subarray(0, 2 * RECORDED);
  const whole = redact(seen.toString('utf8'));
  return {
    text: visible(beginning(whole)),
    bytes: bytes.length,
    truncated: truncated || decoded.truncated || whole.length > RECORDED,
    ...(fault === undefined ? readJson(whole) : { jsonError: fault }),
  };
}

/** The body without its content coding; as it is where the coding is unknown or a lie. */
export function withoutCoding(bytes: Buffer, coding: string | undefined, limit: number): Buffer {
  const decoded = decode(bytes, coding?.trim().toLowerCase(), limit);
  return decoded.fault === undefined ? decoded.bytes : bytes;
}

/** Control characters as their pictures: a terminal obeys some of them, and no XML report can hold them. */
export function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what it replaces
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : '�';
  });
}

/** A copy: a slice would keep the whole text in memory for as long as the report is made. */
function beginning(text: string): string {
  return text.length > RECORDED ? Buffer.from(text.slice(0, RECORDED)).toString('utf8') : text;
}

function decode(
  bytes: Buffer,
  coding: string | undefined,
  limit: number,
): { bytes: Buffer; truncated: boolean; fault?: string } {
  const decoder = coding === undefined ? undefined : DECODERS[coding];
  if (!decoder) return { bytes, truncated: false };
  try {
    return { bytes: decoder(bytes, { maxOutputLength: limit }), truncated: false };
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return {
      bytes: Buffer.alloc(0),
      truncated: tooLarge,
      fault: tooLarge ? `the ${coding} body expands beyond ${limit} bytes` : `the body is not ${coding}`,
    };
  }
}
