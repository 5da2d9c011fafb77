import { type IncomingMessage, request as httpRequest } from 'node:http';
import { connect as connectPlain, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { checkServerIdentity, type ConnectionOptions, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { isToken } from '../fields/field-parser.ts';
import { listOf } from '../fields/response-fields.ts';
import { presented } from './tls.ts';
import { encrypted, placeOf, type Connection } from './connection.ts';
import { isEndless } from './endless.ts';
import { faultOf, isPassingStatus } from './fault.ts';
import { type ClientOptions, type ReceivedResponse, type WrittenRequest } from './client.ts';

/** Bytes. */
const LARGEST_HEAD = 65_536;
/** Milliseconds. */
const LONGEST_CONNECT = 5_000;
/** The latest TLS sessions that are kept: those of one operation, of which each may be of another credential. */
const MOST_SESSIONS = 100;
/** So many times the largest body are read of a response that another request follows on its connection. */
const LONGEST_DRAIN = 64;
/** Milliseconds that a body is held back for a 100: as long as curl waits, since a server may not know the expectation. */
const LONGEST_HELD_BACK = 1_000;
/**
 * Field names that undici refuses or changes, since they are about the connection or it would have to wait for a 100, and the
 * one by which it tells which request a head belongs to.
 */
const OF_THE_CLIENT: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'user-agent'],
]);

/**
 * Writes what no client library agrees to write: targets and field lines that the grammar forbids, and several requests
 * on one connection in order. Only the writing is our own: Node's HTTP parser reads the responses. Each call opens a
 * connection of its own. It resumes a TLS session only where it is told to, so that no case depends on another one.
 */
