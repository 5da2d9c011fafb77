import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Body } from './exchange.ts';

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
  const decoded = decode(bytes, coding?.trim().toLowerCase(), limit);
  const whole = redact(decoded.bytes.toString('utf8'));
  const text = whole.slice(0, RECORDED);
  const cut = truncated || decoded.truncated || text.length < whole.length;
  return {
    text,
    bytes: bytes.length,
    truncated: cut,
    ...(decoded.fault ? { jsonError: decoded.fault } : readJson(whole)),
  };
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

function readJson(text: string): { json: unknown } | { jsonError: string } {
  if (text === '') return { jsonError: 'the body is empty' };
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return { jsonError: 'the body is not JSON' };
  }
}
