import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ConnectProxy {
  readonly port: number;
  /** What was asked for: method and target. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * A proxy as companies have one: it opens connections when it is asked with CONNECT, and asks for a user and a password.
 *
 * @param to the port on this machine that every connection leads to, whatever was asked for
 * @param authorization value of `Proxy-Authorization` that it wants; absent: it wants none
 */
export async function connectProxy(to: number, authorization?: string): Promise<ConnectProxy> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(403).end();
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    open.add(socket);
    socket.on('error', () => socket.destroy());
    if (authorization !== undefined && request.headers['proxy-authorization'] !== authorization) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n');
      return;
    }
    const onward = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    open.add(onward);
    onward.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
