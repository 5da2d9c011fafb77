import type { Fault, FaultKind } from '../model/exchange.ts';

const KINDS: readonly (readonly [FaultKind, RegExp])[] = [
  ['refused', /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/],
  ['dns', /^(ENOTFOUND|EAI_AGAIN)$/],
  ['timeout', /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|TimeoutError)$/],
  ['too-large', /^(UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW|UND_ERR_RES_EXCEEDED_MAX_SIZE)$/],
  ['tls', /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$)/],
  ['protocol', /^(HPE_|HTTPParserError$|UND_ERR_RES_CONTENT_LENGTH_MISMATCH$|HTTP2_NOT_SPOKEN$|ERR_HTTP2_ERROR$)/],
  ['closed', /^CONNECTION_CLOSED$/],
  ['reset', /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_DESTROYED|HTTP2_PROTOCOL_ERROR)$/],
  ['reset', /^ERR_HTTP2_(STREAM_ERROR|SESSION_ERROR|STREAM_CANCEL|GOAWAY_SESSION|INVALID_SESSION|INVALID_STREAM)$/],
  ['no-second', /^CONNECTION_UNFIT/],
  ['unsendable', /^(UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ERR_INVALID_CHAR|ERR_INVALID_ARG)/],
  ['unsendable', /^ERR_HTTP2_/],
];

/** Faults of the network that another try may get past. */
const PASSING: ReadonlySet<FaultKind> = new Set(['refused', 'reset', 'closed', 'timeout', 'tls', 'dns', 'unavailable']);

/**
 * Turns what a client threw into a fault. The message is the error's code, since longer messages may quote a header.
 * Example: `ECONNREFUSED`.
 */
export function faultOf(error: unknown): Fault {
  const { code, name, message } = error as NodeJS.ErrnoException;
  const known = [code, name].filter((word) => word !== undefined);
  const kind = KINDS.find(([, pattern]) => known.some((word) => pattern.test(word)))?.[0] ?? 'unknown';
  // The code of a DOMException is a number that tells nobody anything.
  const word = typeof code === 'string' ? code : name;
  return { kind, message: `${word}${kind === 'unknown' ? `: ${message}` : ''}` };
}

/** 429, or a status of a gateway in front of the API: another try may get a response of the API itself. */
export function isPassingStatus(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

export function isPassing(fault: Fault): boolean {
  return PASSING.has(fault.kind);
}

/** Faults of one request that a target which is there can cause by itself, time and again. */
const OF_THE_TARGET: ReadonlySet<FaultKind> = new Set([
  ...(['reset', 'closed', 'timeout', 'protocol', 'too-large', 'unavailable'] as const),
]);

export function isOfTheTarget({ kind }: Fault): boolean {
  return OF_THE_TARGET.has(kind);
}
