import { listOf } from '../fields/response-fields.ts';
import type { Contract, SecurityScheme } from '../model/contract.ts';
import { secretsOf, speltSecretsOf } from '../requests/secrets-of-request.ts';
import type { PlannedRequest } from '../model/request.ts';
import { Secret, type Text } from '../secret.ts';
import type { Target } from '../model/target.ts';
import { readBody, withoutCoding } from './response-body.ts';
import { Client, type ClientOptions, type ReceivedResponse, userAgentOf, type WrittenRequest } from './client.ts';
import type { Exchange, Fault, FaultKind, HttpResponse, SentRequest } from '../model/exchange.ts';
import { faultOf, isPassing, isPassingStatus } from './fault.ts';
import { reasonNotToSend } from './safety-guard.ts';
import { type Clock, RateLimiter, REAL_CLOCK } from './rate-limiter.ts';
import { Http2Client, MALFORMED } from './http2-client.ts';
import { http2Fields, isOddOverHttp2 } from './http2-fields.ts';
import { isOrdinary, RawClient } from './raw-client.ts';
import { Patience } from './patience.ts';
import { rateLimitNotice } from './rate-limit-fields.ts';
import { keepRedactor, type Redact, recordResponse } from './received.ts';
import { findEchoes, issuedKeys, Redactor, publicTextOf } from './redaction.ts';
import { repeatCommand } from './repeat-command.ts';
import { connectionTo } from './connection.ts';
import { selfMadeFiles, selfMadeLike } from './self-made-certificate.ts';
import { openText, redactedText } from './request-text.ts';

export interface SenderOptions {
  readonly concurrency: number;
  /** Milliseconds for one response, from the first byte sent to the last received. */
  readonly timeout: number;
  /** Bytes of a body that are read, before and after decoding. */
  readonly largestBody: number;
  /** Tries for a request that the network failed. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled for each further one, with jitter. */
  readonly backoff: number;
  /** The longest wait for a rate limit, in milliseconds. */
  readonly longestPause: number;
  readonly announce: (message: string) => void;
  /** By which a rate limit is waited for. */
  readonly clock: Clock;
  /** Once it is aborted nothing more is put on the wire, and `send` throws its reason. */
  readonly stop?: AbortSignal | undefined;
  /** What all senders of a run go through, so that each knows what the others have learned of the target; absent: one of its own. */
  readonly rateLimiter?: RateLimiter | undefined;
}

export const SENDER_DEFAULTS: SenderOptions = {
  concurrency: 16,
  timeout: 15_000,
  largestBody: 1_048_576,
  tries: 5,
  backoff: 250,
  longestPause: 15 * 60_000,
  announce: () => undefined,
  clock: REAL_CLOCK,
};

/** A rate limit is waited for more often than a fault is retried: each wait is one that the target asked for. */
const RATE_LIMIT_TRIES = 6;

/** What the client brought back, before anything of it is redacted. */
interface Received {
  readonly response: ReceivedResponse;
  /** The head of the request as it was written to the socket. */
  readonly head: string | undefined;
  /** A library wrote it, which may have changed something. */
  readonly isByLibrary?: true;
  /** Of a request that goes out after another one: this one was not sent, because that got what has to be tried again. */
  readonly isToEarlier?: true;
}

/** How a request ended, after all tries. */
type Result = { readonly attempts: number } & (
  | { readonly received: Received; readonly fault?: never }
  /** With `received`: the last response of a target that stayed unavailable or kept limiting the rate. */
  | { readonly received?: Received; readonly fault: Fault }
);

/**
 * What follows a try: its result stands (`keep`), or it is sent again: after a pause (`retry`), after a pause and only once
 * (`retry once`), or when the rate limit allows it (`wait`).
 */
type NextStep = 'keep' | 'retry' | 'retry once' | 'wait';

interface Asked {
  readonly request: PlannedRequest;
  readonly origin: URL;
  readonly probe: string;
}

/** A request, and how a try of it went. */
interface Try extends Asked {
  readonly step: NextStep;
  readonly fault: Fault | undefined;
  /** This try or one before it got nothing of the API: another one could. */
  readonly wasNotTaken: boolean;
  /** Milliseconds until the next try. */
  readonly pause: number;
}

