import { gunzipSync } from 'node:zlib';
import { Agent, buildConnector } from 'undici';
import type { Mock } from '../start.ts';
import type { EnvironmentName } from '../types/api.ts';
import type { HeaderLine } from '../types/http.ts';
import { sendForHead } from './head-request.ts';
import { sendOverHttp2 } from './http2-request.ts';
import { sendRaw } from './raw-request.ts';

export interface Sent {
  readonly method?: string;
  /** Behind the base URL. */
  readonly path: string;
  /** The whole request-target, where it is not the base URL's path and the one above. */
  readonly target?: (base: URL) => string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: string;
  readonly isPlain?: boolean;
  /** Written byte by byte: an HTTP client would refuse it or mend it. */
  readonly isRaw?: boolean;
  readonly isOverHttp2?: boolean;
  /** Only the head of the answer is waited for, and a body is sent only when a 100 asks for it. */
  readonly isForHead?: boolean;
  /** In the TLS handshake of a raw request. */
  readonly serverName?: string;
  /** The first of the mock's by default. */
  readonly environment?: EnvironmentName;
}

export interface Received {
  readonly status: number;
  /** Names in lower case, values of repeated lines joined. */
  readonly headers: Readonly<Record<string, string>>;
  /** In the spelling in which they came. */
  readonly headerNames: readonly string[];
  readonly text: string;
  /** Undefined where the text is no JSON. */
  readonly json: unknown;
  /** Of a raw request only: the status line. */
  readonly start?: string;
  /** Of a request for the head only: a 100 came before it. */
  readonly continued?: boolean;
}

/** An HTTP client for the mock's own tests, which use nothing of the suite that the mock is a test of. */
export class Client {
  readonly #mock: Mock;
  readonly #ca: string;
  readonly #agent: Agent;

  /** @param ca the authority to trust; the mock's own by default */
  constructor(mock: Mock, ca = mock.ca) {
    this.#mock = mock;
    this.#ca = ca;
    // undici would name a Host that a test claims in the TLS handshake too, and expect a certificate for it.
    const connect = buildConnector({ ca });
    this.#agent = new Agent({
      connections: 1,
      connect: (options, callback) => connect({ ...options, servername: '' }, callback),
    });
  }

  async send(sent: Sent): Promise<Received> {
    const { environment = Object.keys(this.#mock.environments)[0] ?? '', isPlain, isRaw, path, target } = sent;
    const addresses = this.#mock.environments[environment];
    if (!addresses) throw new Error(`the mock has no environment ${environment}`);
    const base = new URL(isPlain ? addresses.plainHttpUrl : addresses.baseUrl);
    const whole = target?.(base) ?? base.pathname + path;
    if (sent.isOverHttp2) return this.#sendOverHttp2(sent, base, whole);
    if (sent.isForHead) return this.#sendForHead(sent, base, whole);
    return isRaw ? this.#sendRaw(sent, base, whole) : this.#send(sent, base, whole);
  }

  async #send({ method = 'GET', headers = [], body }: Sent, base: URL, target: string): Promise<Received> {
    const response = await this.#agent.request({
      origin: base.origin,
      path: target,
      method,
      headers: headers.flat(),
      responseHeaders: 'raw',
      ...(body !== undefined && { body }),
    });
    const raw = (response.headers as unknown as (string | Buffer)[]).map((part) => part.toString());
    const lines = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
    return received(response.statusCode, lines, Buffer.from(await response.body.arrayBuffer()));
  }

  async #sendRaw({ method = 'GET', headers = [], serverName }: Sent, base: URL, target: string): Promise<Received> {
    const own: readonly HeaderLine[] = [['Host', base.host], ...headers, ['Connection', 'close']];
    const head = [`${method} ${target} HTTP/1.1`, ...own.map(([name, value]) => `${name}: ${value}`), '', ''];
    const { start, status, lines, body } = await sendRaw({ url: base, ca: this.#ca, serverName }, head.join('\r\n'));
    return { ...received(status, lines, Buffer.from(body, 'latin1')), start };
  }

  async #sendOverHttp2({ method = 'GET', headers = [] }: Sent, url: URL, target: string): Promise<Received> {
    const { status, lines, body } = await sendOverHttp2({ url, target, method, headers, ca: this.#ca });
    return received(status, lines, body);
  }

  async #sendForHead({ method = 'GET', headers = [], body }: Sent, url: URL, target: string): Promise<Received> {
    const own: readonly HeaderLine[] = [['Host', url.host], ...headers];
    const sent = { url, target, method, headers: own, body, ca: this.#ca };
    const { status, lines, continued } = await sendForHead(sent);
    return { ...received(status, lines, Buffer.alloc(0)), continued };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function received(status: number, lines: readonly HeaderLine[], body: Buffer): Received {
  const headers: Record<string, string> = {};
  for (const [name, value] of lines) {
    const known = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = known === undefined ? value : `${known}, ${value}`;
  }
  const isCompressed = headers['content-encoding'] === 'gzip' && body.length > 0;
  const text = (isCompressed ? gunzipSync(body) : body).toString();
  return { status, headers, headerNames: lines.map(([name]) => name), text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