export class RawClient {
  readonly #options: ClientOptions;
  /** By origin and name. */
  readonly #sessions = new Map<string, Buffer>();

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /**
   * Sends each request after the response to the one before it, all on one connection.
   *
   * @param userAgent value of a `User-Agent` line, for requests that have none: some servers refuse whoever has none
   * @param session name of the TLS session that is resumed, and of the one that the server offers then, which saves half of a
   *   handshake; absent: a full handshake. A case about names or versions in TLS has a full one in any case
   * @returns the response to the last request, or to an earlier one that has to be tried again (429, 502, 503, 504)
   * @throws what the socket or the parser throws; `CONNECTION_CLOSED` where the server closed the connection before the
   *   last request, and `CONNECTION_UNFIT` where an earlier response has no end that another one could follow
   */
  async send(
    origin: URL,
    requests: readonly WrittenRequest[],
    userAgent?: string,
    session?: string,
  ): Promise<{ response: ReceivedResponse; head: string; isToEarlier?: true }> {
    const socket = await this.#connected(origin, requests[0], session);
    const overdue = setTimeout(
      () => socket.destroy(Object.assign(new Error('no response in time'), { code: 'ETIMEDOUT' })),
      this.#options.timeout,
    );
    try {
      let last: (Exchanged & { head: string }) | undefined;
      for (const [index, request] of requests.entries()) {
        if (last && (socket.destroyed || socket.readableEnded || announcesEnd(last.response))) throw connectionClosed();
        if (last?.isEnded === false) throw connectionUnfit();
        const head = headOf(origin, request, userAgent);
        const isLast = index === requests.length - 1;
        const exchanged: Exchanged = await this.#exchange(socket, request, head, isLast).catch((error: unknown) => {
          throw last ? whySecondFailed(error, requests[index - 1]?.method) : error;
        });
        last = { ...exchanged, head: head.replace(/\r\nuser-agent: auth-conformance.*$/im, '') };
        // Without a response of the API to the first request, the second one proves nothing.
        if (isPassingStatus(last.response.status)) return isLast ? last : { ...last, isToEarlier: true };
      }
      if (!last) throw new Error('nothing to send');
      return last;
    } finally {
      clearTimeout(overdue);
      socket.destroy();
    }
  }

  async #connected(origin: URL, first: WrittenRequest | undefined, session: string | undefined): Promise<Socket> {
    const { newestTls, serverName } = first ?? {};
    const place = placeOf(origin);
    const { connection, timeout } = this.#options;
    const longest = Math.min(timeout, LONGEST_CONNECT);
    const isFull = serverName !== undefined || newestTls !== undefined;
    const socket =
      origin.protocol === 'https:'
        ? await this.#encrypted(origin, isFull ? undefined : session, {
            ...(serverName !== undefined && withServerName(serverName, place.host)),
            ...(newestTls && { ...onlyOldTls(newestTls, connection), secureContext: undefined }),
          })
        : connectPlain(place);
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' })),
        longest,
      );
      const fail = (error: Error): void => {
        // A timer that is left keeps the process from ending.
        clearTimeout(late);
        reject(error);
      };
      socket.once(origin.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        clearTimeout(late);
        socket.off('error', fail);
        resolve(socket);
      });
      socket.once('error', fail);
    });
  }

  async #encrypted(origin: URL, session: string | undefined, options: ConnectionOptions): Promise<TLSSocket> {
    const { connection, timeout } = this.#options;
    const longest = Math.min(timeout, LONGEST_CONNECT);
    if (session === undefined) return encrypted(origin, connection, longest, options);
    const name = `${origin.origin} ${session}`;
    const known = this.#sessions.get(name);
    const socket = await encrypted(origin, connection, longest, { ...options, ...(known && { session: known }) });
    // Node gives it only after the certificate of the server was verified.
    socket.on('session', (offered) => this.#keep(name, offered));
    return socket;
  }

  #keep(name: string, session: Buffer): void {
    this.#sessions.delete(name);
    this.#sessions.set(name, session);
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size > MOST_SESSIONS) this.#sessions.delete(oldest);
  }

  #exchange(socket: Socket, request: WrittenRequest, head: string, isLast: boolean): Promise<Exchanged> {
    return new Promise((resolve, reject) => {
      const body = Buffer.from(request.body ?? '', 'utf8');
      const isHeldBack = expectsContinue(request) && body.length > 0;
      const relay = new Relay(socket, Buffer.concat([Buffer.from(head, 'latin1'), ...(isHeldBack ? [] : [body])]));
      // The method tells the parser whether a body follows; what else this request says is never written.
      const parser = httpRequest({
        method: request.method === 'HEAD' ? 'HEAD' : 'GET',
        createConnection: () => relay,
        maxHeaderSize: LARGEST_HEAD,
      });
      let begun: IncomingMessage | undefined;
      let isFollowed = false;
      let heldBack = isHeldBack ? body : undefined;
      const writeBody = (): void => {
        clearTimeout(waiting);
        if (heldBack && !socket.destroyed) socket.write(heldBack);
        heldBack = undefined;
      };
      const waiting = isHeldBack ? setTimeout(writeBody, LONGEST_HELD_BACK) : undefined;
      // RFC 9110 §10.1.1: the body follows a 100, and never a final response.
      parser.on('continue', writeBody);
      const endWithHead = ({ statusCode: status = 0, rawHeaders }: IncomingMessage): void => {
        relay.release();
        const empty = { body: Buffer.alloc(0), truncated: true };
        resolve({ response: { status, headers: pairs(rawHeaders), ...empty }, isEnded: false });
      };
      // RFC 9110 §15.2.2: what follows a 101 is no HTTP. Nothing is written to it, and the connection is closed.
      parser.on('upgrade', endWithHead);
      parser.on('error', (error) => {
        clearTimeout(waiting);
        // Servers that cannot read a HEAD answer it with a body, and some write more than they said: RFC 9112 §6.3 has
        // the response end before that. Nothing that follows on such a connection can be told from the rest.
        isFollowed = true;
        if (begun?.complete !== true) reject(error);
      });
      parser.on('response', (response) => {
        clearTimeout(waiting);
        heldBack = undefined;
        begun = response;
        if (isEndless({ status: response.statusCode ?? 0, headers: pairs(response.rawHeaders) })) {
          endWithHead(response);
          return;
        }
        const { largestBody } = this.#options;
        const limit = isLast ? largestBody : LONGEST_DRAIN * largestBody;
        const chunks: Buffer[] = [];
        let size = 0;
        const finish = (isEnded: boolean): void => {
          relay.release();
          const body = Buffer.concat(chunks).subarray(0, largestBody);
          const { statusCode: status = 0, rawHeaders } = response;
          const truncated = size > largestBody;
          resolve({ response: { status, headers: pairs(rawHeaders), body, truncated }, isEnded });
        };
        response.on('data', (chunk: Buffer) => {
          if (size <= largestBody) chunks.push(chunk);
          size += chunk.length;
          if (size > limit) finish(false);
        });
        response.on('end', () => finish(!isFollowed));
        response.on('error', reject);
      });
      parser.end();
    });
  }
}

