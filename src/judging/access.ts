import type { Finding } from '../model/finding.ts';
import { finding, isGranted, isSuccess, summary } from './expectations.ts';
import type { JudgedExchange } from './rule.ts';
import { hasSameBody } from './same-response.ts';

/**
 * A request without a documented credential is denied: it gets neither a success nor what the full-access key gets.
 * Expectation: `refused`.
 */
export function expectDenied(judged: JudgedExchange): Finding[] {
  const isSyntaxError = judged.case.malformed === true && judged.response.status === 400;
  return [finding('refused', isSyntaxError || !isGranted(judged), 'a refusal', summary(judged.response))];
}

/**
 * A request with a peculiar path or header is denied, and where the same request with the full-access key is served, it is
 * refused as a missing key is on the plain path. Where neither is served, the response is about the peculiarity.
 * Expectations: `refused`, `same-refusal`.
 */
export function expectDeniedAsUsual(judged: JudgedExchange): Finding[] {
  const { response, responseOf, case: one, contract } = judged;
  const withKey = one.comparison && responseOf(one.comparison);
  const statuses = contract.refusals.missingKey?.status ?? [401];
  const isServed = withKey !== undefined && isSuccess(withKey);
  if (!isServed || isSuccess(response)) return expectDenied(judged);
  return [
    ...expectDenied(judged),
    finding(
      'same-refusal',
      statuses.includes(response.status),
      `status ${statuses.join(' or ')}, since the full-access key is served there`,
      `status ${response.status}`,
    ),
  ];
}

/** A public path answers anyone, but never with the response of the operation. Expectation: `refused`. */
export function expectAnotherResource({ response, fullAccess, contract }: JudgedExchange): Finding[] {
  const isSame =
    fullAccess !== undefined && isSuccess(response) && hasSameBody(fullAccess, response, contract.volatileMembers);
  return [finding('refused', !isSame, 'anything but the response of the operation', summary(response))];
}
