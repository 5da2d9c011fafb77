import { listOf } from '../fields/response-fields.ts';
import type { Contract } from '../model/contract.ts';
import { secretsOf, speltSecretsOf, type PlannedRequest } from '../model/request.ts';
import type { Secret } from '../secret.ts';
import type { Target } from '../model/target.ts';
import { readBody, visible, withoutCoding } from './response-body.ts';
import { Client, type ReceivedResponse, type WrittenRequest } from './client.ts';
import type { HttpResponse, Exchange, Fault, SentRequest } from '../model/exchange.ts';
import { faultOf, isPassing, isPassingStatus } from './fault.ts';
import { reasonNotToSend } from './safety-guard.ts';
import { RateLimiter } from './rate-limiter.ts';
import { isOrdinary, RawClient } from './raw-client.ts';
import { rateLimitNotice } from './rate-limit-fields.ts';
import { findEchoes, issuedKeys, Redactor } from './redaction.ts';
import { curlCommand, shown, written } from './request-text.ts';

export interface SenderOptions {
  readonly concurrency: number;
  /** Milliseconds for one answer, from the first byte sent to the last received. */
  readonly timeout: number;
  /** Bytes of a body that are read, before and after decoding. */
  readonly largestBody: number;
  /** Whether connections are used again. */
  readonly keepAlive: boolean;
  /** Tries for a request that the network failed. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled for each further one, with jitter. */
  readonly backoff: number;
  /** The longest wait for a rate limit, in milliseconds. */
  readonly longestPause: number;
  readonly announce: (message: string) => void;
}

export const SENDER_DEFAULTS: SenderOptions = {
  concurrency: 16,
  timeout: 15_000,
  largestBody: 1_048_576,
  keepAlive: true,
  tries: 5,
  backoff: 250,
  longestPause: 15 * 60_000,
  announce: () => undefined,
};

/** A rate limit is waited for more often than a fault is retried: each wait is one that the target asked for. */
const RATE_LIMIT_TRIES = 6;

/** Sends requests and records exchanges: the only place where keys are open. */
export class HttpSender {
  readonly #contract: Contract;
  readonly #target: Target;
  readonly #options: SenderOptions;
  readonly #client: Client;
  readonly #rawClient: RawClient;
  readonly #pace: RateLimiter;
  readonly #redactor: Redactor;
  readonly #knownText: string;
  #requests = 0;
  #isPlainHttpShut = false;