/** As fast as a target can be asked, as far as that is known before. */
export function rateLimiterOf(target: Target, options: Partial<SenderOptions> = {}): RateLimiter {
  return new RateLimiter({ ...SENDER_DEFAULTS, ...options, expected: target.run.requestsPerMinute });
}

/** Sends requests and records exchanges: the only place where keys are open. */
export class HttpSender {
  readonly #contract: Contract;
  #target: Target;
  readonly #options: SenderOptions;
  readonly #client: Client;
  readonly #clientOptions: ClientOptions;
  readonly #rawClient: RawClient;
  /** Presents no certificate. */
  readonly #bareClient: RawClient;
  /** Presents a certificate that nobody issued. */
  #strangeClient: Promise<RawClient> | undefined;
  readonly #http2Client: Http2Client;
  readonly #rateLimiter: RateLimiter;
  readonly #patience: Patience;
  readonly #redact: Redact = (text) => this.#redactor.redact(text);
  #redactor: Redactor;
  readonly #knownText: string;
  /** A request that has no effect and was answered at once. */
  #witness: Asked | undefined;
  #requests = 0;
  #isPlainHttpUnreachable = false;

  constructor(contract: Contract, target: Target, options: Partial<SenderOptions> = {}) {
    this.#contract = contract;
    this.#target = target;
    this.#options = { ...SENDER_DEFAULTS, ...options };
    const clientOptions = {
      connection: connectionTo(target),
      timeout: this.#options.timeout,
      largestBody: this.#options.largestBody,
      connections: this.#options.concurrency,
    };
    this.#clientOptions = clientOptions;
    this.#client = new Client(clientOptions);
    this.#rawClient = new RawClient(clientOptions);
    this.#bareClient = new RawClient({
      ...clientOptions,
      connection: { ...clientOptions.connection, certificate: undefined },
    });
    this.#http2Client = new Http2Client(clientOptions);
    this.#rateLimiter = options.rateLimiter ?? rateLimiterOf(target, this.#options);
    this.#patience = new Patience(this.#options.concurrency, this.#options.timeout);
    this.#redactor = this.#newRedactor();
    this.#knownText = JSON.stringify(contract.document);
  }

  /** Requests put on the wire so far, retries included. */
  get requests(): number {
    return this.#requests;
  }

  /** Takes a key that was made meanwhile for one of the target's: the guard and what is recorded know it from now on. */
  learn(secret: Secret): void {
    const { keys } = this.#target;
    this.#target = { ...this.#target, keys: { ...keys, made: [...(keys.made ?? []), secret] } };
    this.#redactor = this.#newRedactor();
  }

  #newRedactor(): Redactor {
    return new Redactor(
      issuedKeys(this.#target),
      this.#contract.keyKinds.map(({ prefix }) => prefix),
      publicTextOf(this.#contract, this.#target),
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(), this.#http2Client.close()]);
  }

  /**
   * Sends a request, with retries, and records what came of it. It never throws for what a target or a network does: the
   * exchange then has a fault.
   *
   * @throws the reason of `stop`
   * @param probe goes out in `User-Agent`, so that the operators of the API can tell the requests of a run apart
   */
  async send(request: PlannedRequest, probe: string): Promise<Exchange> {
    const address = request.via === 'plain-http' ? this.#target.plainHttpUrl : this.#target.baseUrl;
    const origin = new URL(address ?? this.#target.baseUrl);
    const reason =
      address === undefined
        ? 'the target has no address for plain HTTP'
        : this.#target.proxy && origin.protocol === 'http:'
          ? 'a proxy rewrites what goes over plain HTTP'
          : reasonNotToSend(request, origin, this.#target, this.#contract);
    const started = performance.now();
    const result: Result =
      reason === undefined
        ? await this.#sendWithRetries(request, origin, probe)
        : { attempts: 0, fault: { kind: 'guard', message: reason } };
    if (reason === undefined && isForPatience(request) && result.fault?.kind !== 'not-asked')
      this.#patience.noticeEnd(probe, result.fault?.kind);
    return this.#record(request, probe, origin, result, Math.round(performance.now() - started));
  }

  async #sendWithRetries(request: PlannedRequest, origin: URL, probe: string): Promise<Result> {
    const isUsual = isForPatience(request);
    let wasNotTaken = false;
    for (let attempt = 1, waits = 0, serverErrors = 0; ; attempt++) {
      const pause = this.#options.backoff * 2 ** (attempt - 1) * (0.5 + Math.random());
      const { result, step } = await this.#rateLimiter.run(async (): Promise<{ result: Result; step: NextStep }> => {
        const message = isUsual ? this.#patience.reasonNotToAsk(probe) : undefined;
        if (message !== undefined)
          return { result: { attempts: attempt - 1, fault: { kind: 'not-asked', message } }, step: 'keep' };
        const result = await this.#sendOnce(request, origin, probe, attempt);
        // Decided here, since what a response says of the rate limit has to hold before the next request begins.
        const step = result.fault
          ? this.#stepAfterFault(result.fault, request)
          : this.#stepAfterResponse(result.received.response, credentialOf(request, this.#contract));
        wasNotTaken ||= step === 'retry';
        if (isUsual) this.#notePressure({ request, origin, probe, step, fault: result.fault, wasNotTaken, pause });
        return { result, step };
      });
      const { received, fault } = result;
      if (step === 'keep' || (step === 'retry once' && ++serverErrors > 1))
        return received?.isToEarlier ? { attempts: attempt, fault: earlierNotAnswered(received) } : result;
      if (step === 'wait') {
        if (received && ++waits >= RATE_LIMIT_TRIES)
          return { attempts: attempt, received, fault: { kind: 'rate-limited', message: `429 after ${waits} waits` } };
        attempt--;
        continue;
      }
      if (step === 'retry' && attempt >= this.#triesAfter(fault, request, probe)) {
        if (request.via === 'plain-http' && fault) this.#isPlainHttpUnreachable = true;
        const failed = fault ? result : { ...result, fault: unavailable(result.received.response.status, attempt) };
        return isUsual && (await this.#isAskedTooFast(failed))
          ? { ...failed, fault: tooFast(failed.fault, attempt, this.#target.variables.rateLimit) }
          : failed;
      }
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }

  /**
   * A request that is taken at a later try was too much before. Only then is a failure one of too many requests: one that fails
   * again and again fails for what it is.
   */
  #notePressure({ request, origin, probe, step, fault, wasNotTaken, pause }: Try): void {
    const now = this.#options.clock.now();
    if (step === 'retry') {
      // Connections that are kept open for later may be those that others lack.
      if (fault) this.#client.closeIdle();
      if (this.#rateLimiter.isStrained) this.#rateLimiter.slowDown(now + pause, now);
    } else if (step === 'keep' && !fault) {
      this.#rateLimiter.wentThrough();
      if (!this.#witness && isPlain(request)) this.#witness = { request, origin, probe };
      if (wasNotTaken && !this.#rateLimiter.isStrained) this.#rateLimiter.slowDown(now, now);
    }
  }

  /**
   * Whether what was answered before fails now as well: then a gateway refuses whatever comes too fast, with a status that does
   * not say so (nginx says 503 by default), and the request did not fail for what it is.
   */
  async #isAskedTooFast({ fault }: Result): Promise<boolean> {
    const witness = this.#witness;
    if (!witness || !fault || !OF_A_BUSY_GATEWAY.has(fault.kind)) return false;
    const { received } = await this.#rateLimiter.run(() =>
      this.#sendOnce(witness.request, witness.origin, witness.probe, 1),
    );
    return received === undefined || isPassingStatus(received.response.status);
  }

  #triesAfter(fault: Fault | undefined, request: PlannedRequest, probe: string): number {
    const { tries } = this.#options;
    const isSilent = fault?.kind === 'timeout' && isForPatience(request);
    return isSilent ? Math.min(tries, this.#patience.triesOf(probe)) : tries;
  }

  /** What a status says about the way to the API, and never about the API's promises. */
  #stepAfterResponse(response: ReceivedResponse, credential: string): NextStep {
    const now = this.#options.clock.now();
    const notice = rateLimitNotice(response, this.#contract.rateLimitHeaders, now);
    const isWaitShort = this.#rateLimiter.notice(notice, now, credential);
    if (response.status === 429) return isWaitShort ? 'wait' : 'keep';
    if (isPassingStatus(response.status)) return 'retry';
    return response.status === 500 ? 'retry once' : 'keep';
  }

  /** A plain-HTTP port that is closed or silent proves something: once that is sure it is not tried again and again. */
  #stepAfterFault(fault: Fault, { via, newestTls, certificate }: PlannedRequest): NextStep {
    if (via === 'plain-http' && this.#isPlainHttpUnreachable) return 'keep';
    // A server that does not support old TLS says so by closing the connection.
    if (newestTls || fault.message === MALFORMED) return 'keep';
    if (certificate && fault.kind === 'tls') return 'keep';
    return isPassing(fault) ? 'retry' : 'keep';
  }

  async #sendOnce(request: PlannedRequest, origin: URL, probe: string, attempt: number): Promise<Result> {
    this.#options.stop?.throwIfAborted();
    this.#requests++;
    try {
      const received = await this.#write(request, origin, probe);
      if (isForPatience(request)) this.#patience.noticeTry(false);
      return { attempts: attempt, received };
    } catch (error) {
      const fault = faultOf(error);
      if (isForPatience(request)) this.#patience.noticeTry(fault.kind === 'timeout');
      return { attempts: attempt, fault };
    }
  }

  async #writeOverHttp2(request: PlannedRequest, origin: URL, probe: string): Promise<Received> {
    const { body } = request;
    const written = {
      fields: http2Fields(request, origin).map(([name, value]) => [name, openText(value)] as const),
      body: body === undefined ? undefined : openText(body),
      isOdd: isOddOverHttp2(request),
    };
    const received = await this.#http2Client.send(
      origin,
      written,
      userAgentOf(probe),
      credentialOf(request, this.#contract),
    );
    return { ...received, isByLibrary: true };
  }

  /** Through undici where it writes the request as it is meant, and as bytes of our own where it does not. */
  async #write(request: PlannedRequest, origin: URL, probe: string, session?: string): Promise<Received> {
    if (request.http2) return this.#writeOverHttp2(request, origin, probe);
    const bytes = openRequest(request);
    const { earlier, certificate } = request;
    if (earlier?.sameConnection === true) {
      this.#requests++;
      return this.#rawClient.send(origin, [openRequest(earlier.request), bytes], userAgentOf(probe));
    }
    // A session of its own for each pair: nothing else resumes it.
    const resumed = request.resumesSession ? `${probe} ${this.#requests}` : session;
    if (earlier) {
      this.#requests++;
      const first = await this.#write(earlier.request, origin, probe, resumed);
      // Without a response of the API to the first request, the second one proves nothing.
      if (isPassingStatus(first.response.status)) return { ...first, isToEarlier: true };
    }
    if (certificate) {
      const client = certificate === 'none' ? this.#bareClient : await (this.#strangeClient ??= this.#makeStrange());
      return client.send(origin, [bytes], userAgentOf(probe), resumed);
    }
    if (!isOrdinary(bytes))
      return this.#rawClient.send(
        origin,
        [bytes],
        userAgentOf(probe),
        resumed ?? credentialOf(request, this.#contract),
      );
    const received = await this.#client.send(
      origin,
      bytes,
      probe,
      credentialOf(request, this.#contract),
      request.connection,
    );
    return { ...received, isByLibrary: true };
  }

  async #makeStrange(): Promise<RawClient> {
    const { certificate } = this.#target;
    return new RawClient({
      ...this.#clientOptions,
      connection: { ...this.#clientOptions.connection, certificate: certificate && (await selfMadeLike(certificate)) },
    });
  }

  #record(
    request: PlannedRequest,
    probe: string,
    origin: URL,
    { received, fault, attempts }: Result,
    durationMs: number,
  ): Exchange {
    const { response } = received ?? {};
    // The head of another request says nothing of how this one was written.
    const head = received?.isToEarlier ? undefined : received?.head;
    const rewritten =
      head !== undefined && received?.isByLibrary ? differenceFromPlan(request, head, origin) : undefined;
    const recorded = {
      request: this.#recordRequest(request, probe, origin, head),
      ...(rewritten !== undefined && { rewritten }),
      echoes: response
        ? findEchoes(secretsOf(request), places(response, this.#options.largestBody), this.#knownText)
        : [],
      attempts,
      durationMs,
    };
    if (!fault) return keepRedactor({ ...recorded, response: this.#recordResponse(received.response) }, this.#redact);
    const failed: Exchange = {
      ...recorded,
      fault: {
        kind: fault.kind,
        message: this.#redact(fault.message),
        ...(response && { lastResponse: this.#recordResponse(response) }),
      },
    };
    return keepRedactor(failed, this.#redact);
  }

  /** The texts are made and redacted when they are read, since of most requests nobody reads them. */
  #recordRequest(request: PlannedRequest, probe: string, origin: URL, head?: string): SentRequest {
    const redact = this.#redact;
    const { method, target, headers, body, earlier, http2 } = request;
    const { ca, certificate, proxy, variables } = this.#target;
    const named = {
      ...(ca !== undefined && { caVariable: variables.ca }),
      ...(certificate && request.certificate === undefined
        ? { certificate: { files: [`"$${variables.clientCertificate}"`, `"$${variables.clientKey}"`] as const } }
        : {}),
      ...(certificate && request.certificate === 'self-made' ? { certificate: selfMadeFiles(certificate) } : {}),
      ...(proxy && { proxyVariable: variables.proxy }),
    };
    let lines: readonly string[] | undefined;
    return {
      method,
      get url() {
        return redact(`${origin.origin}${redactedText(target)}`);
      },
      get headers() {
        const fields = http2 ? http2Fields(request, origin) : headers;
        return (lines ??= fields.map(([name, value]) => redact(`${name}: ${redactedText(value)}`)));
      },
      ...(body !== undefined && { body: redact(redactedText(body)) }),
      ...(earlier && { earlier: this.#recordRequest(earlier.request, probe, origin) }),
      get head() {
        return head === undefined ? undefined : redact(hideMadeUp(head, speltSecretsOf(request)));
      },
      get curl() {
        return redact(repeatCommand(request, { origin, userAgent: userAgentOf(probe), ...named }));
      },
    };
  }

  #recordResponse(response: ReceivedResponse): HttpResponse {
    const { status, headers, body, truncated } = response;
    const read = readBody(body, truncated, listOf(response, 'content-encoding'), this.#options.largestBody);
    return recordResponse({ status, headers, ...read }, this.#redact, this.#target.run.reportBodies === 'text');
  }
}

/** That nothing answers to plain HTTP, to old TLS or to a client without its certificate is as it should be, and says nothing about the target. */
function isForPatience({ via, newestTls, certificate }: PlannedRequest): boolean {
  return via === 'base' && newestTls === undefined && certificate === undefined;
}

/**
 * What a request says who it is: each line with a key of the user's or with one that was made of it, as it is spelt there,
 * since a server that remembers a connection would take it for the good one before it. Of keys that were made up here, and of
 * what stands where a key belongs and is none, only that: they open nothing.
 */
function credentialOf(request: PlannedRequest, { schemes }: Contract): string {
  const secrets = secretsOf(request);
  if (secrets.length === 0) return isWithoutCredential(request, Object.values(schemes)) ? 'no key' : 'made-up';
  if (secrets.every(({ origin }) => origin === 'made-up')) return 'made-up';
  const texts = [request.target, ...request.headers.map(([name, value]) => [`${name}: `, ...value])];
  const isCredential = (text: Text): boolean => text.some((part) => part instanceof Secret);
  return JSON.stringify([...texts, request.body ?? []].filter(isCredential).map(redactedText));
}

/** Nothing stands where a credential belongs, not even an empty key. Its places: RFC 9110 §11.6.2, and those of the schemes. */
function isWithoutCredential({ target, headers }: PlannedRequest, schemes: readonly SecurityScheme[]): boolean {
  const query = redactedText(target).split(/[?&]/).slice(1);
  return !schemes.some(({ in: place = 'header', parameter = 'Authorization' }) => {
    if (place === 'query') return query.some((pair) => pair.startsWith(`${encodeURIComponent(parameter)}=`));
    const names = ['authorization', place === 'cookie' ? 'cookie' : parameter.toLowerCase()];
    return headers.some(([name]) => names.includes(name.toLowerCase()));
  });
}

/** With keys as they are, ready to be written. */
function openRequest({ method, target, headers, body, newestTls, serverName }: PlannedRequest): WrittenRequest {
  return {
    method,
    target: openText(target),
    headers: headers.map(([name, value]) => [name, openText(value)]),
    body: body === undefined ? undefined : openText(body),
    newestTls,
    serverName,
  };
}

/** How a gateway that has too much to do answers, or does not. */
const OF_A_BUSY_GATEWAY: ReadonlySet<FaultKind> = new Set(['unavailable', 'reset', 'closed']);

function isPlain({ method, http2, earlier, body, keyAction }: PlannedRequest): boolean {
  return method === 'GET' && !http2 && !earlier && body === undefined && keyAction === undefined;
}

/** @param rateLimit name of the variable */
function tooFast({ kind, message }: Fault, tries: number, rateLimit: string): Fault {
  const what = kind === 'unavailable' ? message : `with nothing (${message}) in ${tries} tries`;
  const why = 'and what it had answered before as well, so it is asked too fast';
  return { kind: 'rate-limited', message: `${what}, ${why}: set ${rateLimit} to what it allows in a minute` };
}

function unavailable(status: number, tries: number): Fault {
  return { kind: 'unavailable', message: `status ${status} in ${tries} tries` };
}

/** No server accepts a made-up key, but a scanner that reads the report takes it for a key. */
function hideMadeUp(head: string, secrets: readonly Secret[]): string {
  return secrets.reduce((result, secret) => result.replaceAll(openText([secret]), redactedText([secret])), head);
}

/** The parts of a response that may repeat a key, each with its name. */
function places(response: ReceivedResponse, limit: number): [place: string, text: string][] {
  return [
    ['body', withoutCoding(response.body, listOf(response, 'content-encoding'), limit).toString('latin1')],
    ...response.headers.map(([name, value]): [string, string] => [`header ${name.toLowerCase()}`, value]),
  ];
}

function earlierNotAnswered({ response: { status } }: Received): Fault {
  const message = `the request that goes before it got ${status}, so it was not sent: have the target limit the run less, or run again later`;
  return { kind: 'not-asked', message };
}

/** How what a library wrote differs from what was meant; undefined: it does not. */
function differenceFromPlan(request: PlannedRequest, head: string, origin: URL): string | undefined {
  if (request.http2) {
    const meant = http2Fields(request, origin).map(([name, value]) => `${name}: ${openText(value)}`);
    const isSame = meant.toSorted().join('\r\n') === head.split('\r\n').toSorted().join('\r\n');
    return isSame ? undefined : 'a field was changed on the way to the socket';
  }
  return difference(request, head);
}

/** How the head that was written differs from the one that was meant, or undefined. */
function difference(request: PlannedRequest, head: string): string | undefined {
  const lines = head.split('\r\n');
  const requestLine = `${request.method} ${openText(request.target)} HTTP/1.1`;
  if (lines[0] !== requestLine) return 'the request line was changed on the way to the socket';
  const present = new Map<string, number>();
  for (const line of lines) present.set(line, (present.get(line) ?? 0) + 1);
  for (const [name, value] of request.headers) {
    // undici spells this one name in its own way.
    const line = `${name.toLowerCase() === 'host' ? 'host' : name}: ${openText(value)}`;
    const left = present.get(line) ?? 0;
    if (left === 0) return `the header ${name} was changed on the way to the socket`;
    present.set(line, left - 1);
  }
  return undefined;
}
