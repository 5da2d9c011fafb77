import { finding, isAccepted, isGranted, isSuccess, summary } from './expectations.ts';
import type { Finding } from '../model/finding.ts';
import type { JudgedExchange } from './rule.ts';
import { hasSameBody } from './same-response.ts';

/** A request without a documented credential gets nothing: neither a success nor what the full-access key gets. */
export function expectDenied(judged: JudgedExchange): Finding[] {
  const letIn = judged.case.malformed && judged.response.status === 400 ? false : isGranted(judged);
  return [finding('refused', !letIn, 'a refusal', summary(judged.response))];
}

/**
 * An oddity of path or header opens nothing, and where the full-access key is served by it, a missing key is refused as
 * on the plain path. A 404 to both, or any other answer about the oddity itself, accuses nobody.
 */
export function expectDeniedAsUsual(judged: JudgedExchange): Finding[] {
  const { response, responseOf, case: one, contract } = judged;
  const served = one.comparison === undefined ? undefined : responseOf(one.comparison);
  const statuses = contract.refusals.missingKey?.status ?? [401];
  const isRoute = served !== undefined && isSuccess(served) && isAccepted(served);
  return [
    ...expectDenied(judged),
    ...(isRoute && !isSuccess(response)
      ? [
          finding(
            'same-refusal',
            statuses.includes(response.status),
            `status ${statuses.join(' or ')}, since the full-access key is served there`,
            `status ${response.status}`,
          ),
        ]
      : []),
  ];
}

/** A public path answers anyone; what it must not give is the answer of the operation. */
export function expectAnotherResource(judged: JudgedExchange): Finding[] {
  const { response, responseOf, contract } = judged;
  const control = responseOf('valid-key');
  const same = control !== undefined && isSuccess(response) && hasSameBody(control, response, contract.volatileMembers);
  return [finding('refused', !same, 'anything but the answer of the operation', summary(response))];
}
