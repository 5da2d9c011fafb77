import { finding } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * "Keys are server-side only": an answer that repeats a key carries it into logs, caches and error trackers. That no
 * answer does so is a consequence that the documentation does not draw itself.
 */
export const noKeyEcho: Rule = {
  id: 'no-key-echo',
  level: 'SHOULD',
  title: 'no answer repeats the key that was sent, or its last six characters',
  section: 'Error answers',
  source: { promise: 'server-side-only' },
  given: 'answers',
  requiresControl: false,
  verify: ({ exchange }) => [
    finding('no-echo', exchange.echoes.length === 0, 'nothing of the key', exchange.echoes.join('; ')),
  ],
};
