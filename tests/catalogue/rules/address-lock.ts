import { statusIs } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * Authentication Overview, "IP Restrictions": a key can be locked to addresses. The answer to another address is not
 * documented: 401 and 403 conform, and error-envelope judges the body as that of any refusal. What a header says about the address
 * is hearsay.
 */
export const addressLock: Rule = {
  id: 'address-lock',
  level: 'MUST',
  title: 'a key that is locked to another address is refused, whatever address a header claims',
  section: 'Address lock',
  source: { promise: 'address-lock' },
  given: [
    'locked-key',
    ...[
      'x-forwarded-for',
      'x-forwarded-for-first',
      'x-forwarded-for-last',
      'x-real-ip',
      'forwarded',
      'true-client-ip',
      'cf-connecting-ip',
      'other-headers',
    ].map((header) => `locked-key-${header}`),
  ],
  verify: ({ response, contract: { refusals } }) =>
    refusals.lockedOut ? [statusIs(response, refusals.lockedOut.status)] : [],
};
