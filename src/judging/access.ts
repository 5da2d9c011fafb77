import type { Finding } from '../model/finding.ts';
import type { HttpResponse } from '../model/exchange.ts';
import type { RefusalName } from '../model/contract.ts';
import { mediaTypeOf } from '../fields/response-fields.ts';
import { finding, isAccepted, isRefusal, isSuccess, summary, undecided } from './expectations.ts';
import { hasSameWords, isAlike, saysNothing } from './likeness.ts';
import type { JudgedExchange, Rule } from './rule.ts';
import { hasSameBody } from './same-response.ts';

/** What a response says of the credential of its request; `neither`: it is like no response whose meaning is known. */
export type Access = 'accepted' | 'denied' | 'neither';

type Compared = Pick<JudgedExchange, 'response' | 'landmarks' | 'fullAccess' | 'noKey' | 'volatile'>;

/**
 * Accepted is a likeness to what the full-access key gets, and denied a likeness to what a request without a key gets.
 *
 * @param isElsewhere the request has another path than its control, so that what every unknown path gets is no success of it
 */
export function accessOf(judged: Compared, isElsewhere = false): Access {
  const { response, fullAccess, noKey } = judged;
  if (isRefusal(response)) return 'denied';
  if (noKey && isAlike(response, noKey) && !(fullAccess && isAlike(fullAccess, noKey))) return 'denied';
  if (isLikeUnknownPath(judged, isElsewhere) || (isElsewhere && isNothing(judged))) return 'denied';
  if (isSuccess(response)) return isOfAnotherSort(response, fullAccess) ? 'neither' : 'accepted';
  return isLikeFullAccess(judged) && !isInputFirst(judged) ? 'accepted' : 'neither';
}

/** The response to every path that is nothing, which opens nothing; the operation itself answers otherwise. */
function isLikeUnknownPath({ response, fullAccess, landmarks }: Compared, isElsewhere: boolean): boolean {
  return Object.values(landmarks).some(
    (landmark: HttpResponse | undefined) =>
      landmark !== undefined &&
      landmark !== landmarks.malformed &&
      isAlike(response, landmark) &&
      (isElsewhere || !(fullAccess && isAlike(fullAccess, landmark))),
  );
}

/** Where the operation has something to say, a success without content is of a place where nothing is. */
function isNothing({ response, fullAccess }: Compared): boolean {
  return saysNothing(response) && fullAccess !== undefined && fullAccess.body.bytes > 0;
}

/**
 * A success with content of another media type than that of the operation: a list of methods, a page, a file. Or one of
 * another status without content, as a server answers to what it takes for OPTIONS, or nothing at all.
 */
function isOfAnotherSort(response: HttpResponse, fullAccess: HttpResponse | undefined): boolean {
  if (!fullAccess || fullAccess.body.bytes === 0) return false;
  // Where the full-access key is told what is wrong with its request, another site's page, or none, is no success of the
  // operation.
  if (!isSuccess(fullAccess)) return (isPage(response) && !isPage(fullAccess)) || saysNothing(response);
  if (response.body.bytes === 0) return response.status !== fullAccess.status || saysNothing(response);
  return mediaTypeOf(response)?.essence !== mediaTypeOf(fullAccess)?.essence;
}

function isPage(response: HttpResponse): boolean {
  return mediaTypeOf(response)?.essence === 'text/html';
}

/** That is not always a success: a request without effect is refused for its input once its credential is accepted. */
function isLikeFullAccess({ response, fullAccess, volatile }: Compared): boolean {
  return (
    fullAccess !== undefined &&
    isAccepted(fullAccess) &&
    fullAccess.status === response.status &&
    hasSameBody(fullAccess, response, volatile())
  );
}

/** The response is about the input, and everyone gets it, with a key and without one: it says nothing of the credential. */
export function isInputFirst(judged: Compared): boolean {
  const { response, fullAccess, noKey } = judged;
  if (!noKey || !fullAccess || isSuccess(fullAccess) || isRefusal(response)) return false;
  return isLikeFullAccess(judged) && isLikeFullAccess({ ...judged, response: noKey });
}

/** 501 and 505 say that a method or a version of HTTP is not served, which is no error. */
function isServerError({ status }: HttpResponse): boolean {
  return status >= 500 && status !== 501 && status !== 505;
}

