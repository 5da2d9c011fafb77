import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { isIP } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
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
/** Milliseconds. A target that answers so soon is near: a further connection takes longer there than the wait for an old one. */
const NEAR = 5;
/** So many responses say whether it is near. */
const LATEST = 8;
/** Connections for requests that carry the same, to a target that is near or of which nothing is known yet. */
const FEW_CONNECTIONS = 4;
/** Credentials whose connections are kept: more than one operation is asked with, since the next one is asked with the same. */
const MOST_LANES = 128;
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
  /** By what a connection may carry, the one that was used last at the end. */
  readonly #lanes = new Map<string, Lane>();
  readonly #connect: buildConnector.connector;
  readonly #options: ClientOptions;
  /** Of requests that are under way, by their tags. */
  readonly #receivers = new Map<string, Receiver>();
  /** Milliseconds to each of the last responses. */
  readonly #latest: number[] = [];
  readonly #hear: (message: unknown) => void;

  constructor(options: ClientOptions) {
    this.#options = options;
    // One for all, so that a TLS session is resumed whoever opened it.
    this.#connect = connectorOf(options);
    this.#hear = (message) => {
      const { headers } = message as { headers: string };
      const tag = /^user-agent: (.*)$/im.exec(headers)?.[1];
      if (tag !== undefined) this.#receivers.get(tag)?.noteWritten(headers);
    };
    subscribe('undici:client:sendHeaders', this.#hear);
  }

  async close(): Promise<void> {
    unsubscribe('undici:client:sendHeaders', this.#hear);
    const lanes = [...this.#lanes.values()];
    // What is under way fails now, which has idle connections closed: an agent can be ended once.
    this.#lanes.clear();
    await Promise.all(lanes.map(({ agent }) => agent.destroy()));
  }

  /** @param number of the one connection that is kept open; absent: as many are opened as are needed */
  #laneFor(carries: string, number?: number): Lane {
    const connections = number === undefined ? this.#mostConnections() : 1;
    const name = number === undefined ? `${carries}, ${connections} at once` : `${carries} ${number}`;
    const known = this.#lanes.get(name);
    if (known) {
      this.#lanes.delete(name);
      this.#lanes.set(name, known);
      return known;
    }
    this.#closeBeyond(MOST_LANES - 1);
    const { timeout } = this.#options;
    const agent = new Agent({
      connections,
      ...(number !== undefined && { keepAliveTimeout: LONGEST_IDLE }),
      maxHeaderSize: LARGEST_HEAD,
      headersTimeout: timeout,
      bodyTimeout: timeout,
      connect: this.#connect,
    });
    const lane = new Lane(agent, connections, number !== undefined);
    this.#lanes.set(name, lane);
    return lane;
  }

  /** Closes connections that no request is on, so that a server that takes a few of them takes another one. */
  closeIdle(): void {
    this.#closeBeyond(0);
  }

  /** Keys that are made up for one operation are not sent again, and their connections would stay for the whole run. */
  #closeBeyond(most: number): void {
    for (const [name, lane] of this.#lanes) {
      if (this.#lanes.size <= most) return;
      if (lane.isNeeded) continue;
      this.#lanes.delete(name);
      void lane.agent.close();
    }
  }

  /** For requests that carry the same. A page that is found at once says nothing of a slow API behind it: so a few responses count. */
  #mostConnections(): number {
    const isNear = this.#latest.length === 0 || Math.min(...this.#latest) < NEAR;
    const { connections } = this.#options;
    return isNear ? Math.min(FEW_CONNECTIONS, connections) : connections;
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
  ): Promise<{ response: ReceivedResponse; head: string }> {
    const lane = this.#laneFor(carries, connection);
    return lane.run(() => this.#sendBy(lane.agent, origin, request, userAgentOf(probe, ++count)));
  }

  async #sendBy(
    agent: Agent,
    origin: URL,
    request: WrittenRequest,
    tag: string,
  ): Promise<{ response: ReceivedResponse; head: string }> {
    const { timeout, largestBody } = this.#options;
    const receiver = new Receiver(largestBody);
    this.#receivers.set(tag, receiver);
    const timer = setTimeout(() => receiver.stop(new DOMException('no response in time', 'TimeoutError')), timeout);
    try {
      const options = {
        origin: origin.origin,
        path: request.target,
        method: request.method,
        headers: [...request.headers.flat(), TAG, tag],
        ...(request.body !== undefined && { body: request.body }),
        // undici takes the name for TLS from Host otherwise, which a case may claim falsely.
        servername: origin.hostname,
      };
      agent.dispatch(options, receiver);
      const response = await receiver.response;
      const { head, milliseconds } = receiver;
      this.#latest.push(milliseconds);
      if (this.#latest.length > LATEST) this.#latest.shift();
      return { response, head: head.replace(/\r\nuser-agent: .*$/im, '') };
    } finally {
      clearTimeout(timer);
      this.#receivers.delete(tag);
    }
  }
}

