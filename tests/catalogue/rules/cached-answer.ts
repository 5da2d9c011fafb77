import { expectDenied } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** "Every API request requires an API key", also one that a cache could answer. A path that is nothing may be a 404. */
export const cachedAnswer: Rule = {
  id: 'cached-answer',
  level: 'MUST',
  title: 'an answer to a key is not given to whoever asks next',
  section: 'Caching',
  source: { promise: 'key-required' },
  given: ['after-an-answer-to-a-key', 'static-looking-path', 'static-looking-line'],
  verify: expectDenied,
};
