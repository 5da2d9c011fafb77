import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { secureContextFor } from './tls.ts';
import { tunnelTo, type Connection } from './connection.ts';
import { isEndless } from './endless.ts';
import { faultOf } from './fault.ts';

/** A request as it is written: strings of Latin-1 characters, in UTF-8 for the body, with keys as they are. */
export interface WrittenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  readonly newestTls?: 'TLSv1.1' | undefined;
  readonly serverName?: string | undefined;
}

export interface ReceivedResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without its transfer coding, with its content codings, at most `largestBody` bytes. */
  readonly body: Buffer;
  readonly truncated: boolean;
}

export interface ClientOptions {
  readonly connection: Connection;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes. */
  readonly largestBody: number;
  /** At most, to one origin. */
  readonly connections: number;
}

/** Bytes. */
const LARGEST_HEAD = 65_536;
/** Milliseconds. */
const LONGEST_CONNECT = 5_000;
/** Milliseconds that a connection with a number is kept without a request, unless the server says less. */
const LONGEST_IDLE = 600_000;
/** Tells requests apart: for the operators of the API, and here for the heads that undici reports. */
const TAG = 'user-agent';
/** Counts the requests of all clients of this process, since undici reports every head to every client. */
let count = 0;

/** Example: `auth-conformance/1 (no-key; 12)`. */
export function userAgentOf(probe: string, number?: number): string {
  return `auth-conformance/1 (${[probe, ...(number === undefined ? [] : [number])].join('; ')})`;
}

/** Sends with undici, which changes neither field lines nor paths, follows no redirect and decodes no body. */
export class Client {
  /** By what a connection may carry. */
  readonly #agents = new Map<string, Agent>();
  readonly #connect: buildConnector.connector;
  readonly #options: ClientOptions;
  readonly #heads = new Map<string, string>();
  readonly #hear: (message: unknown) => void;

  constructor(options: ClientOptions) {
    this.#options = options;
    // One for all, so that a TLS session is resumed whoever opened it.
    this.#connect = connectorOf(options);
    this.#hear = (message) => {
      const { headers } = message as { headers: string };
      const tag = /^user-agent: (.*)$/im.exec(headers)?.[1];
      if (tag !== undefined && this.#heads.has(tag)) this.#heads.set(tag, headers);
    };
    subscribe('undici:client:sendHeaders', this.#hear);
  }

  async close(): Promise<void> {
    unsubscribe('undici:client:sendHeaders', this.#hear);
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()));
  }

  /** @param number of the one connection that the agent keeps open; absent: it opens as many as it needs */
  #agentFor(carries: string, number?: number): Agent {
    const name = number === undefined ? carries : `${carries} ${number}`;
    const known = this.#agents.get(name);
    if (known) return known;
    const { connections, timeout } = this.#options;
    const agent = new Agent({
      ...(number === undefined ? { connections } : { connections: 1, keepAliveTimeout: LONGEST_IDLE }),
      maxHeaderSize: LARGEST_HEAD,
      headersTimeout: timeout,
      bodyTimeout: timeout,
      connect: this.#connect,
    });
    this.#agents.set(name, agent);
    return agent;
  }

  /**
   * @param probe goes out in `User-Agent`
   * @param carries what the request says who it is: requests that differ in this never share a connection, since a server
   *   may take a connection for that of whoever used it first
   * @param connection number of the one that the request goes on, of those that carry the same
   * @throws what undici throws, and a `TimeoutError`; `faultOf` turns it into a fault
   */
  async send(
    origin: URL,
    request: WrittenRequest,
    probe: string,
    carries: string,
    connection?: number,
  ): Promise<{ response: ReceivedResponse; head: string | undefined }> {
    const tag = userAgentOf(probe, ++count);
    this.#heads.set(tag, '');
    // AbortSignal.timeout would do the same, but its timers outlive the requests.
    const overdue = new AbortController();
    const timer = setTimeout(
      () => overdue.abort(new DOMException('no response in time', 'TimeoutError')),
      this.#options.timeout,
    );
    try {
      const options = {
        origin: origin.origin,
        path: request.target,
        method: request.method,
        headers: [...request.headers.flat(), TAG, tag],
        ...(request.body !== undefined && { body: request.body }),
        responseHeaders: 'raw' as const,
        // undici takes the name for TLS from Host otherwise, which a case may claim falsely.
        servername: origin.hostname,
        signal: overdue.signal,
      };
      const incoming = await this.#agentFor(carries, connection).request(options);
      const status = incoming.statusCode;
      const headers = pairs(incoming.headers as unknown as string[]);
      const read = isEndless({ status, headers })
        ? dropped(incoming.body)
        : await this.#readBody(incoming.body, status);
      const response = { status, headers, ...read };
      return { response, head: this.#heads.get(tag)?.replace(/\r\nuser-agent: .*$/im, '') };
    } finally {
      clearTimeout(timer);
      this.#heads.delete(tag);
    }
  }

  /**
   * Reads to the end or to the limit. A success whose body does not end in time is a success all the same, with a
   * truncated body; any other response that does not end in time is a fault.
   */
  async #readBody(
    stream: AsyncIterable<Buffer> & { destroy: () => unknown; on: (event: 'error', listener: () => void) => unknown },
    status: number,
  ): Promise<{ body: Buffer; truncated: boolean }> {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('error', () => undefined);
    try {
      for await (const chunk of stream) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > this.#options.largestBody) {
          stream.destroy();
          return { body: Buffer.concat(chunks).subarray(0, this.#options.largestBody), truncated: true };
        }
      }
    } catch (error) {
      if (status < 200 || status > 299 || faultOf(error).kind !== 'timeout') throw error;
      return { body: Buffer.concat(chunks), truncated: true };
    }
    return { body: Buffer.concat(chunks), truncated: false };
  }
}

/** Connects as the settings say, and verifies the certificate for the host of the URL. */
export function connectorOf({
  connection,
  timeout,
}: Pick<ClientOptions, 'connection' | 'timeout'>): buildConnector.connector {
  const longest = Math.min(timeout, LONGEST_CONNECT);
  const secureContext = secureContextFor(connection);
  const connect = buildConnector({ ...(secureContext && { secureContext }), timeout: longest });
  const { proxy } = connection;
  return (given, callback) => {
    // An address is no server name in TLS (RFC 6066 §3). The certificate is still verified for the address.
    const options = { ...given, ...(isIP(given.hostname) !== 0 && { servername: '' }) };
    if (!proxy) {
      connect(options, callback);
      return;
    }
    const origin = new URL(`${given.protocol}//${given.host ?? given.hostname}`);
    tunnelTo(origin, proxy, connection, longest).then(
      (httpSocket) => connect({ ...options, httpSocket }, callback),
      (error: unknown) => callback(error as Error, null),
    );
  };
}

function dropped(stream: {
  destroy: () => unknown;
  on: (event: 'error', listener: () => void) => unknown;
}): Pick<ReceivedResponse, 'body' | 'truncated'> {
  stream.on('error', () => undefined);
  stream.destroy();
  return { body: Buffer.alloc(0), truncated: true };
}

function pairs(raw: readonly (string | Buffer)[]): [string, string][] {
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) result.push([latin1(raw[index]), latin1(raw[index + 1])]);
  return result;
}

function latin1(value: string | Buffer | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '');
}
