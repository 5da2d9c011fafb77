import { finding, isGranted, summary } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * Authentication Overview, "Key Types": which environment a key opens is not the client's to say. A server that reads
 * the environment from `Host` or `X-Forwarded-Host` lets a test key into production.
 *
 * Laxer than the rule on the other environment's key: a gateway may refuse a foreign host name in words of its own.
 */
export const claimedHost: Rule = {
  id: 'claimed-host',
  level: 'MUST',
  title: 'a key of the other environment is refused whatever host the request claims',
  section: 'Environments',
  source: { promise: 'key-kinds' },
  given: [
    'other-environment-key-host',
    'other-environment-key-forwarded-host',
    'other-environment-key-absolute-form',
    'other-environment-key-server-name',
  ],
  verify: (judged) => [finding('refused', !isGranted(judged), 'a refusal', summary(judged.response))],
  // A server that has no certificate for the other name there is not fooled by it.
  verifyFault: ({ fault, request }) => (fault.kind === 'tls' && request.head === undefined ? [] : undefined),
};
