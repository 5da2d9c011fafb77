import { isMissingScopeAnswer, orderIsOpen } from '../../../src/judging/permission.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * API keys, "Key Permissions": reading and writing are scopes of their own. That a write scope does not include reading is
 * inferred from the sample sets, so a key that writes and is let in to read deviates only.
 */
export const separateScopes: Rule = {
  id: 'separate-scopes',
  level: 'MUST',
  title: 'neither reading nor writing a resource opens the other',
  section: 'Permissions',
  source: { promise: 'write-not-read' },
  appliesTo: (_, { promises }) =>
    promises.some(({ id }) => id === 'write-not-read') ||
    'the contract does not say that scopes of a resource are separate',
  given: ['sibling-scope-key', 'sibling-scope-key-valid-request'],
  levelOn: ({ isSafe, scopePromise }) => (isSafe ? 'SHOULD' : scopePromise.level),
  verify: (judged) => orderIsOpen(judged) ?? isMissingScopeAnswer(judged),
};