/** A response, and whether it has ended, so that the next bytes on the connection are another one. */
interface Exchanged {
  readonly response: ReceivedResponse;
  readonly isEnded: boolean;
}

/** Asks for one name in the handshake, and verifies the certificate for the host that the connection is made to. */
function withServerName(serverName: string, host: string): ConnectionOptions {
  return { servername: serverName, checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate) };
}

/** OpenSSL allows so old a version only at security level 0. */
function onlyOldTls(newest: 'TLSv1.1', { ca, certificate }: Connection): SecureContextOptions {
  return {
    minVersion: 'TLSv1',
    maxVersion: newest,
    ciphers: 'DEFAULT:@SECLEVEL=0',
    ...(ca !== undefined && { ca }),
    ...presented({ certificate }),
  };
}

/** RFC 9112 §9.6: after `Connection: close` the server reads no further request. */
function announcesEnd(response: ReceivedResponse): boolean {
  return listOf(response, 'connection').includes('close');
}

/** A connection that ends before the second response cannot carry the case. A timeout stays a timeout. */
function whySecondFailed(error: unknown, firstMethod: string | undefined): unknown {
  const { kind } = faultOf(error);
  if (kind === 'reset') return connectionClosed();
  // A body that came late behind the response to HEAD was read as the beginning of the second response.
  return kind === 'protocol' && firstMethod === 'HEAD' ? connectionUnfit() : error;
}

function connectionClosed(): Error {
  return Object.assign(new Error('the server closed the connection after its first response'), {
    code: 'CONNECTION_CLOSED',
  });
}

/** It is not known where on the connection the first response ends. */
function connectionUnfit(): Error {
  return Object.assign(new Error('the first response has no end that a second one could follow'), {
    code: 'CONNECTION_UNFIT',
  });
}

/** Whether undici writes the request exactly so. It refuses some others, and changes some on the way. */
export function isOrdinary({ target, headers, method, newestTls, serverName }: WrittenRequest): boolean {
  return (
    newestTls === undefined &&
    serverName === undefined &&
    /^\/[\x21-\x7e]*$/.test(target) &&
    !target.includes('#') &&
    isToken(method) &&
    headers.every(
      ([name, value]) =>
        isToken(name) &&
        !OF_THE_CLIENT.has(name.toLowerCase()) &&
        /^[\t\x20-\x7e\x80-\xff]*$/.test(value) &&
        value === value.trim(),
    )
  );
}

function expectsContinue({ headers }: WrittenRequest): boolean {
  return headers.some(([name, value]) => name.toLowerCase() === 'expect' && value.toLowerCase() === '100-continue');
}

/** Hands the socket's bytes to the parser, and writes the prepared bytes in place of those of the parser's request. */
class Relay extends Duplex {
  readonly #socket: Socket;
  #bytes: Buffer | undefined;
  readonly #onData = (chunk: Buffer): void => {
    this.push(chunk);
  };
  readonly #onEnd = (): void => {
    this.push(null);
  };
  readonly #onError = (error: Error): void => {
    this.destroy(error);
  };

  constructor(socket: Socket, bytes: Buffer) {
    super();
    this.#socket = socket;
    this.#bytes = bytes;
    socket.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError);
  }

  /** Lets go of the socket, so that the next request can be written to it. */
  release(): void {
    this.#socket.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onError);
    this.#socket.on('error', () => undefined);
  }

  override _read(): void {
    // The socket pushes by itself.
  }

  override _write(_chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const bytes = this.#bytes;
    this.#bytes = undefined;
    if (bytes) this.#socket.write(bytes, done);
    else done();
  }

  // http.request calls these on a socket; a relay has nothing to do for them.
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/**
 * The head as it will be written, in Latin-1 characters. Host, User-Agent and Content-Length are added where the case has
 * none. `repeat-command.ts` writes the same for a shell.
 */
function headOf(origin: URL, { method, target, headers, body }: WrittenRequest, userAgent: string | undefined): string {
  const has = (name: string): boolean => headers.some(([candidate]) => candidate.trim().toLowerCase() === name);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has('host') ? [] : [`Host: ${origin.host}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(userAgent === undefined || has('user-agent') ? [] : [`User-Agent: ${userAgent}`]),
    ...(body === undefined || has('content-length') ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
}
