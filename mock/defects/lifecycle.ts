import { keysOf, readCredentials, usesForm } from '../server/credentials.ts';
import { cachingRevocations, delayingScopes, nodes, sinceRevocation } from '../server/key-patches.ts';
import { newId, secretOf } from '../server/managed-keys.ts';
import type { Patch } from '../types/behaviour.ts';
import type { ManagedKey } from '../types/lifecycle.ts';
import type { DefectGroup } from './defect.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What a server gets wrong about keys that change while it runs. */
export const lifecycle = {
  'revocation-cached-for-a-minute': {
    bug: 'L1',
    title: 'that a key is not revoked is kept for a minute',
    patch: cachingRevocations(() => MINUTE),
    complaints: ['revoked-key-refused-in-time: * (refused-in-time)'],
  },
  'revocation-cached-for-five-minutes': {
    bug: 'L1',
    title: 'that a key is not revoked is kept for five minutes',
    patch: cachingRevocations(() => 5 * MINUTE),
    complaints: ['revoked-key-refused-in-time: * (refused-in-time)'],
  },
  'one-of-two-nodes-keeps-revoked-keys': {
    bug: 'L1',
    title: 'of two nodes, between which connections are shared out, one does not hear of revocations',
    patch: nodes(2, (node) => node === 1),
    complaints: ['revoked-key-refused-in-time: * (refused-in-time)'],
  },
  'one-of-three-nodes-keeps-revoked-keys': {
    bug: 'L1',
    title: 'of three nodes, between which connections are shared out, one does not hear of revocations',
    patch: nodes(3, (node) => node === 2),
    complaints: ['revoked-key-refused-in-time: * (refused-in-time)'],
  },
  'revocation-only-in-header': {
    bug: 'L1',
    title: 'a revoked key is refused in the header of the API, and accepted as a bearer token',
    patch: (sound) => ({
      isActive: (request, key) =>
        (key.managed !== undefined && usesForm(request, 'bearer')) || sound.isActive(request, key),
    }),
    complaints: ['revoked-key-refused-in-time: revoked-made-key@bearer (refused-in-time)'],
  },
  'revoked-key-back-after-half-a-minute': {
    bug: 'L2',
    title: 'a revoked key is refused at once, and accepted again half a minute later',
    patch: (sound) => ({
      isActive: (request, key) =>
        (sinceRevocation(request, key.managed?.key) ?? 0) >= 30 * SECOND || sound.isActive(request, key),
    }),
    complaints: ['revoked-key-stays-refused: * (stays-refused)'],
  },
  'rolled-key-ends-at-once': {
    bug: 'L3',
    title: 'rolling a key ends the old one at once',
    patch: () => ({ isReplaced: (_request, { replacedAt }) => replacedAt !== undefined }),
    complaints: ['rolled-keys-overlap: old-key-of-a-roll@* (old-opens)'],
  },
  'rolled-key-never-ends': {
    bug: 'L4',
    title: 'rolling a key never ends the old one',
    patch: () => ({ isReplaced: () => false }),
    complaints: ['rolled-key-ends: * (old-ends)'],
  },
  'new-key-of-roll-never-opens': {
    bug: 'L3',
    title: 'the new key of a roll is refused, and the old one goes on for the overlap',
    patch: (sound) => ({
      isReplaced: (request, secret) => secret.isRolled || sound.isReplaced(request, secret),
    }),
    complaints: ['rolled-keys-overlap: new-key-of-a-roll@* (new-opens)'],
  },
  'new-key-of-roll-opens-late': {
    bug: 'L3',
    title: 'the new key of a roll is refused for half a minute, which is longer than the old one opens',
    patch: (sound) => ({
      isReplaced: (request, secret) =>
        (secret.isRolled && request.state.clock.now() - secret.key.createdAt < 30 * SECOND) ||
        sound.isReplaced(request, secret),
    }),
    complaints: ['rolled-keys-overlap: new-key-of-a-roll@* (new-opens)'],
  },
  'scopes-cached': {
    bug: 'L5',
    title: 'the scopes of a key count as they were for ten minutes after they were changed',
    patch: delayingScopes(() => 10 * MINUTE),
    complaints: [
      'changed-scopes-in-time: key-without-scope-now@* (closed-in-time)',
      'changed-scopes-in-time: key-with-scope-now@* (opened-in-time)',
    ],
  },
  'taken-scopes-cached': {
    bug: 'L5',
    title: 'a scope that is given counts at once, one that is taken away still counts for ten minutes',
    patch: delayingScopes(() => 10 * MINUTE, together),
    complaints: ['changed-scopes-in-time: key-without-scope-now@* (closed-in-time)'],
  },
  'given-scopes-cached': {
    bug: 'L5',
    title: 'a scope that is taken away is gone at once, one that is given counts only after ten minutes',
    patch: delayingScopes(() => 10 * MINUTE, inBoth),
    complaints: ['changed-scopes-in-time: key-with-scope-now@* (opened-in-time)'],
  },
  'expiry-ignored': {
    bug: 'L6',
    title: 'a key is accepted after the time at which it expires',
    patch: () => ({ hasExpired: () => false }),
    complaints: ['expired-key-refused-in-time: * (refused-in-time)'],
  },
  'expiry-noticed-late': {
    bug: 'L6',
    title: 'a key is accepted for half a minute after the time at which it expires',
    patch: () => ({
      hasExpired: ({ state }, { expiresAt }) => expiresAt !== undefined && state.clock.now() >= expiresAt + 30 * SECOND,
    }),
    complaints: ['expired-key-refused-in-time: * (refused-in-time)'],
  },
  'expiry-too-early': {
    bug: 'L7',
    title: 'a key is refused when half of its time is over',
    patch: () => ({
      hasExpired: ({ state }, { createdAt, expiresAt }) =>
        expiresAt !== undefined && state.clock.now() >= (createdAt + expiresAt) / 2,
    }),
    complaints: ['key-opens-until-it-expires: * (opens-until-then)'],
  },
  'restricted-key-makes-stronger-key': {
    bug: 'L8',
    title: 'a key that may make keys makes one that may more than itself',
    patch: () => ({ mayGrant: () => true }),
    complaints: ['key-makes-no-stronger-key: key-of-a-weaker-key (not-stronger)'],
  },
  'last-use-never-told': {
    bug: 'L9',
    title: 'the last use of a key is never told',
    patch: () => ({ noteUse: () => undefined }),
    complaints: ['last-use-told: used-key-read (told-in-time)'],
  },
  'revoked-id-shows-key': {
    bug: 'L10',
    title: 'whoever reads a revoked key by its id is given the key',
    patch: (sound) => ({
      isFound: (request, key, action) => action === 'read' || sound.isFound(request, key, action),
      tell: (request, key) => {
        const secret = key.revokedAt === undefined ? undefined : secretOf(request, key);
        return { ...sound.tell(request, key), ...(secret !== undefined && { secret }) };
      },
    }),
    complaints: ['revoked-id-gives-nothing: revoked-id-read (gives-nothing)'],
  },
  'update-revives-revoked-key': {
    bug: 'L10',
    title: 'changing the scopes of a revoked key makes it valid again',
    patch: (sound) => ({
      isFound: (request, key, action) => action === 'update' || sound.isFound(request, key, action),
      changeScopes: (request, key, scopes) => {
        delete key.revokedAt;
        sound.changeScopes(request, key, scopes);
      },
    }),
    complaints: ['revoked-id-gives-nothing: revoked-id-updated revoked-id-rolled (gives-nothing)'],
  },
  'revoked-key-rolls-into-new-key': {
    bug: 'L10',
    title: 'rolling a revoked key gives a key that is accepted',
    patch: (sound) => ({
      isFound: (request, key, action) => action === 'roll' || sound.isFound(request, key, action),
      rolledId: (request, key) => (key.revokedAt === undefined ? sound.rolledId(request, key) : newId()),
    }),
    complaints: ['revoked-id-gives-nothing: revoked-id-rolled (gives-nothing)'],
  },
  'id-opens-as-key': {
    bug: 'L10',
    title: 'the id of a key is accepted in the place of the key, whether it is revoked or not',
    patch: (sound) => ({
      lookUp: (request, sent, environment) =>
        sound.lookUp(request, sent, environment) ??
        keysOf(request, environment).find(({ managed }) => managed?.key.id === sent),
      isActive: (request, key) =>
        readCredentials(request).some(({ value }) => value === key.managed?.key.id) || sound.isActive(request, key),
    }),
    complaints: ['revoked-id-gives-nothing: revoked-id-as-key (gives-nothing)'],
  },
  'made-key-opens-late': {
    bug: 'L11',
    title: 'a key that was made is accepted half a minute later',
    patch: openingLate(30 * SECOND),
    complaints: ['made-key-opens: * (opens)'],
  },
  'made-key-opens-in-header-only': {
    bug: 'L11',
    title: 'a key that was made is accepted in the header of the API, and not as a bearer token',
    patch: (sound) => ({
      isActive: (request, key) =>
        !(key.managed !== undefined && usesForm(request, 'bearer')) && sound.isActive(request, key),
    }),
    complaints: ['made-key-opens: made-key@bearer (opens)'],
  },
} as const satisfies DefectGroup;

function together(before: ManagedKey['scopes'], after: ManagedKey['scopes']): ManagedKey['scopes'] {
  return before === 'all' || after === 'all' ? 'all' : [...before, ...after];
}

function inBoth(before: ManagedKey['scopes'], after: ManagedKey['scopes']): ManagedKey['scopes'] {
  if (before === 'all') return after;
  return after === 'all' ? before : before.filter((scope) => after.includes(scope));
}

function openingLate(delay: number): Patch {
  return (sound) => ({
    isActive: (request, key) => {
      const made = key.managed?.key.createdAt;
      return (made === undefined || request.state.clock.now() >= made + delay) && sound.isActive(request, key);
    },
  });
}
