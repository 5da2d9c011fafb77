import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server on this machine that keeps every byte it gets. */
export interface Recorder {
  readonly port: number;
  readonly connections: number;
  /** What came in, as Latin-1. */
  readonly bytes: string;
  readonly close: () => Promise<void>;
}

/** An answer as bytes in Latin-1, the body included; with further header lines. */
export function answerOf(status: number, body = '{}', ...lines: readonly string[]): string {
  const head = [
    `HTTP/1.1 ${status} Status`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...lines,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/**
 * @param respond gets the head of a request, and the socket where no answer is an answer; the connection goes on as
 *   long as it returns bytes
 * @param isAskedEarly whether it is asked once a head is there, and not only with the body
 */
export async function record(
  respond: (head: string, socket: Socket) => string | undefined = () => answerOf(200),
  isAskedEarly = false,
): Promise<Recorder> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let bytes = '';
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    let unread = '';
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      bytes += chunk.toString('latin1');
      unread += chunk.toString('latin1');
      for (let end = unread.indexOf('\r\n\r\n'); end >= 0; end = unread.indexOf('\r\n\r\n')) {
        const head = unread.slice(0, end);
        const length = isAskedEarly ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
        if (unread.length < end + 4 + length) return;
        unread = unread.slice(end + 4 + length);
        const answer = respond(head, socket);
        if (answer !== undefined) socket.write(answer, 'latin1');
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get bytes() {
      return bytes;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}
