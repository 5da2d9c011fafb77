import type { Case } from '../../src/plan/case.ts';
import { hasScopes, hasSiblingScope, siblingScopes } from './applicability.ts';

/** Keys that are valid and yet lack the operation's scope. */
export const insufficientKeys: readonly Case[] = [
  {
    id: 'scoped-out-key',
    group: 'authorisation',
    title: "a key without the operation's scope, made for another resource",
    control: 'valid-key',
    forms: 'each',
    appliesTo: hasScopes,
    request: (ask) => {
      const near = [...ask.operation.scopes, ...siblingScopes(ask.operation, ask.contract)];
      const { secret } = ask.scopedKey(`no scope of ${near.join(', ')}`, (scopes) =>
        near.every((scope) => !scopes.has(scope)),
      );
      return ask.request({ key: secret });
    },
  },
  {
    id: 'sibling-scope-key',
    group: 'authorisation',
    title: "a key with the resource's other scope only",
    control: 'valid-key',
    forms: 'each',
    appliesTo: hasSiblingScope,
    request: (ask) => {
      const siblings = siblingScopes(ask.operation, ask.contract);
      const { secret } = ask.scopedKey(`${siblings.join(' or ')} and nothing else`, (scopes) =>
        [...scopes].every((scope) => siblings.includes(scope)),
      );
      return ask.request({ key: secret });
    },
  },
];
