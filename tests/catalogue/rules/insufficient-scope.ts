import { isMissingScopeAnswer, orderIsOpen } from '../../../src/judging/permission.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * Authentication Overview, "Error Responses": a key without the permission is 403 with the body shown there. Where the
 * body names scopes, it names the right ones.
 *
 * Laxer than the page: whether the input or the permission is looked at first is not documented, so an answer about the
 * input proves nothing. Which scope an operation needs is inferred and judged at the level that the contract sets.
 */
export const insufficientScope: Rule = {
  id: 'insufficient-scope',
  level: 'MUST',
  title: "a key without the operation's scope is refused as forbidden",
  section: 'Permissions',
  source: { promise: 'insufficient-permission' },
  given: ['scoped-out-key', 'scoped-out-key-dry-run', 'scoped-out-key-valid-request'],
  levelOn: ({ scopePromise }) => scopePromise.level,
  verify: (judged) => orderIsOpen(judged) ?? isMissingScopeAnswer(judged),
};
