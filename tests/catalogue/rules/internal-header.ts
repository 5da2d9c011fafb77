import { expectAnotherResource, expectDeniedAsUsual } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** "Every API request requires an API key", whatever a header says about the path, the caller or the check itself. */
export const internalHeader: Rule = {
  id: 'internal-header',
  level: 'MUST',
  title: 'headers meant for use behind a gateway open nothing without a key',
  section: 'Ways round',
  source: { promise: 'key-required' },
  given: ['rewritten-to-a-public-path', 'rewritten-from-a-public-path', 'prefix-header', 'internal-request-headers'],
  verify: (judged) =>
    judged.case.id === 'rewritten-from-a-public-path' ? expectAnotherResource(judged) : expectDeniedAsUsual(judged),
};
