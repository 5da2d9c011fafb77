import type { KeyAction } from './key-lifecycle.ts';
import type { Text } from '../secret.ts';

/** A header field line as it is to be written; order and repetition are kept. */
export type HeaderLine = readonly [name: string, value: Text];

/** One request, complete but for the bytes of the keys in it. */
export interface PlannedRequest {
  /** `base`: the target itself; `plain-http`: the address where plain HTTP is tried. */
  readonly via: 'base' | 'plain-http';
  readonly method: string;
  /** The request-target as it is to be written, base path and query included: never normalised. */
  readonly target: Text;
  readonly headers: readonly HeaderLine[];
  /** In UTF-8 once it is written. */
  readonly body?: Text;
  /** Sent and answered first; `sameConnection`: on the connection that this request is then written to. */
  readonly earlier?: { readonly request: PlannedRequest; readonly sameConnection: boolean };
  /** The name that is asked for in the TLS handshake (SNI); absent: the target's own. The certificate is held against that in any case. */
  readonly serverName?: string;
  /**
   * What the connection presents in the place of the client's certificate, where the target is given one: `none`, or one with
   * the same name that nobody issued (`self-made`).
   */
  readonly certificate?: 'none' | 'self-made';
  /** The TLS session of `earlier` is resumed (RFC 8446 §2.2), where the server offers that; absent: it is not. */
  readonly resumesSession?: true;
  /** The newest version of TLS that the client offers; absent: what Node offers. */
  readonly newestTls?: 'TLSv1.1';
  /** Sent over HTTP/2, on the same host and port, where the target offers it; absent: over HTTP/1.1. */
  readonly http2?: Http2Parts;
  /**
   * Sent on the connection with this number, from 1, of those that carry its credential, which is kept open; absent: on
   * whichever is free.
   */
  readonly connection?: number;
  /** What the request does to a key of the API. It has that effect, and on production the safety guard refuses it. */
  readonly keyAction?: KeyAction;
  /** No effect is possible on a server that validates: the plan proved the body invalid or the resource absent. */
  readonly inert: boolean;
  /** Why an inert request has no effect although its method may have one. The safety guard checks it again. */
  readonly proof?: ProofOfNoEffect;
}

/** What only a request over HTTP/2 says. */
export interface Http2Parts {
  /** The pseudo-header field `:authority`; absent: host and port of the target. */
  readonly authority?: string;
}

/**
 * What shows that a request has no effect on a server that validates what it is sent.
 *
 * - `syntax`: the body is no text of the media type that it is sent in, such as `{"inert":` as `application/json`.
 * - `schema`: each of the schemas, as pointers into the contract's document, refuses the body in that media type.
 * - `id`: nothing has the id that stands in the request, and the method creates nothing at the address it is sent to.
 * - `method`: the method exists nowhere.
 */
export type ProofOfNoEffect =
  | { readonly by: 'syntax'; readonly mediaType: string }
  | { readonly by: 'schema'; readonly mediaType: string; readonly schemas: readonly string[] }
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'method' };
