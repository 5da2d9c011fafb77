import { mediaTypeOf } from '../fields/response-fields.ts';
import type { Operation } from '../model/contract.ts';
import type { HttpResponse, Landmarks, Respondent, SentRequest } from '../model/exchange.ts';
import { comparableHeaders } from './comparable-headers.ts';
import { isAccepted, isBlockPage, isRefusal, isSuccess } from './expectations.ts';
import { hasSameWords, isAlike, saysNothing } from './likeness.ts';
import { isNoMethod } from './not-reached.ts';
import { isNoticeToAll } from './notice.ts';

/** What one operation's responses are held against. */
export interface Surroundings {
  readonly landmarks?: Landmarks | undefined;
  /** The response to the full-access key. */
  readonly fullAccess?: HttpResponse | undefined;
  /** The response to the same request without a credential. */
  readonly noKey?: HttpResponse | undefined;
  /** The response to a header that is longer than most parsers take. */
  readonly tooLong?: HttpResponse | undefined;
}

interface Judged {
  readonly request: Pick<SentRequest, 'method'>;
  readonly response?: HttpResponse | undefined;
}

/** Statuses that HTTP parsers and proxies answer with by themselves. */
const EDGE_STATUSES: ReadonlySet<number> = new Set([
  400, 405, 408, 411, 413, 414, 417, 421, 431, 494, 495, 496, 497, 501, 505,
]);

/** Header fields that servers of any kind send, so that they do not tell an API from what stands before it. */
const COMMON: ReadonlySet<string> = new Set([
  ...['content-type', 'content-encoding', 'server', 'vary', 'allow', 'cache-control', 'strict-transport-security'],
  ...['www-authenticate', 'set-cookie', 'x-powered-by', 'accept-ranges', 'link', 'location', 'retry-after'],
]);

/** Statuses of a router and of a gate: the API at large writes them, whichever operation was asked. */
const AT_LARGE: ReadonlySet<number> = new Set([404, 405]);

export function respondentOf({ response, request }: Judged, surroundings: Surroundings): Respondent {
  if (!response) return 'nobody';
  const { landmarks = {}, fullAccess, noKey } = surroundings;
  const isLike = (other: HttpResponse | undefined): boolean => other !== undefined && isAlike(response, other);
  const isFallback = isLike(landmarks.unknownPathWithKey) || isLike(landmarks.unknownPath);
  const isDenial = isLike(noKey) || isRefusal(response);
  if (isBlockPage(response) || (isPageBesideTheApi(response, landmarks) && !isDenial)) return 'edge';
  const own = ownHeaders(fullAccess, noKey);
  // A framework lists the methods of a path by itself, and so does what answers browsers before they ask.
  if (request.method === 'OPTIONS' && own.size > 0 && !hasAny(response, own)) return 'edge';
  if (isLike(fullAccess) && !isFallback) return 'operation';
  if (isDenial || isFallback) return 'api';
  // Another site on the same machine, or a proxy, has pages; an API that has none does not write one.
  const isForeignPage = isPage(response) && [fullAccess, noKey].every((one) => !one || !isPage(one));
  if (isForeignPage && own.size > 0 && !hasAny(response, own)) return 'edge';
  const isBare = own.size > 0 && !hasAny(response, own) && response.body.json === undefined;
  // A router sends to another spelling of the path before the API is asked. A gateway that breaks says so in its own words,
  // and a server that does not know the method or the version in others.
  if ((isBare && isRedirectOrFailure(response)) || isNotImplemented(response, fullAccess)) return 'edge';
  // Caddy has an empty site for every host that it does not know.
  if (isBare && isSuccess(response) && saysNothing(response) && fullAccess && fullAccess.body.bytes > 0) return 'edge';
  if ((isBare && isStatusLine(response)) || isWrittenAtTheEdge(response, own, surroundings)) return 'edge';
  return isSuccess(response) || !AT_LARGE.has(response.status) ? 'operation' : 'api';
}

function isRedirectOrFailure({ status }: HttpResponse): boolean {
  return status >= 500 || (status >= 300 && status < 400);
}

