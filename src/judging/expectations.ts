import { recordedResponse } from '../http/received.ts';
import { firstFieldValue, mediaTypeOf } from '../fields/response-fields.ts';
import type { Contract, DocumentedRefusal, RefusalName } from '../model/contract.ts';
import type { HttpResponse } from '../model/exchange.ts';
import type { Finding, UndecidedFinding, UnmetFinding } from '../model/finding.ts';
import { ContractError } from '../openapi/contract-error.ts';
import { documentedResponse } from '../openapi/documented-response.ts';
import { nodeAt } from '../openapi/json-pointer.ts';
import { isAlike } from './likeness.ts';
import type { JudgedExchange } from './rule.ts';

/** How many characters of a body a message shows. */
const SHOWN = 200;

/**
 * What a rule found about one expectation.
 *
 * @param expected what is demanded, for a reader: `status 401`
 * @param actual what was found instead: `status 200`
 */
export function finding(expectation: string, isMet: boolean, expected: string, actual: string): Finding {
  return isMet ? { expectation, state: 'met' } : { expectation, state: 'unmet', expected, actual };
}

/** A finding that decides nothing, with the reason: `the full-access key got 500`. */
export function undecided(expectation: string, reason: string): UndecidedFinding {
  return { expectation, state: 'undecided', reason };
}

export function isUnmet(found: Finding): found is UnmetFinding {
  return found.state === 'unmet';
}

/** A response in a line: status, media type and the beginning of its body, as reports show it. */
export function summary(response: HttpResponse): string {
  const { text } = recordedResponse(response).body;
  const body = text === '' ? 'no body' : text.replace(/\s+/g, ' ');
  const type = mediaTypeOf(response)?.essence ?? 'without media type';
  return `${response.status} ${type}, ${body.length > SHOWN ? `${body.slice(0, SHOWN)}…` : body}`;
}

export function statusIs(response: HttpResponse, statuses: readonly number[]): Finding {
  return finding(
    'status',
    statuses.includes(response.status),
    `status ${statuses.join(' or ')}`,
    `status ${response.status}`,
  );
}

/**
 * Whether the body is the one that the contract shows for the refusal. No finding where the contract shows none.
 *
 * @param name for a reader: `missing-key`
 * @param expectation the id of the finding
 */
export function bodyMatches(
  { response, schemas, exchange }: JudgedExchange,
  promised: DocumentedRefusal | undefined,
  name: string,
  expectation = 'body',
): Finding[] {
  // RFC 9110 §9.3.2: a response to HEAD has no content.
  if (promised?.schema === undefined || exchange.request.method === 'HEAD') return [];
  const problems =
    response.body.json === undefined
      ? [response.body.jsonError ?? 'the body is not JSON']
      : schemaProblems(schemas, promised.schema, response.body.json);
  if (typeof problems === 'string') return [undecided(expectation, problems)];
  return [
    finding(expectation, problems.length === 0, `the ${name} body`, `${problems.join('; ')}, in ${summary(response)}`),
  ];
}

/** What is wrong with a body, or why the schema cannot tell. */
function schemaProblems(schemas: JudgedExchange['schemas'], schema: string, body: unknown): readonly string[] | string {
  try {
    return schemas.errors(schema, body);
  } catch (error) {
    if (error instanceof ContractError) return error.message;
    throw error;
  }
}

/**
 * Whether the response has status and body of one of the contract's refusals. Expectations: `status`, `body`.
 *
 * @param name of the refusal, for a reader: `missing-key`
 */
export function expectRefusal(judged: JudgedExchange, refusal: RefusalName, name: string): Finding[] {
  const promised = judged.contract.refusals[refusal];
  if (!promised) return [];
  const hidden = undecidedAsHidden(judged, refusal);
  if (hidden) return [hidden];
  return [statusIs(judged.response, promised.status), ...bodyMatches(judged, withSchema(promised, judged), name)];
}

/**
 * RFC 9110 §15.5.5: with 404 a server may hide what exists from whoever may not see it. Where the contract names no refusal,
 * no status was promised, so that a 404 to everyone but the good key breaks no promise. It keeps none either. Undefined: the
 * contract says what is right, or the response is another one. Expectation: `status`.
 */
