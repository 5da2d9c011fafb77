import { expectDenied } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** RFC 9112 §5.1 and §5.2: white space before the colon and folded lines are rejected; servers in a row read them differently. */
export const malformedFieldLine: Rule = {
  id: 'malformed-field-line',
  level: 'SHOULD',
  title: 'a key on a malformed field line opens nothing',
  section: 'Presenting the key',
  source: { standard: 'RFC 9112 §5.1, Field Line Parsing', url: 'https://www.rfc-editor.org/rfc/rfc9112#section-5.1' },
  given: ['space-before-colon', 'folded-line'],
  verify: expectDenied,
};
