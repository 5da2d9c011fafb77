import { Agent, buildConnector } from 'undici';
import type { EnvironmentName } from '../src/contract/contract.ts';
import type { HeaderLine } from './behaviour.ts';
import type { Mock } from './start.ts';

export interface Sent {
  readonly method?: string;
  /** Behind the base URL. */
  readonly path: string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: string;
  readonly isPlain?: boolean;
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
}

/** What the mock's own tests talk to it with: no more than HTTP, so that they do not lean on the suite they stand for. */
export class Client {
  readonly #mock: Mock;
  readonly #agent: Agent;

  /** @param ca the authority to trust; the mock's own by default */
  constructor(mock: Mock, ca = mock.ca) {
    this.#mock = mock;
    // undici would name a Host that a test claims in the TLS handshake too, and expect a certificate for it.
    const connect = buildConnector({ ca });
    this.#agent = new Agent({ connect: (options, callback) => connect({ ...options, servername: '' }, callback) });
  }

  async send({
    method = 'GET',
    path,
    headers = [],
    body,
    isPlain,
    environment = Object.keys(this.#mock.environments)[0] ?? '',
  }: Sent): Promise<Received> {
    const addresses = this.#mock.environments[environment];
    if (!addresses) throw new Error(`the mock has no environment ${environment}`);
    const base = new URL(isPlain ? addresses.plainHttpUrl : addresses.baseUrl);
    const response = await this.#agent.request({
      origin: base.origin,
      path: base.pathname + path,
      method,
      headers: headers.flat(),
      responseHeaders: 'raw',
      ...(body !== undefined && { body }),
    });
    const raw = (response.headers as unknown as (string | Buffer)[]).map((part) => part.toString());
    const names = raw.filter((_, index) => index % 2 === 0);
    const lines: Record<string, string> = {};
    names.forEach((name, index) => {
      const known = lines[name.toLowerCase()];
      const value = raw[index * 2 + 1] ?? '';
      lines[name.toLowerCase()] = known === undefined ? value : `${known}, ${value}`;
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: lines, headerNames: names, text, json: parsed(text) };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
