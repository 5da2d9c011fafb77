import { constants, type Http2ServerRequest, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { setTimeout } from 'node:timers/promises';
import type { HeaderLine, IncomingRequest, MockResponse } from '../types/http.ts';
import { bytesOf } from './delivery.ts';
import { certificateOf, isResumed, serverNameOf } from './head-filter.ts';

/** Fields of a message over HTTP/1.1 that HTTP/2 forbids (RFC 9113 §8.2.2). */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'],
]);

/** @param readBody reads the body of the request */
export function incomingOverHttp2(
  request: Http2ServerRequest,
  readBody: () => Promise<Buffer | undefined>,
): IncomingRequest {
  const { rawHeaders, method, url, socket, stream } = request;
  const lines = rawHeaders.flatMap((name, index): HeaderLine[] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
  const authority = lines.find(([name]) => name === ':authority')?.[1];
  const headers = lines.filter(([name]) => !name.startsWith(':') && name !== 'cookie');
  const crumbs = lines.flatMap(([name, value]) => (name === 'cookie' ? [value] : []));
  // RFC 9113 §8.2.3: a cookie may come in crumbs, and is one line before anybody reads it.
  if (crumbs.length > 0) headers.push(['cookie', crumbs.join('; ')]);
  let body: Promise<Buffer | undefined> | undefined;
  return {
    ...{ method, target: url, connection: stream.session ?? stream, peer: socket.remoteAddress ?? '' },
    // RFC 9113 §8.3.1: whoever reads Host reads :authority, where there is one.
    headers: authority === undefined ? headers : [['host', authority], ...headers.filter(([name]) => name !== 'host')],
    http2: { authority, host: headers.find(([name]) => name === 'host')?.[1], crumbs },
    serverName: serverNameOf(socket),
    certificate: certificateOf(socket),
    isResumed: isResumed(socket),
    body: () => (body ??= readBody()),
  };
}

/** Writes a response to a stream. */
export async function writeOverHttp2(response: MockResponse, method: string, stream: ServerHttp2Stream): Promise<void> {
  const { delay = 0, withheld, compressed, endless } = response.delivery ?? {};
  if (delay > 0) await setTimeout(delay);
  if (stream.destroyed) return;
  if (withheld) {
    if (withheld !== 'silence') stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    return;
  }
  const body = bytesOf(response);
  const lines: HeaderLine[] = response.headers.filter(([name]) => !OF_THE_CONNECTION.has(name.toLowerCase()));
  if (compressed) lines.push(['content-encoding', 'gzip']);
  // RFC 9110 §8.6: a 204 has no length.
  if (!endless && response.status !== 204) lines.push(['content-length', String(body.length)]);
  stream.respond({ ':status': response.status, ...fieldsOf(lines) }, { endStream: method === 'HEAD' });
  if (method === 'HEAD') return;
  if (endless) stream.write(body);
  else stream.end(body);
}

function fieldsOf(lines: readonly HeaderLine[]): OutgoingHttpHeaders {
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of lines) {
    const known = fields[name.toLowerCase()];
    fields[name.toLowerCase()] = known === undefined ? value : [...[known].flat(), value];
  }
  return fields;
}
