import { once } from 'node:events';
import { createSecureServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { authority } from '../../mock/server/certificates.ts';

/** A request as it came over HTTP/2. */
export interface SeenStream {
  /** Name and value in turn, pseudo-header fields included. */
  readonly fields: readonly string[];
  readonly session: Http2Session | undefined;
  readonly body: () => string;
}

/** A server of HTTP/2 on this machine that keeps what it gets. */
export interface Http2Recorder {
  readonly origin: string;
  readonly ca: string;
  readonly seen: readonly SeenStream[];
  readonly close: () => Promise<void>;
}

/** @param respond answers a stream whose request has come in whole */
export async function recordHttp2(
  respond: (stream: ServerHttp2Stream, seen: SeenStream) => void = answer(200),
): Promise<Http2Recorder> {
  const { ca, certificateOf } = await authority();
  const sockets = new Set<Socket>();
  const seen: SeenStream[] = [];
  const server = createSecureServer(await certificateOf('trusted'));
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('request', ({ stream, rawHeaders: fields }) => {
    let body = '';
    const one = { fields, session: stream.session, body: () => body };
    seen.push(one);
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
    stream.on('end', () => respond(stream, one));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca,
    seen,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with a status and a body in JSON. */
export function answer(status: number, body = '{}'): (stream: ServerHttp2Stream) => void {
  return (stream) => {
    stream.respond({ ':status': status, 'content-type': 'application/json' });
    stream.end(body);
  };
}

/** The value of a field. */
export function fieldOf({ fields }: Pick<SeenStream, 'fields'>, name: string): string | undefined {
  const index = fields.findIndex((each, at) => at % 2 === 0 && each === name);
  return index < 0 ? undefined : fields[index + 1];
}
