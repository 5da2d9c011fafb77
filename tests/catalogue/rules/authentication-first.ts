import { isAnswer } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * "Every API request requires an API key", whatever else is wrong with the request: a server that looks at the input or
 * for the resource first tells strangers what exists and runs its parsers for them.
 */
export const authenticationFirst: Rule = {
  id: 'authentication-first',
  level: 'MUST',
  title: 'a missing key is refused before the input or the resource is looked at',
  section: 'Missing key',
  source: { promise: 'key-required' },
  given: ['no-key-malformed-body', 'no-key-unknown-resource'],
  verify: (judged) => isAnswer(judged, 'missingKey', 'missing-key'),
};
