import type { Applicability } from '../../../src/requests/case.ts';
import type { SecurityAlternative } from '../../../src/requests/security-alternative.ts';

/** What a form of the credential has to have for a case to make sense in it. */

export function inHeader({ id, schemes }: SecurityAlternative): Applicability {
  return (
    schemes.some((scheme) => scheme.in === 'header' || scheme.type !== 'apiKey') || `${id} is presented in no header`
  );
}

/** A word of RFC 9110 §11.1 in front of the credential. */
export function withScheme({ id, schemes }: SecurityAlternative): Applicability {
  return schemes.some(({ type }) => type !== 'apiKey') || `${id} is presented without an authentication scheme`;
}

/** The key that the case changes is in a header, whatever stands beside it. */
export function keyInHeader({ id, varied }: SecurityAlternative): Applicability {
  return varied?.in === 'header' || varied?.type !== 'apiKey' || `the key of ${id} is in no header`;
}

export function hasSeveralCredentials({ id, schemes }: SecurityAlternative): Applicability {
  return schemes.length > 1 || `${id} is a credential by itself`;
}