export function undecidedAsHidden(judged: JudgedExchange, refusal: RefusalName): UndecidedFinding | undefined {
  const { response, noKey, fullAccess, contract } = judged;
  if (response.status !== 404 || !noKey || !fullAccess || !isAccepted(fullAccess)) return undefined;
  if (!isAlike(response, noKey) || isAlike(fullAccess, noKey) || namesRefusal(contract, refusal)) return undefined;
  return undecided(
    'status',
    'who has no good key gets 404, which hides what is there (RFC 9110 §15.5.5), and the contract names no refusal: name the statuses that are meant in x-authentication.answers, for missingKey, invalidKey and forbidden',
  );
}

function namesRefusal({ document, operations }: Contract, refusal: RefusalName): boolean {
  if (nodeAt(document, `#/x-authentication/answers/${refusal}`) !== undefined) return true;
  return operations.some(({ responses }) => '401' in responses || '403' in responses);
}

/** What the contract says of the refusal at large, or else what the operation documents for the status. */
export function withSchema(promised: DocumentedRefusal, { response, operation }: JudgedExchange): DocumentedRefusal {
  if (promised.schema !== undefined || !promised.status.includes(response.status)) return promised;
  const schema = documentedResponse(operation, response.status)?.schema;
  return schema === undefined ? promised : { ...promised, schema };
}

/** The credential was accepted: whatever the response says, it is not about the credential. */
export function isAccepted({ status }: HttpResponse): boolean {
  if (status >= 200 && status < 300) return true;
  return status >= 400 && status < 500 && ![401, 403, 407, 408, 421, 425, 429, 431].includes(status);
}

export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** 401 or 403. */
export function isRefusal({ status }: HttpResponse): boolean {
  return status === 401 || status === 403;
}

/** Marks of a firewall or a content network that answers in the API's place: not the API's words, so no verdict on it. */
const BLOCK_MARKS = ['cf-mitigated', 'x-amzn-waf-action', 'x-sucuri-block', 'x-iinfo'];

export function isBlockPage(response: HttpResponse): boolean {
  if (response.status < 400 || mediaTypeOf(response)?.essence !== 'text/html') return false;
  return BLOCK_MARKS.some((name) => (firstFieldValue(response, name) ?? '') !== '');
}

/**
 * The credential was not refused. Undecided where the response shows neither, such as a 500. Expectation: `accepted`.
 *
 * A 403 does not show which of two things is wrong, the key that was given to the suite or the server.
 */
export function expectAccepted({ response, operation }: JudgedExchange, who: string): Finding {
  if (!isAccepted(response) && !isRefusal(response)) return undecided('accepted', `${who} got ${response.status}`);
  const isAboutScope = response.status === 403 && operation.scopes.length > 0;
  const doubt = isAboutScope
    ? ': either the key lacks the scope of the operation, or the server denies it all the same'
    : '';
  return finding(
    'accepted',
    !isRefusal(response),
    'a status other than 401 and 403',
    `status ${response.status}${doubt}`,
  );
}

/** A request in another spelling gets the status of its control, which is spelt as usual. Expectation: `same-status`. */
export function sameStatusAsControl({ response, control, isRepeat }: JudgedExchange): Finding[] {
  if (!control) return [];
  // The first of two equal requests may delete what the second one looks for.
  if (isRepeat && isAccepted(response) && isAccepted(control)) return [finding('same-status', true, '', '')];
  return [
    finding(
      'same-status',
      control.status === response.status,
      `status ${control.status}, as in the usual spelling`,
      `status ${response.status}`,
    ),
  ];
}

/** The response is no redirect. Expectation: `no-redirect`. */
export function expectNoRedirect({ status, headers }: HttpResponse, expected: string): Finding {
  const to = firstFieldValue({ headers }, 'location') ?? 'nowhere';
  return finding('no-redirect', status < 300 || status >= 400, expected, `status ${status} to ${to}`);
}
