import { once } from 'node:events';
import { createServer, connect as connectPlain, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as connectEncrypted } from 'node:tls';
import type { Mock } from '../../mock/start.ts';
import { variableNames } from '../../src/config/variables.ts';

/** A request as it came in, before anyone answered it. */
export interface Seen {
  readonly method: string;
  readonly target: string;
  /** Request line and field lines, without the empty line. */
  readonly head: string;
  readonly body: string;
  /** `plain-http`: came to the address where plain HTTP is tried. */
  readonly via: 'base' | 'plain-http';
  /** Unix milliseconds. */
  readonly at: number;
}

/** Answers a request in the mock's place, as badly as it likes; `pass`: the mock answers. */
export type Meddle = (seen: Seen, socket: Socket) => 'pass' | 'answered';

export interface InterceptOptions {
  readonly environment?: 'sandbox' | 'production';
  readonly meddle?: Meddle;
  /** Changes what the mock answers, without changing its length. */
  readonly rewrite?: (answer: string) => string;
  /** So many turns of the event loop a request waits, so that requests arrive in another order than they were sent. */
  readonly turns?: () => number;
}

export interface Interceptor {
  /** The variables of the mock's environment, at the addresses of the interceptor. */
  readonly settings: Record<string, string>;
  readonly seen: readonly Seen[];
  readonly close: () => Promise<void>;
}

/**
 * Stands between the suite and a mock, byte by byte: nothing is parsed but where a request ends. It speaks plain HTTP, which
 * a target on this machine may, so that it can break off a connection at any byte.
 */
export async function intercept(mock: Mock, options: InterceptOptions): Promise<Interceptor> {
  const { environment = 'sandbox', meddle = () => 'pass', rewrite, turns = () => 0 } = options;
  const names = variableNames('huechat');
  const settings = mock.settings(environment);
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const stand = async (via: Seen['via'], address: string): Promise<{ server: Server; url: URL }> => {
    const behind = new URL(address);
    const server = createServer((socket) => {
      sockets.add(socket);
      relay(socket, {
        look: (request) => {
          const one = { ...request, via, at: Date.now() };
          seen.push(one);
          return meddle(one, socket);
        },
        dial: () => dial(behind, mock.ca),
        rewrite: rewrite ?? ((answer) => answer),
        turns,
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(address);
    url.protocol = 'http:';
    url.port = String((server.address() as AddressInfo).port);
    return { server, url };
  };
  const base = await stand('base', settings[names.baseUrl] ?? '');
  const plainHttp = await stand('plain-http', settings[names.plainHttpUrl] ?? '');
  return {
    settings: {
      ...settings,
      [names.baseUrl]: base.url.href,
      [names.plainHttpUrl]: plainHttp.url.href,
      [names.liveKeyHosts]: `${settings[names.liveKeyHosts] ?? ''},${base.url.host}`,
    },
    seen,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = [base, plainHttp].map(({ server }) => new Promise((resolve) => server.close(resolve)));
      await Promise.all(closed);
    },
  };
}

interface Post {
  readonly look: (request: Omit<Seen, 'via' | 'at'>) => 'pass' | 'answered';
  readonly dial: () => Socket;
  readonly rewrite: (answer: string) => string;
  readonly turns: () => number;
}

function relay(socket: Socket, { look, dial: open, rewrite, turns }: Post): void {
  let unread = Buffer.alloc(0);
  let onward: Socket | undefined;
  const goOn = (request: Buffer): void => {
    if (!onward) {
      onward = open();
      onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      onward.on('data', (chunk: Buffer) => socket.write(rewrite(chunk.toString('latin1')), 'latin1'));
    }
    onward.write(request);
  };
  socket.on('error', () => undefined).on('close', () => onward?.destroy());
  socket.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (let size = sizeOf(unread); size !== undefined && size <= unread.length; size = sizeOf(unread)) {
      const request = unread.subarray(0, size);
      unread = unread.subarray(size);
      const text = request.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const head = text.slice(0, end);
      const [method = '', target = ''] = head.split(' ');
      if (look({ method, target, head, body: text.slice(end + 4) }) === 'pass') after(turns(), () => goOn(request));
    }
  });
}

function after(turns: number, go: () => void): void {
  if (turns === 0) go();
  else setImmediate(() => after(turns - 1, go));
}

/** Bytes of the request at the beginning, once its head is there. */
function sizeOf(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = /^content-length:\s*(\d+)/im.exec(bytes.toString('latin1', 0, end))?.[1];
  return end + 4 + Number(length ?? 0);
}

function dial({ protocol, hostname, port }: URL, ca: string): Socket {
  const address = { host: hostname, port: Number(port) };
  return protocol === 'https:' ? connectEncrypted({ ...address, ca }) : connectPlain(address);
}
