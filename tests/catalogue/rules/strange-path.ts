import { expectDeniedAsUsual } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * "Every API request requires an API key", however its path is spelt. A gate that compares paths as they are written and
 * a router that reads them more freely leave the way between them open.
 */
export const strangePath: Rule = {
  id: 'strange-path',
  level: 'MUST',
  title: 'another spelling of the path opens nothing without a key',
  section: 'Ways round',
  source: { promise: 'key-required' },
  given: [
    'trailing-slash',
    'double-slash-in-front',
    'double-slash-inside',
    'matrix-parameter',
    'encoded-letter',
    'twice-encoded-letter',
    'dot-segment',
    'parent-segment',
    'encoded-parent-segment',
    'parent-segment-with-parameter',
    'alias-parent',
    'dot-at-the-end',
    'encoded-slash',
    'backslash',
    'upper-case-path',
    'json-suffix',
    'encoded-space-suffix',
    'empty-query',
    'fragment',
    'no-leading-slash',
    'absolute-form',
    'absolute-form-of-another-host',
  ],
  verify: expectDeniedAsUsual,
};
