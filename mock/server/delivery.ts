import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { HeaderLine, MockResponse } from '../types/http.ts';

/** Writes a response to a connection. */
export async function write(
  response: MockResponse,
  { method, socket }: IncomingMessage,
  stream: ServerResponse,
): Promise<void> {
  const {
    delay = 0,
    withheld,
    hinted,
    compressed,
    untilClose,
    chunked,
    endless,
    trailers,
    phrase,
  } = response.delivery ?? {};
  if (delay > 0) await setTimeout(delay);
  if (withheld) {
    if (withheld === 'reset') socket.resetAndDestroy();
    else if (withheld === 'close') socket.destroy();
    return;
  }
  if (hinted) stream.writeEarlyHints({ link: '</terms>; rel=preload' });
  const body = bytesOf(response);
  if (untilClose) stream.useChunkedEncodingByDefault = false;
  const lines: HeaderLine[] = [...response.headers];
  if (compressed) lines.push(['Content-Encoding', 'gzip']);
  if (trailers && method !== 'HEAD') lines.push(['Trailer', trailers.map(([name]) => name).join(', ')]);
  // RFC 9110 §8.6: a 204 has no length.
  if (!chunked && !untilClose && !endless && response.status !== 204)
    lines.push(['Content-Length', String(body.length)]);
  stream.writeHead(response.status, phrase, lines.flat());
  if (method === 'HEAD') {
    stream.end();
    return;
  }
  if (chunked) for (let start = 0; start < body.length; start += 16) stream.write(body.subarray(start, start + 16));
  if (trailers) stream.addTrailers(trailers.map(([name, value]): [string, string] => [name, value]));
  if (endless) stream.write(body);
  else stream.end(chunked ? undefined : body);
}

/** The body as it is sent, with its content coding. */
export function bytesOf(response: MockResponse): Buffer {
  const text = serialised(response);
  return response.delivery?.compressed ? gzipSync(text) : Buffer.from(text);
}

/** What a handshake is answered with where the connection is no HTTP any more afterwards. */
export function asSwitch({ status, headers }: MockResponse): string {
  return [
    `HTTP/1.1 ${status} Switching Protocols`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
}

/** The response to what no parser could read, or to a handshake, as it is written to the socket. */
export function asText(response: MockResponse, method: string): string {
  const { bodyToHead, untilClose, phrase = '' } = response.delivery ?? {};
  const body = method === 'HEAD' && !bodyToHead ? '' : serialised(response);
  const length: readonly HeaderLine[] = untilClose ? [] : [['Content-Length', String(Buffer.byteLength(body))]];
  const lines: readonly HeaderLine[] = [...response.headers, ...length, ['Connection', 'close']];
  return [`HTTP/1.1 ${response.status} ${phrase}`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join(
    '\r\n',
  );
}

function serialised({ body, delivery }: MockResponse): string {
  return typeof body === 'string' ? body : JSON.stringify(body, null, delivery?.indented ? 2 : undefined);
}
