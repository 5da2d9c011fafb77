import type { Case } from '../../src/plan/case.ts';
import { hasScopes } from './applicability.ts';

const hasExactly = (wanted: readonly string[]) => (scopes: ReadonlySet<string>) =>
  scopes.size === wanted.length && wanted.every((scope) => scopes.has(scope));

/** Credentials that are to be let through: what arms every refusal. */
export const controls: readonly Case[] = [
  {
    id: 'valid-key',
    group: 'control',
    title: 'the full-access key',
    forms: 'each',
    request: (ask) => ask.request({ key: ask.fullKey() }),
  },
  {
    id: 'scoped-key',
    group: 'authorisation',
    title: "a key with exactly the operation's scope",
    forms: 'each',
    appliesTo: hasScopes,
    request: (ask) => {
      const { scopes } = ask.operation;
      return ask.request({ key: ask.scopedKey(`exactly ${scopes.join('+')}`, hasExactly(scopes)) });
    },
  },
];
