/** A body as it was received: decoded for reading, cut at the recording limit, with every key redacted. */
export interface Body {
  readonly text: string;
  /** Bytes received before decoding. */
  readonly bytes: number;
  readonly truncated: boolean;
  /** Present when the text is JSON. */
  readonly json?: unknown;
  /** Why the text is not JSON, or not JSON that two readers understand alike (duplicate members). */
  readonly jsonError?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Field lines in the order received, redacted. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Body;
}

/**
 * What kept an answer from arriving. Never a verdict on the API, except that plain HTTP may be refused this way.
 * `closed`: the server ended the connection on which the case was to go on. `guard` is the suite's own: a request that must not be sent was about to be. `unsendable`: no client could write it.
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
  | 'unknown';

export interface Fault {
  readonly kind: FaultKind;
  readonly message: string;
}

/** What was sent, safe to show: keys stand as their names. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body?: string;
  /** The head as it was written to the socket, where it was. */
  readonly head?: string;
  /** What was sent and answered just before, where the case is about the two together. */
  readonly before?: { readonly method: string; readonly url: string; readonly headers: readonly string[] };
  /** A command that repeats the request, with shell variables where keys were. */
  readonly curl: string;
}

/** One request and what came of it. Immutable, redacted, JSON-serialisable; either `answer` or `fault` is there. */
export interface Exchange {
  readonly request: SentRequest;
  readonly response?: HttpResponse;
  readonly fault?: Fault;
  /** Where the answer repeats a key of this request, whole or its last six characters: `body`, `header location`. */
  readonly echoes: readonly string[];
  /** The request as written differs from the request as meant: says how. Nothing is proven by it. */
  readonly rewritten?: string;
  readonly attempts: number;
  readonly durationMs: number;
}

/** The first field value of that name, whatever its case. */
export function header(answer: HttpResponse, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return answer.headers.find(([field]) => field.toLowerCase() === wanted)?.[1];
}

/** The media type without parameters, lower case. */
export function mediaType(answer: HttpResponse): string | undefined {
  return header(answer, 'content-type')?.split(';')[0]?.trim().toLowerCase();
}
