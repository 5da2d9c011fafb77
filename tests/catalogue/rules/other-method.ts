import { expectDenied } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * "Every API request requires an API key", whatever its method. RFC 9110 §9.3.2 makes HEAD a GET without the body, and a
 * gate that lists the methods it guards forgets some.
 *
 * An OPTIONS answer without content says nothing of the API and conforms.
 */
export const otherMethod: Rule = {
  id: 'other-method',
  level: 'MUST',
  title: 'another method opens nothing without a key',
  section: 'Ways round',
  source: { promise: 'key-required' },
  given: [
    'head',
    'options',
    'unknown-method',
    'undocumented-post',
    'undocumented-put',
    'undocumented-patch',
    'undocumented-delete',
    'post-overridden-to-get',
  ],
  verify: (judged) => (judged.case.id === 'options' && judged.response.body.bytes === 0 ? [] : expectDenied(judged)),
};
