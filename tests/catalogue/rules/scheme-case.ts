import { sameStatusAsControl } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** RFC 9110 §11.1: the authentication scheme is a case-insensitive token. The contract does not speak of it. */
export const schemeCase: Rule = {
  id: 'scheme-case',
  level: 'SHOULD',
  title: 'the letter case of the authentication scheme makes no difference',
  section: 'Presenting the key',
  source: {
    standard: 'RFC 9110 §11.1, Authentication Scheme',
    url: 'https://www.rfc-editor.org/rfc/rfc9110#section-11.1',
  },
  given: ['scheme-in-lower-case', 'scheme-in-upper-case'],
  verify: (judged) => sameStatusAsControl(judged),
};
