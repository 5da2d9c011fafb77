import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { ClientOptions, ReceivedResponse } from './client.ts';
import { isEndless } from './endless.ts';
import { encrypted } from './connection.ts';

/** A request as it is written, with keys as they are. */
export interface WrittenHttp2Request {
  /** Pseudo-header fields first. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  /** A server may end the connection over it: it goes on a connection of its own. */
  readonly isOdd: boolean;
}

/**
 * Sends over HTTP/2 with Node's own client, which writes pseudo-header fields as they are given. It is spoken only where the
 * TLS handshake chose it (ALPN), so no request goes out over anything else.
 */
export class Http2Client {
  readonly #options: ClientOptions;
  /** By what a connection may carry. */
  readonly #sessions = new Map<string, Promise<ClientHttp2Session>>();

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  async close(): Promise<void> {
    const sessions = await Promise.allSettled(this.#sessions.values());
    for (const one of sessions) if (one.status === 'fulfilled') one.value.destroy();
    this.#sessions.clear();
  }

  /**
   * @param userAgent value of a `user-agent` field, for requests that have none
   * @param carries what the request says who it is: requests that differ in this never share a connection
   * @returns the response, and the fields as Node wrote them, a line each
   * @throws what Node throws; `faultOf` turns it into a fault
   */
  async send(
    origin: URL,
    request: WrittenHttp2Request,
    userAgent: string,
    carries: string,
  ): Promise<{ response: ReceivedResponse; head: string }> {
    if (request.isOdd) {
      const session = await this.#connect(origin);
      try {
        return await this.#exchange(session, request, userAgent);
      } finally {
        session.destroy();
      }
    }
    const key = `${origin.origin} ${carries}`;
    const known = this.#sessions.get(key) ?? this.#connect(origin);
    this.#sessions.set(key, known);
    const forget = (): void => {
      if (this.#sessions.get(key) === known) this.#sessions.delete(key);
    };
    const session = await known.catch((error: unknown) => {
      forget();
      throw error;
    });
    if (session.closed || session.destroyed) {
      forget();
      return this.send(origin, request, userAgent, carries);
    }
    return this.#exchange(session, request, userAgent);
  }

  async #connect(origin: URL): Promise<ClientHttp2Session> {
    const { connection, timeout } = this.#options;
    const socket = await encrypted(origin, connection, timeout, { ALPNProtocols: ['h2'] });
    return new Promise((resolve, reject) => {
      const session = connect(origin.origin, { createConnection: () => socket });
      const late = setTimeout(() => session.destroy(noResponseInTime()), timeout);
      // Without a listener an error that comes later would end the process; each request hears of it by itself.
      session.on('error', (error: Error) => {
        clearTimeout(late);
        reject(error);
      });
      session.on('connect', () => {
        clearTimeout(late);
        if (session.alpnProtocol === 'h2') {
          resolve(session);
          return;
        }
        reject(Object.assign(new Error('the server chose another protocol'), { code: 'HTTP2_NOT_SPOKEN' }));
        session.destroy();
      });
    });
  }

  #exchange(
    session: ClientHttp2Session,
    { fields, body }: WrittenHttp2Request,
    userAgent: string,
  ): Promise<{ response: ReceivedResponse; head: string }> {
    const { timeout, largestBody } = this.#options;
    const hasUserAgent = fields.some(([name]) => name === 'user-agent');
    const stream = session.request(asHeaders(hasUserAgent ? fields : [...fields, ['user-agent', userAgent]]), {
      endStream: body === undefined,
    });
    return new Promise((resolve, reject) => {
      let status = 0;
      let headers: ReceivedResponse['headers'] = [];
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (truncated: boolean): void => {
        clearTimeout(overdue);
        const response = { status, headers, body: Buffer.concat(chunks).subarray(0, largestBody), truncated };
        resolve({ response, head: headOf(stream.sentHeaders) });
        stream.close(constants.NGHTTP2_CANCEL);
      };
      const overdue = setTimeout(() => {
        // A success whose body does not end in time is a success all the same.
        if (status >= 200 && status <= 299) end(true);
        else stream.destroy(noResponseInTime());
      }, timeout);
      stream.on('response', (received) => {
        status = received[':status'] ?? 0;
        headers = linesOf(received);
        if (isEndless({ status, headers })) end(true);
      });
      stream.on('data', (chunk: Buffer) => {
        if (size <= largestBody) chunks.push(chunk);
        size += chunk.length;
        if (size > largestBody) end(true);
      });
      stream.on('end', () => end(false));
      const fail = (error: Error): void => {
        clearTimeout(overdue);
        reject(withReason(error, stream.rstCode));
      };
      stream.on('error', fail);
      // A stream that is refused without a word has no error.
      stream.on('close', () => fail(Object.assign(new Error('the stream was closed'), { code: 'ECONNRESET' })));
      if (body !== undefined) stream.end(Buffer.from(body, 'utf8'));
    });
  }
}

function noResponseInTime(): Error {
  return Object.assign(new Error('no response in time'), { code: 'ETIMEDOUT' });
}

/** RFC 9113 §8.1.1: what a server takes for malformed ends with this error, however often it is sent. */
function withReason(error: Error, code: number | undefined): Error {
  return code === constants.NGHTTP2_PROTOCOL_ERROR
    ? Object.assign(new Error('the server calls the request malformed'), { code: MALFORMED })
    : error;
}

/** Code of what is thrown where the server calls a request malformed. */
export const MALFORMED = 'HTTP2_PROTOCOL_ERROR';

/** Fields of one name become one list, which Node writes as several fields. */
function asHeaders(fields: WrittenHttp2Request['fields']): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    const known = headers[name];
    headers[name] = known === undefined ? value : [...[known].flat(), value];
  }
  return headers;
}

/** As they were written, without the field that only says which request of the run it is. */
function headOf(sent: OutgoingHttpHeaders): string {
  const lines = Object.entries(sent).flatMap(([name, value]) => [value ?? ''].flat().map((one) => `${name}: ${one}`));
  return lines.filter((line) => !line.startsWith('user-agent: auth-conformance')).join('\r\n');
}

function linesOf(received: IncomingHttpHeaders): ReceivedResponse['headers'] {
  return Object.entries(received).flatMap(([name, value]) =>
    name.startsWith(':') || value === undefined ? [] : [value].flat().map((one) => [name, one] as const),
  );
}
