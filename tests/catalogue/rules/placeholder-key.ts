import { statusIs } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * "Every API request requires an API key": what a program writes when it has none is none. Whether it is called missing
 * or invalid is left open, both are 401.
 */
export const placeholderKey: Rule = {
  id: 'placeholder-key',
  level: 'MUST',
  title: 'a placeholder for a key is refused as unauthorized',
  section: 'Invalid key',
  source: { promise: 'invalid-key' },
  given: ['null', 'undefined', 'true', 'zero', 'asterisk', 'object', 'quotes', 'encoded-nul'].map(
    (id) => `placeholder-${id}`,
  ),
  verify: ({ response, contract }) => [statusIs(response, contract.refusals.invalidKey?.status ?? [401])],
};