/**
 * A request without a documented credential is denied: it gets neither a success nor what the full-access key gets. An
 * error of the server is no refusal, unless every path gets it: then it is no response of the operation. Expectation: `refused`.
 *
 * @param isElsewhere the request has another path than its control
 */
export function expectDenied(judged: JudgedExchange, isElsewhere = false): Finding[] {
  const { response } = judged;
  if (judged.case.malformed === true && response.status === 400) return [refused(true, response)];
  if (isAboutPeculiarity(judged))
    return [isServerError(response) ? failedEverywhere(response) : refused(true, response)];
  const access = accessOf(judged, isElsewhere);
  if (access === 'neither' && isSuccess(response)) return [unlike(judged)];
  return [refused(access !== 'accepted' && !isServerError(response), response)];
}

/**
 * The same peculiar request on a path that is no operation gets the same: nothing of the operation was reached. Unless that
 * is what the router says of every such path to whoever has a key: then the peculiarity is as good as a key.
 */
function isAboutPeculiarity({ response, responseOf, landmarks, case: { elsewhere } }: JudgedExchange): boolean {
  const other = elsewhere && responseOf(elsewhere);
  const { unknownPathWithKey } = landmarks;
  if (!other || (unknownPathWithKey && isAlike(other, unknownPathWithKey))) return false;
  return isAlike(response, other);
}

/** A server that fails on a peculiarity whatever the path is at fault, but it lets nobody in: nothing was opened or refused. */
function failedEverywhere(response: HttpResponse): Finding {
  return undecided(
    'refused',
    `got ${summary(response)}, as on a path that is no operation: the server fails before it asks`,
  );
}

function refused(isMet: boolean, response: HttpResponse): Finding {
  return finding('refused', isMet, 'a refusal', summary(response));
}

function unlike({ response, fullAccess, noKey }: JudgedExchange, expectation = 'refused'): Finding {
  const others = [
    ...(fullAccess ? [`the full-access key gets ${summary(fullAccess)}`] : []),
    ...(noKey ? [`a request without a key gets ${summary(noKey)}`] : []),
  ];
  return undecided(expectation, `got ${summary(response)}, while ${others.join(', and ')}`);
}

/**
 * The credential opens nothing, in whatever words: the response has the status of a refusal that the contract names, or is
 * the one that the same operation gives to a request without a credential. Expectation: `status`.
 */
export function expectRefused(judged: JudgedExchange, refusal: RefusalName): Finding[] {
  const { response, contract, noKey, fullAccess } = judged;
  const statuses = contract.refusals[refusal]?.status ?? [401, 403];
  const isUsual =
    noKey !== undefined &&
    !isServerError(noKey) &&
    isAlike(response, noKey) &&
    !(fullAccess && isAlike(fullAccess, noKey));
  const isMet = statuses.includes(response.status) || isRefusal(response) || isUsual;
  return [finding('status', isMet, `status ${statuses.join(' or ')}`, `status ${response.status}`)];
}

/**
 * As `expectRefused`, for a text that no API takes for a key: a firewall before the API may refuse it with a page, where the
 * API has none. A page with a success is no refusal, and not what the operation says either. Expectation: `status`.
 */
export function expectTextRefused(judged: JudgedExchange, refusal: RefusalName): Finding[] {
  const { response, fullAccess, noKey } = judged;
  const findings = expectRefused(judged, refusal);
  const isForeign = isPage(response) && [fullAccess, noKey].every((one) => one !== undefined && !isPage(one));
  if (!isForeign || findings.every(({ state }) => state === 'met')) return findings;
  if (isSuccess(response)) return [unlike(judged, 'status')];
  return response.status < 500 ? [finding('status', true, 'a refusal', summary(response))] : findings;
}

/**
 * A request with a peculiar path or header is denied, and where the same request with the full-access key reaches the
 * operation, it is refused as a missing key is on the plain path. Where it does not, the response is about the peculiarity.
 * Expectations: `refused`, `same-refusal`.
 */
