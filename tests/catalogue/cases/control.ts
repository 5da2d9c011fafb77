import type { Case } from '../../../src/requests/case.ts';
import { hasScopes } from './applicability.ts';

const hasExactly = (wanted: readonly string[]) => (scopes: ReadonlySet<string>) =>
  scopes.size === wanted.length && wanted.every((scope) => scopes.has(scope));

/** Credentials that are to be let through: what arms every refusal. */
export const controls: readonly Case[] = [
  {
    id: 'valid-key',
    group: 'control',
    title: 'the full-access key',
    alternatives: 'each',
    request: (builder) => builder.build({ key: builder.fullKey() }),
  },
  {
    id: 'scoped-key',
    group: 'authorisation',
    title: "a key with exactly the operation's scope",
    alternatives: 'each',
    appliesTo: hasScopes,
    request: (builder) => {
      const { scopes } = builder.operation;
      return builder.build({ key: builder.scopedKey(`exactly ${scopes.join('+')}`, hasExactly(scopes)) });
    },
  },
];
