import { finding, isAccepted } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** API keys, "Key Permissions": a key with the scope of the operation is enough for it. */
export const sufficientScope: Rule = {
  id: 'sufficient-scope',
  level: 'MUST',
  title: "a key with exactly the operation's scope is not refused",
  section: 'Permissions',
  source: { promise: 'scopes' },
  given: ['scoped-key'],
  levelOn: ({ scopePromise }) => scopePromise.level,
  verify: ({ response }) => {
    const refused = response.status === 401 || response.status === 403;
    const accepted = finding('accepted', !refused, 'an answer other than 401 and 403', `status ${response.status}`);
    return [
      isAccepted(response) || refused ? accepted : { ...accepted, unproven: `the key was answered ${response.status}` },
    ];
  },
};