export function expectDeniedAsUsual(judged: JudgedExchange, isElsewhere = false): Finding[] {
  const { response, responseOf, case: one, contract, noKey } = judged;
  const withKey = one.comparison && responseOf(one.comparison);
  const statuses = contract.refusals.missingKey?.status ?? [401, 403];
  const denied = expectDenied(judged, isElsewhere);
  const isServed =
    withKey !== undefined &&
    isSuccess(withKey) &&
    accessOf({ ...judged, response: withKey }, isElsewhere) === 'accepted';
  if (!isServed || isSuccess(response)) return denied;
  return [
    ...denied,
    finding(
      'same-refusal',
      statuses.includes(response.status) || (noKey !== undefined && isAlike(response, noKey)),
      `status ${statuses.join(' or ')}, since the full-access key is served there`,
      `status ${response.status}`,
    ),
  ];
}

/** A server may refuse an odd request by hanging up: the same request without the oddity got its response. */
export const hangUpIsRefusal: NonNullable<Rule['verifyFault']> = ({ fault }) =>
  fault.kind === 'reset' || fault.kind === 'closed' ? [] : undefined;

/** A public path answers anyone, but never with the response of the operation. Expectation: `refused`. */
export function expectAnotherResource({ response, fullAccess, volatile }: JudgedExchange): Finding[] {
  const isSame = fullAccess !== undefined && isSuccess(response) && hasSameBody(fullAccess, response, volatile());
  return [finding('refused', !isSame, 'anything but the response of the operation', summary(response))];
}

/**
 * What was asked for may be answered by another site, another page, or with a refusal: only the response that the full-access
 * key gets opens something. Expectation: `refused`.
 */
export function expectNotOpened(judged: JudgedExchange): Finding[] {
  const { response, fullAccess, noKey } = judged;
  if (isAboutPeculiarity(judged)) return [refused(true, response)];
  const isSame = fullAccess !== undefined && isSuccess(response) && isAlike(response, fullAccess);
  const isOpened = isSame && !(noKey && isAlike(noKey, fullAccess));
  const isLet = isOpened || (isLikeFullAccess(judged) && !isInputFirst(judged));
  return [finding('refused', !isLet, 'anything but what the full-access key gets', summary(response))];
}

/**
 * Whoever has no key learns nothing of the resources of an operation, such as that one does not exist. What every unknown
 * path gets shows nothing. Expectation: `refused`.
 *
 * @param unknown what the full-access key gets for a resource that does not exist
 */
export function expectUnknownResourceHidden(judged: JudgedExchange, unknown: HttpResponse | undefined): Finding[] {
  const { response, landmarks } = judged;
  const isOfNoPath = landmarks.unknownPath !== undefined && hasSameWords(response, landmarks.unknownPath);
  const isUnknown = unknown !== undefined && isAccepted(unknown) && isAlike(response, unknown) && !isOfNoPath;
  if (!isUnknown) return expectNotOpened(judged);
  const expected = 'anything but what the full-access key gets for a resource that does not exist';
  return [finding('refused', false, expected, summary(response))];
}

/** Statuses by which servers say that they do not read a body, or a request, of that form. */
const OF_THE_FORM: ReadonlySet<number> = new Set([400, 405, 406, 411, 413, 414, 415, 422, 431]);

/**
 * A key in a place that no contract names has no effect: the request is refused as it is without the key. Anything else may
 * come from behind the gate. Expectation: `refused`.
 */
export function expectNoEffect(judged: JudgedExchange): Finding[] {
  const { response, noKey, respondent } = judged;
  // Where nobody is refused for a missing key, an error of the server is no sign that the key was read.
  if (isServerError(response) && noKey && !isRefusal(noKey)) return [unlike(judged)];
  const [denied, ...more] = expectDenied(judged);
  const isUsual = isRefusal(response) || respondent === 'edge' || (noKey !== undefined && isAlike(response, noKey));
  if (!denied || denied.state !== 'met' || isUsual || !noKey || !isRefusal(noKey))
    return denied ? [denied, ...more] : [];
  const madeUp = judged.case.comparison && judged.responseOf(judged.case.comparison);
  // The same with a key that was never issued gets the same, so that it is not the key that the response is about.
  if (madeUp && isAlike(response, madeUp)) return [refused(true, response)];
  if (OF_THE_FORM.has(response.status) && !(madeUp && isRefusal(madeUp))) return [unlike(judged)];
  return [finding('refused', false, `what a request without a key gets: ${summary(noKey)}`, summary(response))];
}
