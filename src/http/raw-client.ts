import { request as httpRequest } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import {
  checkServerIdentity,
  connect as connectEncrypted,
  type ConnectionOptions,
  type SecureContextOptions,
} from 'node:tls';
import { isToken } from '../fields/field-parser.ts';
import { listOf } from '../fields/response-fields.ts';
import { secureContextFor } from './tls.ts';
import { faultOf, isPassingStatus } from './fault.ts';
import type { ClientOptions, ReceivedResponse, WrittenRequest } from './client.ts';

const LARGEST_HEAD = 65_536;
const LONGEST_CONNECT = 5_000;

/**
 * Writes what no client library agrees to write: targets and field lines that the grammar forbids, and several requests
 * on one connection in order. Only the writing is our own: the answers are read by Node's HTTP parser.
 */
export class RawClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /**
   * @returns the answer to the last request, which was sent on the connection that all others were answered on; or the
   *   answer to an earlier one that has to be tried again
   * @throws what the socket or the parser throws; `CONNECTION_CLOSED` when the server left no connection to go on with
   */
  async send(origin: URL, requests: readonly WrittenRequest[]): Promise<{ response: ReceivedResponse; head: string }> {
    const socket = await this.#connect(origin, requests[0]);
    const overdue = setTimeout(
      () => socket.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
      this.#options.timeout,
    );
    try {
      let last: { response: ReceivedResponse; head: string } | undefined;
      for (const request of requests) {
        if (last && (socket.destroyed || socket.readableEnded || announcesEnd(last.response)))
          throw Object.assign(new Error('the server closed the connection after its first answer'), {
            code: 'CONNECTION_CLOSED',
          });
        const head = headOf(origin, request);
        last = { response: await this.#exchange(socket, request, head).catch(last ? closed : rethrow), head };
        // What was to come first has not come, so nothing follows from it.
        if (isPassingStatus(last.response.status)) return last;
      }
      if (!last) throw new Error('nothing to send');
      return last;
    } finally {
      clearTimeout(overdue);
      socket.destroy();
    }
  }

  #connect(origin: URL, first: WrittenRequest | undefined): Promise<Socket> {
    const { newestTls, serverName } = first ?? {};
    const port = Number(origin.port) || (origin.protocol === 'https:' ? 443 : 80);
    const host = origin.hostname.replace(/^\[|\]$/g, '');
    const { ca, timeout } = this.#options;
    const socket =
      origin.protocol === 'https:'
        ? connectEncrypted({
            host,
            port,
            ...(serverName !== undefined ? asked(serverName, host) : isIP(host) === 0 && { servername: host }),
            ...(newestTls ? onlyOld(newestTls, ca) : ca !== undefined && { secureContext: secureContextFor(ca) }),
          })
        : connectPlain({ host, port });
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' })),
        Math.min(timeout, LONGEST_CONNECT),
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

  #exchange(socket: Socket, request: WrittenRequest, head: string): Promise<ReceivedResponse> {
    return new Promise((resolve, reject) => {
      const relay = new Relay(
        socket,
        Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(request.body ?? '', 'utf8')]),
      );
      // The method tells the parser whether a body follows; what else this request says is never written.
      const parser = httpRequest({
        method: request.method === 'HEAD' ? 'HEAD' : 'GET',
        createConnection: () => relay,
        maxHeaderSize: LARGEST_HEAD,
      });
      parser.on('error', reject);
      parser.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const finish = (truncated: boolean): void => {
          relay.release();
          const body = Buffer.concat(chunks).subarray(0, this.#options.largestBody);
          resolve({ status: response.statusCode ?? 0, headers: pairs(response.rawHeaders), body, truncated });
        };
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > this.#options.largestBody) finish(true);
        });
        response.on('end', () => finish(false));
        response.on('error', reject);
      });
      parser.end();
    });
  }
}

/** One name in the handshake, and the certificate held against another: the one that the connection is made to. */
function asked(serverName: string, host: string): ConnectionOptions {
  return { servername: serverName, checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate) };
}

/** OpenSSL itself has to be told that it may speak so old a version. */
function onlyOld(newest: 'TLSv1.1', ca: string | undefined): SecureContextOptions {
  return { minVersion: 'TLSv1', maxVersion: newest, ciphers: 'DEFAULT:@SECLEVEL=0', ...(ca !== undefined && { ca }) };
}

/** RFC 9112 §9.6: a request that is written after that is lost. */
function announcesEnd(response: ReceivedResponse): boolean {
  return listOf(response, 'connection').includes('close');
}

/** There was no connection left to go on with, so the case could not be put on the wire. Silence is another matter. */
function closed(error: unknown): never {
  if (faultOf(error).kind !== 'reset') throw error;
  throw Object.assign(new Error('the server closed the connection after its first answer'), {
    code: 'CONNECTION_CLOSED',
  });
}

function rethrow(error: unknown): never {
  throw error;
}

/** undici refuses the rest, or would write it otherwise. */
export function isOrdinary({ target, headers, method, newestTls, serverName }: WrittenRequest): boolean {
  return (
    newestTls === undefined &&
    serverName === undefined &&
    /^\/[\x21-\x7e]*$/.test(target) &&
    !target.includes('#') &&
    isToken(method) &&
    headers.every(([name, value]) => isToken(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value) && value === value.trim())
  );
}

/** Hands the socket's bytes to the parser, and writes the prepared bytes in place of what the parser's request would say. */
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

  // What http.request asks of a socket, and a relay has no need of.
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

/** The head as it will be written, in Latin-1 characters. Host and Content-Length are added where the case has none. */
function headOf(origin: URL, { method, target, headers, body }: WrittenRequest): string {
  const has = (name: string): boolean => headers.some(([candidate]) => candidate.trim().toLowerCase() === name);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has('host') ? [] : [`Host: ${origin.host}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined || has('content-length') ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
}
