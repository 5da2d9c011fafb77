import { isAnswer } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** A part of a key is no key, however much of it is there (CWE-187, partial comparison). */
export const partialKey: Rule = {
  id: 'partial-key',
  level: 'MUST',
  title: 'a part of a key is refused as invalid',
  section: 'Invalid key',
  source: { promise: 'invalid-key' },
  given: ['half-a-key', 'bare-prefix'],
  verify: (judged) => isAnswer(judged, 'invalidKey', 'invalid-key'),
};