  constructor(contract: Contract, target: Target, options: Partial<SenderOptions> = {}) {
    this.#contract = contract;
    this.#target = target;
    this.#options = { ...SENDER_DEFAULTS, ...options };
    const clientOptions = {
      ca: target.ca,
      timeout: this.#options.timeout,
      largestBody: this.#options.largestBody,
      connections: this.#options.concurrency,
      keepAlive: this.#options.keepAlive,
    };
    this.#client = new Client(clientOptions);
    this.#rawClient = new RawClient(clientOptions);
    this.#pace = new RateLimiter(this.#options);
    this.#redactor = new Redactor(
      issuedKeys(target),
      contract.keyKinds.map(({ prefix }) => prefix),
    );
    this.#knownText = JSON.stringify(contract.document);
  }

  /** Requests put on the wire so far, retries included. */
  get requests(): number {
    return this.#requests;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** Never throws for what a target or a network does: the exchange says it. */
  async send(request: PlannedRequest, probe: string): Promise<Exchange> {
    const address = request.via === 'plain-http' ? this.#target.plainHttpUrl : this.#target.baseUrl;
    const origin = new URL(address ?? this.#target.baseUrl);
    const forbidden =
      address === undefined
        ? 'the target has no address for plain HTTP'
        : reasonNotToSend(request, origin, this.#target, this.#contract);
    const started = performance.now();
    if (forbidden !== undefined) {
      return this.#record(request, origin, started, { attempts: 0, fault: { kind: 'guard', message: forbidden } });
    }
    return this.#record(request, origin, started, await this.#persist(request, origin, probe));
  }

  async #persist(request: PlannedRequest, origin: URL, probe: string): Promise<Attempt> {
    for (let attempt = 1, limited = 0, broken = 0; ; attempt++) {
      const { outcome, verdict } = await this.#pace.run(async () => {
        const outcome = await this.#once(request, origin, probe, attempt);
        // Here, since what an answer says of the rate limit holds before the next request begins.
        const verdict = outcome.answer ? this.#weigh(outcome.answer) : this.#weighFault(outcome.fault, request);
        return { outcome, verdict };
      });
      if (verdict === 'keep' || (verdict === 'broken' && ++broken > 1)) return outcome;
      if (verdict === 'limited') {
        if (++limited >= RATE_LIMIT_TRIES)
          return { ...outcome, fault: { kind: 'rate-limited', message: `429 after ${limited} waits` } };
        attempt--;
        continue;
      }
      if (verdict === 'again' && attempt >= this.#options.tries) {
        if (request.via === 'plain-http' && outcome.fault) this.#isPlainHttpShut = true;
        return outcome.answer ? { ...outcome, fault: unavailable(outcome.answer.status, attempt) } : outcome;
      }
      await backOff(this.#options.backoff * 2 ** (attempt - 1));
    }
  }

  /** What an answer's status says about the way there, and never about the API's promises. */
  #weigh(answer: ReceivedResponse): 'keep' | 'again' | 'broken' | 'limited' {
    const within = this.#pace.notice(rateLimitNotice(answer, this.#contract.rateLimitHeaders));
    if (answer.status === 429) return within ? 'limited' : 'keep';
    if (isPassingStatus(answer.status)) return 'again';
    return answer.status === 500 ? 'broken' : 'keep';
  }

  /** A plain-HTTP port that is closed or silent is an answer in itself: once that is sure it is not asked again and again. */
  #weighFault(fault: Fault | undefined, { via, newestTls }: PlannedRequest): 'keep' | 'again' {
    if (via === 'plain-http' && this.#isPlainHttpShut) return 'keep';
    // A server that speaks no old TLS says so by breaking off.
    if (newestTls) return 'keep';
    return fault && isPassing(fault) ? 'again' : 'keep';
  }

  async #once(request: PlannedRequest, origin: URL, probe: string, attempt: number): Promise<Attempt> {
    this.#requests++;
    try {
      const { answer, head } = await this.#write(request, origin, probe);
      return { attempts: attempt, answer, head };
    } catch (error) {
      return { attempts: attempt, fault: faultOf(error) };
    }
  }

  /** Through undici where it writes the request as it is meant, and as bytes of our own where it does not. */
  async #write(
    request: PlannedRequest,
    origin: URL,
    probe: string,
  ): Promise<{ answer: ReceivedResponse; head: string | undefined }> {
    const bytes = openRequest(request);
    const { earlier } = request;
    if (earlier?.sameConnection === true) {
      this.#requests++;
      return this.#rawClient.send(origin, [openRequest(earlier.request), bytes]);
    }
    if (earlier) {
      this.#requests++;
      const first = await this.#write(earlier.request, origin, probe);
      // What was to come first has not come, so nothing follows from it.
      if (isPassingStatus(first.answer.status)) return first;
    }
    return isOrdinary(bytes) ? this.#client.send(origin, bytes, probe) : this.#rawClient.send(origin, [bytes]);
  }

  #record(request: PlannedRequest, origin: URL, started: number, { answer, fault, head, attempts }: Attempt): Exchange {
    const secrets = secretsOf(request);
    const redact = (text: string): string => this.#redactor.redact(text);
    const sent: SentRequest = {
      method: request.method,
      url: redact(`${origin.origin}${shown(request.target)}`),
      headers: request.headers.map(([name, value]) => redact(`${name}: ${shown(value)}`)),
      ...(request.earlier && { before: shownBefore(request.earlier.request, origin, redact) }),
      ...(request.body !== undefined && { body: redact(shown(request.body)) }),
      ...(head !== undefined && { head: redact(hideMadeUp(head, speltSecretsOf(request))) }),
      curl: redact(
        curlCommand(request, origin.origin, this.#target.ca === undefined ? undefined : this.#target.variables.ca),
      ),
    };
    const rewritten = head === undefined || !isOrdinary(openRequest(request)) ? undefined : difference(request, head);
    return {
      request: sent,
      ...(answer && { response: this.#recordAnswer(answer, redact) }),
      ...(fault && { fault: { kind: fault.kind, message: redact(fault.message) } }),
      ...(rewritten !== undefined && { rewritten }),
      echoes: answer ? findEchoes(secrets, places(answer, this.#options.largestBody), this.#knownText) : [],
      attempts,
      durationMs: Math.round(performance.now() - started),
    };
  }

  #recordAnswer(answer: ReceivedResponse, redact: (text: string) => string): HttpResponse {
    const { status, headers, body, truncated } = answer;
    return {
      status,
      headers: headers.map(([name, value]) => [redact(name), visible(redact(value))]),
      body: readBody(body, truncated, listOf(answer, 'content-encoding'), this.#options.largestBody, redact),
    };
  }
}

function shownBefore(
  { method, target, headers }: PlannedRequest,
  origin: URL,
  redact: (text: string) => string,
): NonNullable<SentRequest['before']> {
  return {
    method,
    url: redact(`${origin.origin}${shown(target)}`),
    headers: headers.map(([name, value]) => redact(`${name}: ${shown(value)}`)),
  };
}

interface Attempt {
  readonly attempts: number;
  readonly answer?: ReceivedResponse;
  readonly fault?: Fault;
  readonly head?: string | undefined;
}

function openRequest({ method, target, headers, body, newestTls, serverName }: PlannedRequest): WrittenRequest {
  return {
    method,
    target: written(target),
    headers: headers.map(([name, value]) => [name, written(value)]),
    body: body === undefined ? undefined : written(body),
    newestTls,
    serverName,
  };
}

function unavailable(status: number, tries: number): Fault {
  return { kind: 'unavailable', message: `status ${status} in ${tries} tries` };
}

function backOff(milliseconds: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, milliseconds * (0.5 + Math.random())));
}

/** A made-up key opens nothing, but it looks like a key to a scanner that reads the report. */
function hideMadeUp(head: string, secrets: readonly Secret[]): string {
  return secrets.reduce((result, secret) => result.replaceAll(written([secret]), shown([secret])), head);
}

function places(answer: ReceivedResponse, limit: number): [string, string][] {
  return [
    ['body', withoutCoding(answer.body, listOf(answer, 'content-encoding'), limit).toString('latin1')],
    ...answer.headers.map(([name, value]): [string, string] => [`header ${name.toLowerCase()}`, value]),
  ];
}

/** How the head that was written differs from the one that was meant, or undefined. */
function difference(request: PlannedRequest, head: string): string | undefined {
  const lines = head.split('\r\n');
  const requestLine = `${request.method} ${written(request.target)} HTTP/1.1`;
  if (lines[0] !== requestLine) return 'the request line was changed on the way to the socket';
  const present = new Map<string, number>();
  for (const line of lines) present.set(line, (present.get(line) ?? 0) + 1);
  for (const [name, value] of request.headers) {
    // undici spells this one name in its own way.
    const line = `${name.toLowerCase() === 'host' ? 'host' : name}: ${written(value)}`;
    const left = present.get(line) ?? 0;
    if (left === 0) return `the header ${name} was changed on the way to the socket`;
    present.set(line, left - 1);
  }
  return undefined;
}
