import { finding, isSuccess, summary } from '../../../src/judging/expectations.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { JudgedExchange, Rule } from '../../../src/judging/rule.ts';
import { hasSameBody, hasSameShape } from '../../../src/judging/same-response.ts';

/**
 * Authentication Overview, "Authentication Methods": the two forms are equivalent, for keys that are let through and for
 * keys that are not.
 *
 * Laxer than the page: where the resource changes by itself between two equal requests, only the shape is compared.
 */
export const equivalentForms: Rule = {
  id: 'equivalent-forms',
  level: 'MUST',
  title: 'every documented form of the credential gets the same answer',
  section: 'Presenting the key',
  source: { promise: 'bearer-equivalent' },
  given: ['valid-key', 'never-issued-key', 'scoped-key', 'scoped-out-key'],
  alternatives: 'others',
  requiresControl: false,
  appliesTo: ({ security }, { equivalentSchemes }) => {
    const forms = security.filter(({ schemes }) => schemes.every(({ name }) => equivalentSchemes.includes(name)));
    return forms.length > 1 || 'the contract promises no second form that is equivalent';
  },
  verify: (judged) => {
    const { equivalentSchemes } = judged.contract;
    if (!judged.alternative.schemes.every(({ name }) => equivalentSchemes.includes(name))) return [];
    const primary = judged.responseOf(judged.case.id);
    if (!primary) return [{ ...finding('status', false, '', ''), unproven: 'the primary form was not answered' }];
    const same = primary.status === judged.response.status;
    const status = finding(
      'same-status',
      same,
      `status ${primary.status}, as in the primary form`,
      `status ${judged.response.status}`,
    );
    return same ? [status, comparedBody(judged, primary)] : [status];
  },
};

function comparedBody(judged: JudgedExchange, primary: JudgedExchange['response']): Finding {
  const { response, contract } = judged;
  const again = judged.responseOf('header-name-in-lower-case');
  const restless =
    isSuccess(primary) &&
    judged.case.id === 'valid-key' &&
    again !== undefined &&
    !hasSameBody(primary, again, contract.volatileMembers);
  const same = restless ? hasSameShape(primary, response) : hasSameBody(primary, response, contract.volatileMembers);
  return finding('same-body', same, `the body of the primary form: ${summary(primary)}`, summary(response));
}
