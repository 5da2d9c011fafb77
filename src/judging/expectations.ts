import type { DocumentedRefusal as PromisedAnswer, RefusalName } from '../model/contract.ts';
import { ContractError } from '../openapi/contract-error.ts';
import { documentedResponse } from '../openapi/documented-response.ts';
import { type HttpResponse, header, mediaType } from '../model/exchange.ts';
import type { Finding } from '../model/finding.ts';
import type { JudgedExchange } from './rule.ts';
import { hasSameBody } from './same-response.ts';

const SHOWN = 200;

export function finding(expectation: string, holds: boolean, expected: string, actual: string): Finding {
  return { expectation, holds, expected, actual };
}

/** An answer in a line: status, media type and the beginning of its body. */
export function summary(answer: HttpResponse): string {
  const body = answer.body.text === '' ? 'no body' : answer.body.text.replace(/\s+/g, ' ');
  return `${answer.status} ${mediaType(answer) ?? 'without media type'}, ${body.length > SHOWN ? `${body.slice(0, SHOWN)}…` : body}`;
}

export function statusIs(answer: HttpResponse, statuses: readonly number[]): Finding {
  return finding(
    'status',
    statuses.includes(answer.status),
    `status ${statuses.join(' or ')}`,
    `status ${answer.status}`,
  );
}

/** The body is what the contract shows for that refusal; holds without looking where the contract shows none. */
export function bodyMatches(
  { response, schemas, exchange }: JudgedExchange,
  promised: PromisedAnswer | undefined,
  what: string,
): Finding[] {
  // RFC 9110 §9.3.2: an answer to HEAD has no content.
  if (promised?.schema === undefined || exchange.request.method === 'HEAD') return [];
  const faults =
    response.body.json === undefined
      ? [response.body.jsonError ?? 'the body is not JSON']
      : faultsOf(schemas, promised.schema, response.body.json);
  if (typeof faults === 'string') return [{ ...finding('body', false, '', ''), unproven: faults }];
  return [
    finding(
      'body',
      faults.length === 0,
      `the ${what} body`,
      faults.length === 0 ? 'as documented' : `${faults.join('; ')}, in ${summary(response)}`,
    ),
  ];
}

/** What is wrong with a body, or why the schema cannot tell. */
function faultsOf(schemas: JudgedExchange['schemas'], schema: string, body: unknown): readonly string[] | string {
  try {
    return schemas.errors(schema, body);
  } catch (error) {
    if (error instanceof ContractError) return error.message;
    throw error;
  }
}

/** Status and body of one of the contract's refusals. */
export function isAnswer(judged: JudgedExchange, name: RefusalName, what: string): Finding[] {
  const promised = judged.contract.refusals[name];
  if (!promised) return [];
  return [statusIs(judged.response, promised.status), ...bodyMatches(judged, withSchema(promised, judged), what)];
}

/** What the contract says of the refusal at large, or else what the operation documents for the status. */
export function withSchema(promised: PromisedAnswer, { response, operation }: JudgedExchange): PromisedAnswer {
  if (promised.schema !== undefined || !promised.status.includes(response.status)) return promised;
  const schema = documentedResponse(operation, response.status)?.schema;
  return schema === undefined ? promised : { ...promised, schema };
}

/** A credential was let through: whatever the answer says, it is not about the credential. */
export function isAccepted({ status }: HttpResponse): boolean {
  if (status >= 200 && status < 300) return true;
  return status >= 400 && status < 500 && ![401, 403, 407, 408, 421, 425, 429, 431].includes(status);
}

export function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** Marks of a firewall or a content network that answers in the API's place: not the API's words, so no verdict on it. */
const BLOCK_MARKS: readonly (readonly [field: string, value: RegExp])[] = [
  ['cf-mitigated', /./],
  ['x-amzn-waf-action', /./],
  ['x-sucuri-block', /./],
  ['x-iinfo', /./],
];

export function isBlockPage(answer: HttpResponse): boolean {
  if (answer.status < 400 || mediaType(answer) !== 'text/html') return false;
  return BLOCK_MARKS.some(([field, value]) => value.test(header(answer, field) ?? ''));
}

/**
 * The credential of a negative case was let through, though not always with a 2xx: an inert request that is let through
 * gets the very answer that the full-access key gets.
 */
export function isGranted({ response, responseOf, contract }: JudgedExchange): boolean {
  if (isSuccess(response)) return true;
  const control = responseOf('valid-key');
  return (
    control !== undefined &&
    isAccepted(control) &&
    control.status === response.status &&
    hasSameBody(control, response, contract.volatileMembers)
  );
}

/** A respelt request gets the status of the plainly spelt one that arms it. */
export function sameStatusAsControl({ response, control }: JudgedExchange): Finding[] {
  if (!control) return [];
  return [
    finding(
      'same-status',
      control.status === response.status,
      `status ${control.status}, as in the usual spelling`,
      `status ${response.status}`,
    ),
  ];
}
