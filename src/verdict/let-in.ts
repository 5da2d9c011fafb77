import { finding, isAccepted, isLetThrough, isSuccess, summary } from './expectations.ts';
import type { Finding, Judged } from './rule.ts';
import { sameBody } from './same-answer.ts';

/** A request without a documented credential gets nothing: neither a success nor what the full-access key gets. */
export function isNotLetIn(judged: Judged): Finding[] {
  const letIn = judged.case.malformed && judged.answer.status === 400 ? false : isLetThrough(judged);
  return [finding('refused', !letIn, 'a refusal', summary(judged.answer))];
}

/**
 * An oddity of path or header opens nothing, and where the full-access key is served by it, a missing key is refused as
 * on the plain path. A 404 to both, or any other answer about the oddity itself, accuses nobody.
 */
export function opensNothing(judged: Judged): Finding[] {
  const { answer, other, case: one, contract } = judged;
  const served = one.comparison === undefined ? undefined : other(one.comparison);
  const statuses = contract.answers.missingKey?.status ?? [401];
  const isRoute = served !== undefined && isSuccess(served) && isAccepted(served);
  return [
    ...isNotLetIn(judged),
    ...(isRoute && !isSuccess(answer)
      ? [
          finding(
            'same-refusal',
            statuses.includes(answer.status),
            `status ${statuses.join(' or ')}, since the full-access key is served there`,
            `status ${answer.status}`,
          ),
        ]
      : []),
  ];
}

/** A public path answers anyone; what it must not give is the answer of the operation. */
export function isNotTheOperation(judged: Judged): Finding[] {
  const { answer, other, contract } = judged;
  const control = other('valid-key');
  const same = control !== undefined && isSuccess(answer) && sameBody(control, answer, contract.volatileMembers);
  return [finding('refused', !same, 'anything but the answer of the operation', summary(answer))];
}
