import { sameStatusAsControl } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * RFC 9110 §5.1: field names are case-insensitive. The contract does not speak of it, and clients do respell names
 * (HTTP/2 writes them in lower case), so a server that minds refuses valid keys.
 */
export const headerNameCase: Rule = {
  id: 'header-name-case',
  level: 'SHOULD',
  title: "the letter case of the credential's header name makes no difference",
  section: 'Presenting the key',
  source: { standard: 'RFC 9110 §5.1, Field Names', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-5.1' },
  given: ['header-name-in-lower-case', 'header-name-in-upper-case'],
  verify: (judged) => sameStatusAsControl(judged),
};
