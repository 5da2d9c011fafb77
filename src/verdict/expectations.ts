import type { Answer as PromisedAnswer, AnswerName } from '../contract/contract.ts';
import { ContractError } from '../contract/contract-error.ts';
import { documentedAnswer } from '../contract/documented-answer.ts';
import { type Answer, header, mediaType } from '../wire/exchange.ts';
import type { Finding, Judged } from './rule.ts';
import { sameBody } from './same-answer.ts';

const SHOWN = 200;

export function finding(expectation: string, holds: boolean, expected: string, actual: string): Finding {
  return { expectation, holds, expected, actual };
}

/** An answer in a line: status, media type and the beginning of its body. */
export function summary(answer: Answer): string {
  const body = answer.body.text === '' ? 'no body' : answer.body.text.replace(/\s+/g, ' ');
  return `${answer.status} ${mediaType(answer) ?? 'without media type'}, ${body.length > SHOWN ? `${body.slice(0, SHOWN)}…` : body}`;
}

export function statusIs(answer: Answer, statuses: readonly number[]): Finding {
  return finding(
    'status',
    statuses.includes(answer.status),
    `status ${statuses.join(' or ')}`,
    `status ${answer.status}`,
  );
}

/** The body is what the contract shows for that refusal; holds without looking where the contract shows none. */
export function bodyMatches(
  { answer, schemas, exchange }: Judged,
  promised: PromisedAnswer | undefined,
  what: string,
): Finding[] {
  // RFC 9110 §9.3.2: an answer to HEAD has no content.
  if (promised?.schema === undefined || exchange.request.method === 'HEAD') return [];
  const faults =
    answer.body.json === undefined
      ? [answer.body.jsonError ?? 'the body is not JSON']
      : faultsOf(schemas, promised.schema, answer.body.json);
  if (typeof faults === 'string') return [{ ...finding('body', false, '', ''), unproven: faults }];
  return [
    finding(
      'body',
      faults.length === 0,
      `the ${what} body`,
      faults.length === 0 ? 'as documented' : `${faults.join('; ')}, in ${summary(answer)}`,
    ),
  ];
}

/** What is wrong with a body, or why the schema cannot tell. */
function faultsOf(schemas: Judged['schemas'], schema: string, body: unknown): readonly string[] | string {
  try {
    return schemas.errors(schema, body);
  } catch (error) {
    if (error instanceof ContractError) return error.message;
    throw error;
  }
}

/** Status and body of one of the contract's refusals. */
export function isAnswer(judged: Judged, name: AnswerName, what: string): Finding[] {
  const promised = judged.contract.answers[name];
  if (!promised) return [];
  return [statusIs(judged.answer, promised.status), ...bodyMatches(judged, withSchema(promised, judged), what)];
}

/** What the contract says of the refusal at large, or else what the operation documents for the status. */
export function withSchema(promised: PromisedAnswer, { answer, operation }: Judged): PromisedAnswer {
  if (promised.schema !== undefined || !promised.status.includes(answer.status)) return promised;
  const schema = documentedAnswer(operation, answer.status)?.schema;
  return schema === undefined ? promised : { ...promised, schema };
}

/** A credential was let through: whatever the answer says, it is not about the credential. */
export function isAccepted({ status }: Answer): boolean {
  if (status >= 200 && status < 300) return true;
  return status >= 400 && status < 500 && ![401, 403, 407, 408, 421, 425, 429, 431].includes(status);
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** Marks of a firewall or a content network that answers in the API's place: not the API's words, so no verdict on it. */
const BLOCK_MARKS: readonly (readonly [field: string, value: RegExp])[] = [
  ['cf-mitigated', /./],
  ['x-amzn-waf-action', /./],
  ['x-sucuri-block', /./],
  ['x-iinfo', /./],
];

export function isBlockPage(answer: Answer): boolean {
  if (answer.status < 400 || mediaType(answer) !== 'text/html') return false;
  return BLOCK_MARKS.some(([field, value]) => value.test(header(answer, field) ?? ''));
}

/**
 * The credential of a negative case was let through, though not always with a 2xx: an inert request that is let through
 * gets the very answer that the full-access key gets.
 */
export function isLetThrough({ answer, other, contract }: Judged): boolean {
  if (isSuccess(answer)) return true;
  const control = other('valid-key');
  return (
    control !== undefined &&
    isAccepted(control) &&
    control.status === answer.status &&
    sameBody(control, answer, contract.volatileMembers)
  );
}

/** A respelt request gets the status of the plainly spelt one that arms it. */
export function sameStatusAsControl({ answer, control }: Judged): Finding[] {
  if (!control) return [];
  return [
    finding(
      'same-status',
      control.status === answer.status,
      `status ${control.status}, as in the usual spelling`,
      `status ${answer.status}`,
    ),
  ];
}
