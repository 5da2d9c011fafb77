import { isAnswer } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * Authentication Overview, "Key Types": a live key is for production, a test key for the sandbox. The page does not show
 * the answer to the wrong pairing; that it is the one to an invalid key is the contract's choice and is marked there.
 */
export const otherEnvironment: Rule = {
  id: 'other-environment',
  level: 'MUST',
  title: 'a key of the other environment is refused',
  section: 'Environments',
  source: { promise: 'key-kinds' },
  given: ['other-environment-key'],
  verify: (judged) =>
    isAnswer(judged, judged.contract.refusals.otherEnvironment ? 'otherEnvironment' : 'invalidKey', 'invalid-key'),
};
