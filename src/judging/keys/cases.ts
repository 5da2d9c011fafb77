import type { KeyCase } from './key-rule.ts';

/** What is shown to operations, in the words of reports. */
export const KEY_CASES = {
  made: { id: 'made-key', title: 'a key that was just made' },
  revoked: { id: 'revoked-made-key', title: 'a key that was used everywhere and then revoked' },
  watched: { id: 'watched-revoked-key', title: 'the revoked key, for a time after it was refused' },
  rolledOld: { id: 'old-key-of-a-roll', title: 'the old key of a roll, during the overlap' },
  rolledNew: { id: 'new-key-of-a-roll', title: 'the new key of a roll' },
  rolledEnd: { id: 'old-key-after-overlap', title: 'the old key of a roll, after the overlap' },
  closed: { id: 'key-without-scope-now', title: 'a key that has lost the scope of the operation' },
  opened: { id: 'key-with-scope-now', title: 'a key that has got the scope of the operation' },
  expired: { id: 'expired-made-key', title: 'a key after the time at which it expires' },
  notExpired: { id: 'key-before-it-expires', title: 'a key before the time at which it expires' },
  stronger: { id: 'key-of-a-weaker-key', title: 'a request of a key with few scopes for a key with all of them' },
  used: { id: 'used-key-read', title: 'a key that was used, read by its id' },
  idAsKey: { id: 'revoked-id-as-key', title: 'the id of a revoked key in the place of a key' },
  idRead: { id: 'revoked-id-read', title: 'the id of a revoked key, read' },
  idRolled: { id: 'revoked-id-rolled', title: 'the id of a revoked key, rolled' },
  idUpdated: { id: 'revoked-id-updated', title: 'the id of a revoked key, whose scopes are changed' },
} as const satisfies Readonly<Record<string, KeyCase>>;
