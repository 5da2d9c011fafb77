import { connect } from 'node:http2';
import type { HeaderLine } from '../types/http.ts';

export interface Http2Request {
  readonly url: URL;
  readonly target: string;
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  readonly ca: string;
}

/** Sends one request over HTTP/2, on a connection of its own. */
export async function sendOverHttp2({
  url,
  target,
  method,
  headers,
  ca,
}: Http2Request): Promise<{ readonly status: number; readonly lines: readonly HeaderLine[]; readonly body: Buffer }> {
  const session = connect(url.origin, { ca });
  try {
    return await new Promise((resolve, reject) => {
      session.on('error', reject);
      const stream = session.request({ ':method': method, ':path': target, ...Object.fromEntries(headers) });
      let status = 0;
      let lines: readonly HeaderLine[] = [];
      const chunks: Buffer[] = [];
      stream.on('response', (fields) => {
        status = fields[':status'] ?? 0;
        lines = Object.entries(fields).flatMap(([name, value]) =>
          [value ?? ''].flat().map((one): HeaderLine => [name, one]),
        );
      });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => resolve({ status, lines, body: Buffer.concat(chunks) })).on('error', reject);
    });
  } finally {
    session.destroy();
  }
}
