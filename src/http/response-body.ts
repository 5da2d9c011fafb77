import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Body } from '../model/exchange.ts';
import { readJson } from './json.ts';

/** What is recorded of a body at most, in characters. An error body has a few hundred. */
const RECORDED = 16_384;
/** A key that lies over the end of what is recorded is looked for as a whole. */
const LONGEST_READ = 2 * RECORDED;

const DECODERS: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  // It means no coding, and some servers send it though RFC 9110 §12.5.3 reserves it for requests.
  identity: (bytes) => bytes,
};

/** No server needs more than one, and each more makes a larger bomb possible. */
const MOST_CODINGS = 4;

/** A body as it was received, and its beginning to be recorded. */
export interface ReadBody {
  readonly body: Body;
  /** Longer than what is recorded, so that a key at the end of that is found whole. */
  readonly beginning: string;
}

/**
 * Makes a readable body of received bytes.
 *
 * @param codings content codings in the order in which the server applied them (RFC 9110 §8.4), in lower case
 * @param limit bytes after decoding; a coding that expands beyond it counts as cut
 */
export function readBody(bytes: Buffer, truncated: boolean, codings: readonly string[], limit: number): ReadBody {
  const incomplete = truncated
    ? `the body ${bytes.length < limit ? 'does not end in time' : `goes on beyond ${limit} bytes`}`
    : undefined;
  const decoded = decode(bytes, codings, limit);
  const problem =
    incomplete ?? decoded.problem ?? (isUtf8(decoded.bytes) ? undefined : 'the body is not UTF-8, so it is not JSON');
  // A body that cannot be read as JSON is only recorded, so no more of it is read than is recorded.
  const bytesToRead = problem === undefined ? decoded.bytes : decoded.bytes.subarray(0, LONGEST_READ);
  const whole = bytesToRead.toString('utf8');
  return {
    beginning: beginningOf(whole, LONGEST_READ),
    body: {
      text: replaceControlCharacters(beginningOf(whole, RECORDED)),
      bytes: bytes.length,
      truncated: truncated || decoded.truncated || whole.length > RECORDED,
      ...(problem === undefined ? readJson(whole) : { jsonError: problem }),
    },
  };
}

/** What a report shows of the beginning of a body. */
export function recordedText(redacted: string): string {
  return replaceControlCharacters(beginningOf(redacted, RECORDED));
}

/** The body without its content coding; as it is where the coding is unknown or a lie. */
export function withoutCoding(bytes: Buffer, codings: readonly string[], limit: number): Buffer {
  const decoded = decode(bytes, codings, limit);
  return decoded.problem === undefined ? decoded.bytes : bytes;
}

/** Control characters as their pictures: a terminal obeys some of them, and no XML report can hold them. */
export function replaceControlCharacters(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what it replaces
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : '�';
  });
}

/** A copy: a slice would keep the whole text in memory for as long as the report is made. */
function beginningOf(text: string, length: number): string {
  return text.length > length ? Buffer.from(text.slice(0, length)).toString('utf8') : text;
}

interface Decoded {
  readonly bytes: Buffer;
  readonly truncated: boolean;
  /** Why the body cannot be read. */
  readonly problem?: string;
}

/** Takes the codings off, the last one first. From an unknown coding on, the bytes stay as they are. */
function decode(received: Buffer, codings: readonly string[], limit: number): Decoded {
  if (codings.length > MOST_CODINGS) {
    return { bytes: Buffer.alloc(0), truncated: false, problem: `the body has more than ${MOST_CODINGS} codings` };
  }
  let bytes = received;
  for (const coding of codings.toReversed()) {
    const decoder = DECODERS[coding];
    if (!decoder) break;
    try {
      bytes = decoder(bytes, { maxOutputLength: limit });
    } catch (error) {
      const truncated = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      const problem = truncated ? `the ${coding} body expands beyond ${limit} bytes` : `the body is not ${coding}`;
      return { bytes: Buffer.alloc(0), truncated, problem };
    }
  }
  return { bytes, truncated: false };
}
