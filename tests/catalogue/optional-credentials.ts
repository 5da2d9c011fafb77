import { finding, isRefusal, isSuccess, summary, undecided } from '../../src/judging/expectations.ts';
import { isAlike } from '../../src/judging/likeness.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { hasSameBody } from '../../src/judging/same-response.ts';
import type { ControlledCase } from '../../src/requests/case.ts';
import { ANONYMOUS } from '../../src/requests/security-alternative.ts';
import { openOperationCase } from './missing-key.ts';
import { neverIssuedKey } from './shared-cases.ts';

const { access: _, ...neverIssued } = neverIssuedKey;

const neverIssuedWhereOptional: ControlledCase = {
  ...neverIssued,
  id: 'never-issued-key-where-optional',
  title: 'a well-formed key that was never issued, where a request without a key is served as well',
  whereOptional: true,
};

/**
 * OpenAPI, Operation Object: `{}` among alternatives makes the credential optional. A key that was never issued is then no
 * credential: it is refused, or the request is served as one without a key. What only a key shows it never opens.
 *
 * Laxer than a promise of refusal: no document says which of the two a server does. Where an operation shows the same to
 * everyone, there is nothing that a key could open.
 */
const optionalCredential: Rule = {
  id: 'optional-credential',
  level: 'MUST',
  title: 'where the credential is optional, a key that was never issued opens nothing',
  section: 'Invalid key',
  since: '2026.12',
  source: {
    standard: 'OpenAPI 3.1.1 §4.8.10, Operation Object: security',
    url: 'https://spec.openapis.org/oas/v3.1.1.html#operation-object',
  },
  standards: { cwe: [287], owaspApi: ['API2'], asvs: ['6.2.8'], severity: 'critical' },
  given: { cases: [neverIssuedWhereOptional] },
  comparedWith: [openOperationCase],
  expectations: ['opens-nothing'],
  verify: ({ response, control, responseOf, volatile }) => {
    const expected = 'a refusal, or what a request without a key gets';
    const anonymous = responseOf(openOperationCase, ANONYMOUS);
    if (isRefusal(response)) return [finding('opens-nothing', true, expected, summary(response))];
    if (!anonymous || !control)
      return [undecided('opens-nothing', 'the same request without a key, or with a good one, got no response')];
    const isAs = (other: typeof response): boolean =>
      isAlike(response, other) && hasSameBody(response, other, volatile());
    if (isAs(anonymous)) return [finding('opens-nothing', true, expected, summary(response))];
    const isOpened = isAlike(response, control) && !isAlike(response, anonymous);
    if (isOpened) return [finding('opens-nothing', false, expected, `what a good key gets: ${summary(response)}`)];
    // The same members with other values: of a good key, or of a resource that changes by itself.
    if (isAs(control) || response.status >= 500 || (isSuccess(response) && !isAlike(response, anonymous)))
      return [undecided('opens-nothing', `got ${summary(response)}, and without a key ${summary(anonymous)}`)];
    return [finding('opens-nothing', true, expected, summary(response))];
  },
};

export const optionalCredentialRules: readonly Rule[] = [optionalCredential];