/**
 * The connections that carry one credential, and who waits for one of them. They wait here, since a pool of undici forgets who
 * waits in it where a connection cannot be opened.
 */
class Lane {
  readonly agent: Agent;
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  readonly #isKept: boolean;
  #underWay = 0;

  /**
   * @param most requests at once, each on a connection of its own
   * @param isKept a later request is to go on the same connection
   */
  constructor(agent: Agent, most: number, isKept: boolean) {
    this.agent = agent;
    this.#most = most;
    this.#isKept = isKept;
  }

  get isNeeded(): boolean {
    return this.#isKept || this.#underWay > 0 || this.#waiting.length > 0;
  }

  async run<Result>(send: () => Promise<Result>): Promise<Result> {
    while (this.#underWay >= this.#most) await new Promise<void>((go) => this.#waiting.push(go));
    this.#underWay++;
    try {
      return await send();
    } finally {
      this.#underWay--;
      this.#waiting.shift()?.();
    }
  }
}

/**
 * Puts a response together, without the streams of undici's `request`, which cost as much as the rest of sending. It reads to
 * the end or to the limit. A success whose body does not end in time is a success all the same, with a truncated body; any
 * other response that does not end in time is a fault.
 */
class Receiver implements Dispatcher.DispatchHandler {
  readonly response: Promise<ReceivedResponse>;
  /** As undici wrote it; empty: it has not. */
  head = '';
  /** From when the head was written to when that of the response was read. */
  milliseconds = 0;
  #writtenAt = 0;
  readonly #largestBody: number;
  #resolve: (response: ReceivedResponse) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #stopped: Error | undefined;
  #received: Pick<ReceivedResponse, 'status' | 'headers'> | undefined;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  /** @param largestBody bytes that are read of a body */
  constructor(largestBody: number) {
    this.#largestBody = largestBody;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  noteWritten(head: string): void {
    this.head = head;
    this.#writtenAt = performance.now();
  }

  /** Ends the request, whether it has been written or waits for a connection still. */
  stop(reason: Error): void {
    this.#stopped = reason;
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopped) controller.abort(this.#stopped);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // What is said before the response itself (RFC 9110 §15.2) is not waited for.
    if (status < 200) return;
    this.milliseconds = performance.now() - this.#writtenAt;
    this.#received = { status, headers: pairs(controller.rawHeaders as Buffer[]) };
    if (isEndless(this.#received)) this.#endEarly(this.#received);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#received && this.#size > this.#largestBody) this.#endEarly(this.#received);
  }

  onResponseEnd(): void {
    if (this.#received) this.#resolve({ ...this.#received, body: Buffer.concat(this.#chunks), truncated: false });
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    const received = this.#received;
    const isSuccess = received !== undefined && received.status >= 200 && received.status <= 299;
    if (!isSuccess || faultOf(error).kind !== 'timeout') this.#reject(error);
    else this.#resolve({ ...received, body: Buffer.concat(this.#chunks), truncated: true });
  }

  #endEarly(received: Pick<ReceivedResponse, 'status' | 'headers'>): void {
    const body = Buffer.concat(this.#chunks).subarray(0, this.#largestBody);
    this.#resolve({ ...received, body, truncated: true });
    this.stop(new Error('the rest of the body is not wanted'));
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

function pairs(raw: readonly (string | Buffer)[]): [string, string][] {
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) result.push([latin1(raw[index]), latin1(raw[index + 1])]);
  return result;
}

function latin1(value: string | Buffer | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '');
}
