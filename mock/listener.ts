import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyServerOptions, type onRequestAsyncHookHandler } from 'fastify';
import type { HeaderLine, Reply } from './behaviour.ts';
import type { Certificate } from './certificates.ts';

export interface Incoming {
  readonly method: string;
  /** The request-target as it was sent. */
  readonly target: string;
  readonly headers: readonly HeaderLine[];
  readonly peer: string;
  readonly body: () => Promise<Buffer | undefined>;
}

export interface Listener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export interface ListenerOptions {
  /** Absent: plain HTTP. */
  readonly certificate?: Certificate;
  readonly port: number;
  readonly respond: (incoming: Incoming) => Promise<Reply>;
  /** For what comes in and is no HTTP: an empty request stands for it. */
  readonly refuseMalformed: (incoming: Incoming) => Reply;
}

const LARGEST_BODY = 1024 * 1024;

/**
 * Hands every request on before anything is parsed, and writes the answer by itself: Fastify's router would answer
 * strange paths and methods in its own way, and its replies know header names in lower case only.
 */
export async function listen({ certificate, port, respond, refuseMalformed }: ListenerOptions): Promise<Listener> {
  const options = {
    rewriteUrl: () => '/',
    forceCloseConnections: true,
    clientErrorHandler: (_error: Error, socket: Socket) => {
      if (socket.writable) socket.end(asText(refuseMalformed(unread(socket))));
      else socket.destroy();
    },
  } satisfies FastifyServerOptions;
  const handOn: onRequestAsyncHookHandler = async (request, reply) => {
    reply.hijack();
    await write(await respond(incoming(request.raw, request.originalUrl)), request.raw, reply.raw);
  };
  // The two kinds of server differ in type only, and only as far as Fastify is concerned.
  const app = (certificate ? fastify({ ...options, https: certificate }) : fastify(options)) as FastifyInstance;
  app.addHook('onRequest', handOn);
  await app.listen({ host: '127.0.0.1', port });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('a listener without a port');
  return { port: address.port, close: () => app.close() };
}

function incoming(raw: IncomingMessage, target: string): Incoming {
  const headers: HeaderLine[] = [];
  for (let index = 0; index + 1 < raw.rawHeaders.length; index += 2) {
    headers.push([raw.rawHeaders[index] ?? '', raw.rawHeaders[index + 1] ?? '']);
  }
  let body: Promise<Buffer | undefined> | undefined;
  return {
    method: raw.method ?? '',
    target,
    headers,
    peer: raw.socket.remoteAddress ?? '',
    body: () => (body ??= readBody(raw)),
  };
}

function unread({ remoteAddress = '' }: Socket): Incoming {
  return { method: 'GET', target: '/', headers: [], peer: remoteAddress, body: () => Promise.resolve(Buffer.alloc(0)) };
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

async function write(reply: Reply, { method, socket }: IncomingMessage, response: ServerResponse): Promise<void> {
  const { chunked = false, delay = 0, hangUp = false } = reply.delivery ?? {};
  if (delay > 0) await setTimeout(delay);
  if (hangUp) {
    socket.resetAndDestroy();
    return;
  }
  const body = serialised(reply);
  const length: HeaderLine[] = chunked ? [] : [['Content-Length', String(Buffer.byteLength(body))]];
  response.writeHead(reply.status, [...reply.headers, ...length].flat());
  if (chunked && method !== 'HEAD') for (const piece of body.match(/.{1,16}/gs) ?? []) response.write(piece);
  response.end(method === 'HEAD' || chunked ? undefined : body);
}

function serialised({ body, delivery }: Reply): string {
  return typeof body === 'string' ? body : JSON.stringify(body, null, delivery?.indented ? 2 : undefined);
}

function asText(reply: Reply): string {
  const body = serialised(reply);
  const lines = [...reply.headers, ['Content-Length', String(Buffer.byteLength(body))], ['Connection', 'close']];
  return [`HTTP/1.1 ${reply.status} `, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}
