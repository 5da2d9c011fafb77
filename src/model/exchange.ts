/** The body of a response: decoded, redacted, and no longer than what is recorded of a body. */
export interface Body {
  /** At most 16,384 characters. Control characters stand as their pictures (`␛`). */
  readonly text: string;
  /** Bytes received before decoding. */
  readonly bytes: number;
  /** More was received, or would have been, than `text` has. */
  readonly truncated: boolean;
  /** The whole body as a value, where it is JSON. */
  readonly json?: unknown;
  /** Why the body is not JSON, or not JSON that all readers understand alike (a member twice, nesting beyond 64 levels). */
  readonly jsonError?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Field lines in the order received, redacted. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Body;
}

/**
 * What kept a response from arriving. A fault is no verdict on the API, but some rules accept one: a server may refuse plain
 * HTTP by closing its port.
 *
 * - `closed`: the server ended the connection on which the next request was to be sent.
 * - `unavailable`, `rate-limited`: every try got a 502, 503 or 504, or a 429. The fault has the last response. Where other
 *   requests get a 503, too, that were answered before, it is a rate limit as well.
 * - `guard`: the suite refused to send the request, since that would break a promise about safety.
 * - `unsendable`: no client could write the request.
 * - `not-asked`: the target had been silent for so long that the request was not sent any more, or the request that goes
 *   before it got a rate limit.
 * - `no-second`: the first response on the connection has no end that another request could follow.
 */
export type FaultKind =
  | 'refused'
  | 'reset'
  | 'closed'
  | 'timeout'
  | 'tls'
  | 'dns'
  | 'protocol'
  | 'too-large'
  | 'unavailable'
  | 'rate-limited'
  | 'guard'
  | 'unsendable'
  | 'not-asked'
  | 'no-second'
  | 'unknown';

export interface Fault {
  readonly kind: FaultKind;
  /** Short and without a key. Examples: `ECONNREFUSED`, `status 503 in 5 tries`. */
  readonly message: string;
  /** Of `unavailable` and `rate-limited`: what came in the last try. It was not the API that responded, so it proves nothing. */
  readonly lastResponse?: HttpResponse;
}

/**
 * Who wrote a response. A promise about responses binds the API, and nobody else.
 *
 * - `operation`: the handler of the operation, or its input check.
 * - `api`: the API at large: its router, its refusal of a key.
 * - `edge`: an HTTP parser, a proxy, a firewall or a web page beside the API.
 * - `nobody`: no response arrived.
 */
export type Respondent = 'operation' | 'api' | 'edge' | 'nobody';

/** Responses that show once a run what the target says where no operation is. Absent: it was not asked, or gave no response. */
export interface Landmarks {
  /** To a path below the base URL that is no operation, with the full-access key. */
  readonly unknownPathWithKey?: HttpResponse;
  /** To the same path without a credential. */
  readonly unknownPath?: HttpResponse;
  /** To a path at the root of the host that is nothing, without a credential. */
  readonly unknownPathAtRoot?: HttpResponse;
  /** To a request that is no well-formed HTTP. */
  readonly malformed?: HttpResponse;
}

/** A request as it was sent, safe to show: each key stands as its name. Its texts may be made at each reading. */
export interface SentRequest {
  readonly method: string;
  /** Example: `https://api.example.com/v2/contacts?api_key=«EXAMPLE_API_KEY»`. */
  readonly url: string;
  /** Field lines in the order sent. Example: `X-API-Key: «EXAMPLE_API_KEY»`. */
  readonly headers: readonly string[];
  readonly body?: string;
  /** The whole head as it was written to the socket. Absent where no response came. */
  readonly head?: string | undefined;
  /** The request that was sent just before this one and got its response first, where a case consists of two requests. */
  readonly earlier?: SentRequest;
  /**
   * A line for bash that repeats the request, and the earlier one before it: with curl, or as bytes to a connection where
   * curl would write something else. Example: `curl -H "X-API-Key: $EXAMPLE_API_KEY" 'https://api.example.com/'`.
   */
  readonly curl: string;
}

interface ExchangeBase {
  readonly request: SentRequest;
  /** Where the response repeats a key of this request, whole or its last six characters: `body`, `header location`. */
  readonly echoes: readonly string[];
  /** Says how the request was changed on its way to the socket. Nothing is proven by such an exchange. */
  readonly rewritten?: string;
  /** How often the request was sent. 0 where the suite refused to send it. */
  readonly attempts: number;
  readonly durationMs: number;
}

/** A request and its response. */
export interface CompletedExchange extends ExchangeBase {
  readonly response: HttpResponse;
  readonly fault?: never;
}

/** A request and the fault that kept its response from arriving. */
export interface FailedExchange extends ExchangeBase {
  readonly fault: Fault;
  readonly response?: never;
}

/** One request and what came of it: a response or a fault. Immutable, redacted and JSON-serialisable. */
export type Exchange = CompletedExchange | FailedExchange;
