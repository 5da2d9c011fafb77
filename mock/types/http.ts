export type HeaderLine = readonly [name: string, value: string];

/** A request as it came over a connection, with nothing decoded. */
export interface IncomingRequest {
  readonly method: string;
  /** The request-target as it was sent (RFC 9112 §3.2). */
  readonly target: string;
  /** In the order and spelling in which they were sent. */
  readonly headers: readonly HeaderLine[];
  /** Address of the other end of the connection. */
  readonly peer: string;
  /** One object for all requests of a connection. */
  readonly connection: object;
  /** What only a request over HTTP/2 says; absent: it came over HTTP/1.1. */
  readonly http2?: {
    /** The pseudo-header field `:authority`. */
    readonly authority: string | undefined;
    /** A field `host` beside it, which nobody reads where there is an `:authority`. */
    readonly host: string | undefined;
    /** The fields `cookie` as they came. */
    readonly crumbs: readonly string[];
  };
  /** The certificate of the client in the TLS handshake: one of the mock's authority, one of anybody, or none. */
  readonly certificate: 'issued' | 'strange' | 'none';
  /** The TLS session is one that an earlier connection began (RFC 8446 §2.2). */
  readonly isResumed: boolean;
  /** The name that the client asked for in the TLS handshake. */
  readonly serverName: string | undefined;
  /** Reads the body at most once; undefined where it is larger than a mebibyte. */
  readonly body: () => Promise<Buffer | undefined>;
}

export interface MockResponse {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  /** A string is sent as it is, anything else as JSON. */
  readonly body: unknown;
  readonly delivery?: Delivery;
}

/** How a response is written, for servers that are unusual there. HTTP/2 has no chunks, phrases and ends of connections. */
interface Delivery {
  readonly chunked?: boolean;
  /** Sent after a chunked body. */
  readonly trailers?: readonly HeaderLine[];
  readonly indented?: boolean;
  readonly compressed?: boolean;
  /** The end of the connection is the end of the body, as before HTTP/1.1. */
  readonly untilClose?: boolean;
  /** The body is the beginning of one that goes on for as long as the client listens. */
  readonly endless?: boolean;
  /** The response 103 is sent first. */
  readonly hinted?: boolean;
  /** The reason phrase; the usual one by default. */
  readonly phrase?: string;
  /** Milliseconds before the response begins. */
  readonly delay?: number;
  /** Nothing is sent: the connection is reset, or closed, or stays open in silence. */
  readonly withheld?: 'reset' | 'close' | 'silence';
  /** A malformed HEAD gets a body as well, as some parsers write it. */
  readonly bodyToHead?: boolean;
}
