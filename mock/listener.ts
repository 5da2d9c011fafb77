import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureVersion } from 'node:tls';
import fastify, { type FastifyInstance, type FastifyServerOptions, type onRequestAsyncHookHandler } from 'fastify';
import type { HeaderLine, Reply } from './behaviour.ts';
import type { Certificate } from './certificates.ts';
import { asText, write } from './delivery.ts';
import { Front, readHead, serverNameOf } from './front.ts';

export interface Incoming {
  readonly method: string;
  /** The request-target as it was sent. */
  readonly target: string;
  readonly headers: readonly HeaderLine[];
  readonly peer: string;
  readonly connection: object;
  readonly serverName: string | undefined;
  readonly body: () => Promise<Buffer | undefined>;
}

export interface Listener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export interface ListenerOptions {
  /** Absent: plain HTTP. */
  readonly tls?: Certificate & { readonly oldest: SecureVersion };
  readonly port: number;
  readonly respond: (incoming: Incoming) => Promise<Reply>;
  /** For what comes in and is no HTTP: as much of the request as could be read stands for it. */
  readonly refuseMalformed: (incoming: Incoming, isTooLarge: boolean) => Reply;
  /** What the parser reads in place of a head; absent: what came. */
  readonly front?: ((incoming: Incoming, head: string) => string) | undefined;
}

const LARGEST_BODY = 1024 * 1024;

/**
 * Hands every request on before anything is parsed, and writes the answer by itself: Fastify's router would answer
 * strange paths and methods in its own way.
 */
export async function listen({ tls, port, respond, refuseMalformed, front }: ListenerOptions): Promise<Listener> {
  const options = {
    rewriteUrl: () => '/',
    forceCloseConnections: true,
    clientErrorHandler: ({ code, rawPacket }: { code: string; rawPacket: unknown }, socket: Socket) => {
      const asked = { ...asFarAsRead(rawPacket), ...whose(socket), body: nothing };
      if (socket.writable) socket.end(asText(refuseMalformed(asked, code === 'HPE_HEADER_OVERFLOW'), asked.method));
      else socket.destroy();
    },
  } satisfies FastifyServerOptions;
  const handOn: onRequestAsyncHookHandler = async (request, reply) => {
    reply.hijack();
    await write(await respond(incoming(request.raw, request.originalUrl)), request.raw, reply.raw);
  };
  // The two kinds of server differ in type only, and only as far as Fastify is concerned.
  const app = (tls ? fastify({ ...options, https: secured(tls) }) : fastify(options)) as FastifyInstance;
  app.addHook('onRequest', handOn);
  if (front) standInFront(app.server, tls ? 'secureConnection' : 'connection', front);
  await app.listen({ host: '127.0.0.1', port });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('a listener without a port');
  return { port: address.port, close: () => app.close() };
}

/** OpenSSL lets the old versions in only where it is told that no security is asked for. */
function secured({ key, cert, oldest }: NonNullable<ListenerOptions['tls']>) {
  const isOld = oldest === 'TLSv1' || oldest === 'TLSv1.1';
  return { key, cert, minVersion: oldest, ...(isOld && { ciphers: 'DEFAULT@SECLEVEL=0' }) };
}

function standInFront(
  server: Server,
  event: 'connection' | 'secureConnection',
  front: NonNullable<ListenerOptions['front']>,
): void {
  const handlers = server.listeners(event);
  server.removeAllListeners(event);
  server.on(event, (socket: Socket) => {
    const standing = new Front(socket, (own, head) => front({ ...readHead(head), ...whose(own), body: nothing }, head));
    for (const handle of handlers) handle.call(server, standing);
  });
}

function incoming(raw: IncomingMessage, target: string): Incoming {
  const headers: HeaderLine[] = [];
  for (let index = 0; index + 1 < raw.rawHeaders.length; index += 2) {
    headers.push([raw.rawHeaders[index] ?? '', raw.rawHeaders[index + 1] ?? '']);
  }
  let body: Promise<Buffer | undefined> | undefined;
  const { method = '', socket } = raw;
  return { method, target, headers, ...whose(socket), body: () => (body ??= readBody(raw)) };
}

function asFarAsRead(packet: unknown): ReturnType<typeof readHead> {
  const text = Buffer.isBuffer(packet) ? packet.toString('latin1') : '';
  return /^[A-Z]+ \S+ HTTP\//.test(text) ? readHead(text) : { method: 'GET', target: '/', headers: [] };
}

function whose(socket: Socket | Front): Pick<Incoming, 'peer' | 'connection' | 'serverName'> {
  return { peer: socket.remoteAddress ?? '', connection: socket, serverName: serverNameOf(socket) };
}

function nothing(): Promise<Buffer> {
  return Promise.resolve(Buffer.alloc(0));
}

async function readBody(raw: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of raw) {
    size += (chunk as Buffer).length;
    // Read on to the end: stopping would close the connection before the answer is written.
    if (size <= LARGEST_BODY) chunks.push(chunk as Buffer);
  }
  return size <= LARGEST_BODY ? Buffer.concat(chunks) : undefined;
}
