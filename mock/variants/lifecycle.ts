import { cachingRevocations, delayingScopes, nodes, promised, sinceRevocation } from '../server/key-patches.ts';
import { newId } from '../server/managed-keys.ts';
import type { ManagedKey } from '../types/lifecycle.ts';
import type { VariantGroup } from './variant.ts';

/** Keys that change exactly as late as the document promises, and no later. */
export const lifecycle = {
  'revocation-as-late-as-promised': {
    title: 'a revoked key is accepted until exactly the time that is promised, and refused from then on',
    patch: (sound) => ({
      isActive: (request, key) => {
        const since = sinceRevocation(request, key.managed?.key);
        return (since !== undefined && since < promised(request, 'revokedWithin')) || sound.isActive(request, key);
      },
    }),
  },
  'revocations-cached-as-long-as-promised': {
    title: 'that a key is not revoked is kept for as long as is promised',
    patch: cachingRevocations((request) => promised(request, 'revokedWithin')),
  },
  'nodes-agree-as-late-as-promised': {
    title: 'of two nodes one hears of revocations at once, and the other as late as is promised',
    patch: nodes(2, (node, since, request) => node === 1 && since < promised(request, 'revokedWithin')),
  },
  'scopes-changed-as-late-as-promised': {
    title: 'a change of scopes counts from exactly the time that is promised',
    patch: delayingScopes((request) => promised(request, 'scopeChangeWithin')),
  },
  'expiry-noticed-as-late-as-promised': {
    title: 'an expired key is accepted until exactly the time that is promised, and refused from then on',
    patch: () => ({
      hasExpired: (request, { expiresAt }) =>
        expiresAt !== undefined && request.state.clock.now() >= expiresAt + promised(request, 'expiresWithin'),
    }),
  },
  // As a column or a claim with whole seconds does (RFC 7519 §4.1.4).
  'expiry-in-whole-seconds': {
    title: 'a key expires at the beginning of the second in which its time is over',
    patch: () => ({
      hasExpired: ({ state }, { expiresAt }) =>
        expiresAt !== undefined && state.clock.now() >= Math.floor(expiresAt / 1000) * 1000,
    }),
  },
  'last-use-told-as-late-as-promised': {
    title: 'the last use of a key is told from exactly the time that is promised',
    patch: (sound) => {
      const uses = new WeakMap<ManagedKey, readonly number[]>();
      return {
        noteUse: (request, key) => {
          sound.noteUse(request, key);
          uses.set(key, [...(uses.get(key) ?? []), request.state.clock.now()]);
        },
        tell: (request, key) => {
          const told = request.state.clock.now() - promised(request, 'lastUsedWithin');
          return { ...sound.tell(request, key), lastUsedAt: uses.get(key)?.findLast((at) => at <= told) };
        },
      };
    },
  },
  'rolled-key-gets-another-id': {
    title: 'rolling a key makes one with an id of its own',
    patch: () => ({ rolledId: newId }),
  },
  'revoked-key-is-still-told': {
    title: 'whoever reads a revoked key by its id is told its scopes and its last use, and nothing else',
    patch: (sound) => ({
      isFound: (request, key, action) => action === 'read' || sound.isFound(request, key, action),
    }),
  },
} as const satisfies VariantGroup;
