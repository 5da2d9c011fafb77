import { expectDenied } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * RFC 9110 §5.5: only space and tab around a field value are not part of it; NUL is to be rejected or replaced, and
 * bytes beyond ASCII are opaque. A server that takes more away compares something else than what was sent.
 */
export const decoratedKey: Rule = {
  id: 'decorated-key',
  level: 'SHOULD',
  title: 'a key with anything but white space around or inside it opens nothing',
  section: 'Invalid key',
  source: { standard: 'RFC 9110 §5.5, Field Values', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-5.5' },
  given: [
    'no-break-space',
    'vertical-tab',
    'quoted',
    'comma-behind',
    'nul-behind',
    'nul-before',
    'full-width',
    'percent-encoded',
    'encoded-word',
  ],
  verify: expectDenied,
};
