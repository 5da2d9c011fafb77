import { finding, isAccepted } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * The other half of every promise about refusals: a full-access key is let through in each documented form. Servers that
 * cut keys at a separator or strip words from them refuse some valid keys.
 *
 * Accepted means that the answer is about something else: a 404 or, for an inert request, a 400 is accepted.
 */
export const validKey: Rule = {
  id: 'valid-key',
  level: 'MUST',
  title: 'a full-access key is accepted',
  section: 'Presenting the key',
  source: { promise: 'key-required' },
  given: ['valid-key'],
  verify: ({ response }) => {
    const refused = response.status === 401 || response.status === 403;
    const accepted = finding('accepted', !refused, 'an answer other than 401 and 403', `status ${response.status}`);
    return [
      isAccepted(response) || refused
        ? accepted
        : { ...accepted, unproven: `the full-access key was answered ${response.status}` },
    ];
  },
};