/** `400 Bad Request: malformed Host header`: the whole status line as text, as parsers write it. */
function isStatusLine({ status, body: { text } }: HttpResponse): boolean {
  return EDGE_STATUSES.has(status) && new RegExp(`^${status} [A-Z][a-z]+(?: [A-Z][a-z]+)*(?::|\\s*$)`).test(text);
}

/** The page that the host shows for every path that is nothing. */
function isPageBesideTheApi(response: HttpResponse, { unknownPathAtRoot }: Landmarks): boolean {
  return isPage(response) && unknownPathAtRoot !== undefined && isAlike(response, unknownPathAtRoot);
}

/** Before an API that speaks JSON, the server has a page for what it does not implement at all (RFC 9110 §15.6.2). */
function isNotImplemented(response: HttpResponse, fullAccess: HttpResponse | undefined): boolean {
  return [501, 505].includes(response.status) && isPage(response) && fullAccess?.body.json !== undefined;
}

/**
 * Written like the response to a request that no API has seen, and without the header fields of the API. Where the API itself
 * answers malformed requests, since a lenient parser hands them on, that is the response to a header that is too long.
 */
function isWrittenAtTheEdge(
  response: HttpResponse,
  own: ReadonlySet<string>,
  { landmarks = {}, noKey, tooLong }: Surroundings,
): boolean {
  const isOfTheApi = (one: HttpResponse): boolean => hasAny(one, own) || (noKey !== undefined && isAlike(noKey, one));
  const { malformed } = landmarks;
  const shown = malformed && isOfTheApi(malformed) && tooLong?.body.json === undefined ? tooLong : malformed;
  if (!shown || !EDGE_STATUSES.has(shown.status) || !EDGE_STATUSES.has(response.status) || isOfTheApi(shown))
    return false;
  const isFormAlike =
    mediaTypeOf(shown)?.essence === mediaTypeOf(response)?.essence &&
    (shown.body.bytes === 0) === (response.body.bytes === 0);
  return isFormAlike && !hasAny(response, own) && response.body.json === undefined;
}

/** Header fields that the API sends with a success and with a refusal alike. */
function ownHeaders(...responses: readonly (HttpResponse | undefined)[]): ReadonlySet<string> {
  const [first = [], ...rest] = responses.flatMap((response) => (response ? [comparableHeaders(response)] : []));
  return new Set(first.filter((name) => !COMMON.has(name) && rest.every((names) => names.includes(name))));
}

function hasAny(response: HttpResponse, names: ReadonlySet<string>): boolean {
  return comparableHeaders(response).some((name) => names.has(name));
}

function isPage(response: HttpResponse): boolean {
  return mediaTypeOf(response)?.essence === 'text/html';
}

/**
 * Whether a request with the full-access key leads to the operation, and not to where every path leads that is no operation.
 * A request without effect names a resource that does not exist, so its 404 shows little: then other words than those about
 * an unknown path are enough, and so is a request without a credential that is stopped before. Where everybody is told that
 * the path does not have the method, nothing is there.
 */
export function isReached(isSafe: boolean, { landmarks, fullAccess, noKey }: Surroundings): boolean {
  const unknown = landmarks?.unknownPathWithKey;
  if (fullAccess && isNoMethod(fullAccess.status) && noKey && isAlike(noKey, fullAccess)) return false;
  if (!fullAccess || !unknown || !isAccepted(fullAccess) || !isAlike(fullAccess, unknown)) return true;
  return !isSafe && (!hasSameWords(fullAccess, unknown) || (noKey !== undefined && !isAlike(noKey, fullAccess)));
}

/** Where a request with the full-access key leads: `notice` is what everyone is shown in the place of the operation. */
export function whereabouts(
  operation: Pick<Operation, 'isSafe' | 'responses'>,
  surroundings: Surroundings,
): 'operation' | 'nowhere' | 'notice' {
  if (!isReached(operation.isSafe, surroundings)) return 'nowhere';
  return isNoticeToAll(operation, surroundings) ? 'notice' : 'operation';
}
