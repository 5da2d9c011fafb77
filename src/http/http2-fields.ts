import type { PlannedRequest } from '../model/request.ts';
import type { Text } from '../secret.ts';
import { openText } from './request-text.ts';

/** A field as it is written over HTTP/2: its name is in lower case (RFC 9113 §8.2.1). */
export type Http2Field = readonly [name: string, value: Text];

/**
 * The fields of a request over HTTP/2, in the order in which they are written: the pseudo-header fields come first
 * (RFC 9113 §8.3).
 *
 * @param origin scheme, host and port that the connection is made to
 */
export function http2Fields(
  { method, target, headers, body, http2 }: PlannedRequest,
  origin: URL,
): readonly Http2Field[] {
  const has = (name: string): boolean => headers.some(([candidate]) => candidate.toLowerCase() === name);
  return [
    [':method', [method]],
    [':scheme', ['https']],
    [':authority', [http2?.authority ?? origin.host]],
    [':path', target],
    ...headers.map(([name, value]): Http2Field => [name.toLowerCase(), value]),
    ...(body === undefined || has('content-length')
      ? []
      : [['content-length', [String(Buffer.byteLength(openText(body)))]] satisfies Http2Field]),
  ];
}

/** Whether a server may end the connection over it, so that nothing else may be on that. */
export function isOddOverHttp2({ target, headers, http2 }: PlannedRequest): boolean {
  return (
    http2?.authority !== undefined ||
    !/^\/[\x21-\x7e]*$/.test(openText(target)) ||
    openText(target).includes('#') ||
    headers.some(([name]) => name.toLowerCase() === 'host')
  );
}
