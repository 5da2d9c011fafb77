import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import { createSecureServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { SecureVersion } from 'node:tls';
import type { HeaderLine, IncomingRequest, MockResponse } from '../types/http.ts';
import type { Certificate } from './certificates.ts';
import { asSwitch, asText, write } from './delivery.ts';
import { incomingOverHttp2, writeOverHttp2 } from './http2.ts';
import { certificateOf, HeadFilter, isResumed, readHead, serverNameOf } from './head-filter.ts';

export interface Listener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export interface ListenerOptions {
  /** Absent: plain HTTP. */
  readonly tls?: Certificate & {
    readonly oldest: SecureVersion;
    readonly speaksHttp2: boolean;
    /** The authority whose certificates clients are asked for; absent: they are asked for none. */
    readonly clientsOf?: string | undefined;
  };
  /** Zero: any free one. */
  readonly port: number;
  readonly respond: (incoming: IncomingRequest) => Promise<MockResponse>;
  /** The response to what is no HTTP; the request is as much as could be read. */
  readonly refuseMalformed: (incoming: IncomingRequest, isTooLarge: boolean) => MockResponse;
  /** The response to a request to upgrade the connection; absent: nobody listens for one, so it is any other request. */
  readonly upgrade?: ((incoming: IncomingRequest) => Promise<MockResponse>) | undefined;
  /** Whether only the reading of a body tells the client to send it. */
  readonly continuesLate?: boolean;
  /** What the parser reads in place of a head; absent: what came. */
  readonly filterHead?: ((incoming: IncomingRequest, head: string) => string) | undefined;
}

/** In bytes. */
const LARGEST_BODY = 1024 * 1024;

/** A connection stays open between the requests of a run, however long the run takes to send the next one. */
const KEEP_ALIVE_MILLISECONDS = 72_000;

export async function listen(options: ListenerOptions): Promise<Listener> {
  const { tls, port, respond, refuseMalformed, filterHead, upgrade, continuesLate } = options;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await write(await respond(incoming(request)), request, response);
  };
  const settings: ServerOptions = { keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, requestTimeout: 0 };
  const listener = (request: IncomingMessage, response: ServerResponse): void => void handle(request, response);
  const overHttp2 = async (request: Http2ServerRequest): Promise<void> => {
    const { method, stream } = request;
    stream.on('error', () => undefined);
    await writeOverHttp2(await respond(incomingOverHttp2(request, () => readBody(request))), method, stream);
  };
  const either = (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): void => ('stream' in request ? void overHttp2(request) : listener(request, response as ServerResponse));
  const server: Server = !tls
    ? createServer(settings, listener)
    : tls.speaksHttp2
      ? createHttp2Server({ ...settings, ...secured(tls), allowHTTP1: true }, either)
      : createSecureServer({ ...settings, ...secured(tls) }, listener);
  const refused = new WeakSet<Socket>();
  server.on('clientError', ({ code, rawPacket }: Error & { code?: string; rawPacket?: unknown }, socket: Socket) => {
    // The parser fails once more on each later piece of the same request. What is read is dropped: a socket that is
    // destroyed with bytes on their way resets the connection, and a client that still sends loses the response.
    if (refused.has(socket)) return;
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    refused.add(socket);
    const request = { ...asFarAsRead(rawPacket), ...connectionOf(socket), body: nothing };
    socket.end(asText(refuseMalformed(request, code === 'HPE_HEADER_OVERFLOW'), request.method));
  });
  if (continuesLate)
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      const late = incoming(request, () => response.writeContinue());
      void respond(late).then((answer) => write(answer, request, response));
    });
  if (upgrade) answerUpgrades(server, upgrade);
  if (filterHead) insertFilter(server, tls ? 'secureConnection' : 'connection', filterHead);
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server, open) };
}

function close(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of open) socket.destroy();
  });
}

function answerUpgrades(server: Server, upgrade: NonNullable<ListenerOptions['upgrade']>): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy()).resume();
    void upgrade(incoming(request)).then((response) => {
      if (response.status === 101) socket.write(asSwitch(response), 'latin1');
      else socket.end(asText(response, request.method ?? ''));
    });
  });
}

/** OpenSSL accepts the old versions only at its lowest level of security. */
function secured({ key, cert, oldest, clientsOf }: NonNullable<ListenerOptions['tls']>) {
  const isOld = oldest === 'TLSv1' || oldest === 'TLSv1.1';
  // Whoever has none is refused with a response.
  const asking = clientsOf !== undefined && { requestCert: true, rejectUnauthorized: false, ca: clientsOf };
  return { key, cert, minVersion: oldest, ...asking, ...(isOld && { ciphers: 'DEFAULT@SECLEVEL=0' }) };
}

function insertFilter(
  server: Server,
  event: 'connection' | 'secureConnection',
  filterHead: NonNullable<ListenerOptions['filterHead']>,
): void {
  const handlers = server.listeners(event);
  server.removeAllListeners(event);
  server.on(event, (socket: Socket) => {
    const filter = new HeadFilter(socket, (own, head) =>
      filterHead({ ...readHead(head), ...connectionOf(own), body: nothing }, head),
    );
    for (const handle of handlers) handle.call(server, filter);
  });
}

/** @param beforeBody is called before the body is read */
function incoming(request: IncomingMessage, beforeBody: () => void = () => undefined): IncomingRequest {
  const { rawHeaders, method = '', url = '', socket } = request;
  const headers = rawHeaders.flatMap((name, index): HeaderLine[] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
  let body: Promise<Buffer | undefined> | undefined;
  const read = (): Promise<Buffer | undefined> => {
    beforeBody();
    return readBody(request);
  };
  return { method, target: url, headers, ...connectionOf(socket), body: () => (body ??= read()) };
}

function asFarAsRead(packet: unknown): ReturnType<typeof readHead> {
  const text = Buffer.isBuffer(packet) ? packet.toString('latin1') : '';
  return /^[A-Z]+ \S+ HTTP\//.test(text) ? readHead(text) : { method: 'GET', target: '/', headers: [] };
}

function connectionOf(
  socket: Socket | HeadFilter,
): Pick<IncomingRequest, 'peer' | 'connection' | 'serverName' | 'certificate' | 'isResumed'> {
  return {
    peer: socket.remoteAddress ?? '',
    connection: socket,
    serverName: serverNameOf(socket),
    certificate: certificateOf(socket),
    isResumed: isResumed(socket),
  };
}

function nothing(): Promise<Buffer> {
  return Promise.resolve(Buffer.alloc(0));
}

async function readBody(request: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // A body that is too large is read to its end: stopping would close the connection before the response is written.
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size <= LARGEST_BODY ? Buffer.concat(chunks) : undefined;
}
