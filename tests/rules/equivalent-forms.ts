import { finding, isSuccess, summary } from '../../src/verdict/expectations.ts';
import type { Finding, Judged, Rule } from '../../src/verdict/rule.ts';
import { sameBody, sameShape } from '../../src/verdict/same-answer.ts';

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
  forms: 'others',
  armed: false,
  appliesTo: ({ security }, { equivalentSchemes }) => {
    const forms = security.filter(({ schemes }) => schemes.every(({ name }) => equivalentSchemes.includes(name)));
    return forms.length > 1 || 'the contract promises no second form that is equivalent';
  },
  verify: (judged) => {
    const { equivalentSchemes } = judged.contract;
    if (!judged.form.schemes.every(({ name }) => equivalentSchemes.includes(name))) return [];
    const primary = judged.other(judged.case.id);
    if (!primary) return [{ ...finding('status', false, '', ''), unproven: 'the primary form was not answered' }];
    const same = primary.status === judged.answer.status;
    const status = finding(
      'same-status',
      same,
      `status ${primary.status}, as in the primary form`,
      `status ${judged.answer.status}`,
    );
    return same ? [status, comparedBody(judged, primary)] : [status];
  },
};

function comparedBody(judged: Judged, primary: Judged['answer']): Finding {
  const { answer, contract } = judged;
  const again = judged.other('header-name-in-lower-case');
  const restless =
    isSuccess(primary) &&
    judged.case.id === 'valid-key' &&
    again !== undefined &&
    !sameBody(primary, again, contract.volatileMembers);
  const same = restless ? sameShape(primary, answer) : sameBody(primary, answer, contract.volatileMembers);
  return finding('same-body', same, `the body of the primary form: ${summary(primary)}`, summary(answer));
}
