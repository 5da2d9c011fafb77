import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { HeaderLine, Reply } from './behaviour.ts';

/** Writes an answer by itself: a framework's replies know header names in lower case only, and one way to travel. */
export async function write(
  reply: Reply,
  { method, socket }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { delay = 0, hangUp, hinted, compressed, untilClose, chunked, trailers, phrase } = reply.delivery ?? {};
  if (delay > 0) await setTimeout(delay);
  if (hangUp) {
    socket.resetAndDestroy();
    return;
  }
  if (hinted) response.writeEarlyHints({ link: '</terms>; rel=preload' });
  const text = serialised(reply);
  const body = compressed ? gzipSync(text) : Buffer.from(text);
  if (untilClose) response.useChunkedEncodingByDefault = false;
  const lines: HeaderLine[] = [...reply.headers];
  if (compressed) lines.push(['Content-Encoding', 'gzip']);
  if (trailers && method !== 'HEAD') lines.push(['Trailer', trailers.map(([name]) => name).join(', ')]);
  // RFC 9110 §8.6: a 204 has no length.
  if (!chunked && !untilClose && reply.status !== 204) lines.push(['Content-Length', String(body.length)]);
  response.writeHead(reply.status, phrase, lines.flat());
  if (method === 'HEAD') {
    response.end();
    return;
  }
  if (chunked) for (let start = 0; start < body.length; start += 16) response.write(body.subarray(start, start + 16));
  if (trailers) response.addTrailers(trailers.map(([name, value]): [string, string] => [name, value]));
  response.end(chunked ? undefined : body);
}

/** The answer to what no parser could read: there is no request to answer, but for what is known of its method. */
export function asText(reply: Reply, method: string): string {
  const body = method === 'HEAD' ? '' : serialised(reply);
  const lines = [...reply.headers, ['Content-Length', String(Buffer.byteLength(body))], ['Connection', 'close']];
  return [`HTTP/1.1 ${reply.status} `, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}

function serialised({ body, delivery }: Reply): string {
  return typeof body === 'string' ? body : JSON.stringify(body, null, delivery?.indented ? 2 : undefined);
}
