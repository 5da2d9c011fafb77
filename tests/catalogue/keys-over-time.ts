import { asvsUrl } from '../../src/judging/asvs.ts';
import { KEY_CASES } from '../../src/judging/keys/cases.ts';
import {
  judgeEscalation,
  judgeExpired,
  judgeLastUse,
  judgeNotBefore,
  judgeOverlap,
  judgeRolledEnd,
  judgeScopes,
} from '../../src/judging/keys/changed-and-ended.ts';
import type { KeyRule } from '../../src/judging/keys/key-rule.ts';
import {
  judgeMade,
  judgeRefusedInTime,
  judgeRevokedId,
  judgeStaysRefused,
} from '../../src/judging/keys/made-and-revoked.ts';

/**
 * A key that was just made opens what its scopes are for, however it is presented. Stricter than no page: a tool that rotates
 * keys relies on it. Laxer in time: it has ten seconds to come to every node.
 */
const madeKeyOpens: KeyRule = {
  id: 'made-key-opens',
  level: 'MUST',
  title: 'a key that was made opens each operation that it is for, in each form',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'OWASP ASVS 5.0, 8.2.1: functions are open to those with explicit permission only',
    url: asvsUrl('8.2.1'),
  },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  expectations: ['opens'],
  cases: [KEY_CASES.made],
  judge: judgeMade,
};

/**
 * ASVS 8.3.2 asks that changes count at once. The contract promises how soon: a request that is sent later and still opens
 * breaks it. The key was used on each connection and in each form before, so that every cache had it.
 */
const revokedInTime: KeyRule = {
  id: 'revoked-key-refused-in-time',
  level: 'MUST',
  title: 'a revoked key is refused within the promised time, on each connection',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'OWASP ASVS 5.0, 8.3.2: changed permissions count at once',
    url: asvsUrl('8.3.2'),
  },
  standards: { cwe: [613, 672], owaspApi: ['API2'], asvs: ['7.4.1', '8.3.2'], severity: 'high' },
  expectations: ['refused-in-time'],
  cases: [KEY_CASES.revoked],
  promise: 'revokedWithin',
  judge: judgeRefusedInTime,
};

/**
 * What has ended does not begin again. Nodes that disagree within the promised time are right; after it, or without a promise
 * once every connection had refused the key, an acceptance is none of them.
 */
const revokedStays: KeyRule = {
  id: 'revoked-key-stays-refused',
  level: 'MUST',
  title: 'a revoked key that was refused is never accepted again',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'OWASP ASVS 5.0, 7.4.1: what has ended opens nothing',
    url: asvsUrl('7.4.1'),
  },
  standards: { cwe: [613, 672], owaspApi: ['API2'], asvs: ['7.4.1'], severity: 'high' },
  expectations: ['stays-refused'],
  cases: [KEY_CASES.watched],
  judge: judgeStaysRefused,
};

/**
 * Who rolls a key has the overlap to put the new one everywhere. An old key that ends earlier stops whoever still has it.
 */
const rolledOverlap: KeyRule = {
  id: 'rolled-keys-overlap',
  level: 'MUST',
  title: 'the old and the new key of a roll open during the promised overlap',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'NIST SP 800-57 Part 1, 5.3.4: a key is replaced before its time is over, and both work until then',
    url: 'https://csrc.nist.gov/pubs/sp/800/57/pt1/r5/final',
  },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  expectations: ['old-opens', 'new-opens'],
  cases: [KEY_CASES.rolledOld, KEY_CASES.rolledNew],
  promise: 'overlap',
  judge: judgeOverlap,
};

/**
 * A roll that never ends the old key replaces nothing. A cache has as long to forget it as it has for a revoked key.
 */
const rolledEnds: KeyRule = {
  id: 'rolled-key-ends',
  level: 'MUST',
  title: 'the old key of a roll is refused after the promised overlap',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'OWASP ASVS 5.0, 7.4.1: what has ended opens nothing',
    url: asvsUrl('7.4.1'),
  },
  standards: { cwe: [613, 672], owaspApi: ['API2'], asvs: ['7.4.1'], severity: 'high' },
  expectations: ['old-ends'],
  cases: [KEY_CASES.rolledEnd],
  promise: 'overlap',
  judge: judgeRolledEnd,
};

/**
 * What is taken from a key is closed in time, and what is given to it is open in time. The key opened the one operation and
 * not the other before the change.
 */
const changedScopes: KeyRule = {
  id: 'changed-scopes-in-time',
  level: 'MUST',
  title: 'a change of the scopes of a key counts within the promised time',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'OWASP ASVS 5.0, 8.3.2: changed permissions count at once',
    url: asvsUrl('8.3.2'),
  },
  standards: { cwe: [863], owaspApi: ['API5'], asvs: ['8.3.2'], severity: 'high' },
  expectations: ['closed-in-time', 'opened-in-time'],
  cases: [KEY_CASES.closed, KEY_CASES.opened],
  promise: 'scopeChangeWithin',
  judge: judgeScopes,
};

/**
 * A key that is made for a time ends with it. A second is left for servers that keep whole ones, and where the time is sent as
 * a date, what is not known of the server's clock.
 */
const expiredInTime: KeyRule = {
  id: 'expired-key-refused-in-time',
  level: 'MUST',
  title: 'an expired key is refused within the promised time',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'OWASP ASVS 5.0, 9.2.1: what is issued for a time counts in that time only',
    url: asvsUrl('9.2.1'),
  },
  standards: { cwe: [613, 672], owaspApi: ['API2'], asvs: ['9.2.1'], severity: 'high' },
  expectations: ['refused-in-time'],
  cases: [KEY_CASES.expired],
  promise: 'expiresWithin',
  judge: judgeExpired,
};

/**
 * The other side of an expiry: a key that ends before its time stops whoever relies on it.
 */
const notBefore: KeyRule = {
  id: 'key-opens-until-it-expires',
  level: 'MUST',
  title: 'a key that expires opens until then',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'OWASP ASVS 5.0, 9.2.1: what is issued for a time counts in that time only',
    url: asvsUrl('9.2.1'),
  },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  expectations: ['opens-until-then'],
  cases: [KEY_CASES.notExpired],
  promise: 'expiresWithin',
  judge: judgeNotBefore,
};

/**
 * Only where the same key can be made with the full-access key. That the request succeeds breaks nothing by itself: the key
 * that was made has to open what the weaker one does not.
 */
const noStronger: KeyRule = {
  id: 'key-makes-no-stronger-key',
  level: 'MUST',
  title: 'a key with few scopes makes none that may more than itself',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'OWASP ASVS 5.0, 8.2.1: functions are open to those with explicit permission only',
    url: asvsUrl('8.2.1'),
  },
  standards: { cwe: [269], owaspApi: ['API5'], asvs: ['8.2.1'], severity: 'high' },
  expectations: ['not-stronger'],
  cases: [KEY_CASES.stronger],
  judge: judgeEscalation,
};

/**
 * Without it nobody knows which keys are in use, and so none is revoked. A time that is older than the use is not told in time.
 */
const lastUse: KeyRule = {
  id: 'last-use-told',
  level: 'MUST',
  title: 'who reads a key is told within the promised time when it was last used',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'CWE-778, Insufficient Logging: what was used is noted',
    url: 'https://cwe.mitre.org/data/definitions/778.html',
  },
  standards: { cwe: [778], owaspApi: ['API8'], asvs: [], severity: 'medium' },
  expectations: ['told-in-time'],
  cases: [KEY_CASES.used],
  promise: 'lastUsedWithin',
  judge: judgeLastUse,
};

/**
 * Ids stand in lists and logs. In the place of a key one opens nothing, who reads it is not given the key, and neither a change
 * of its scopes nor a roll brings a revoked key back.
 */
const revokedId: KeyRule = {
  id: 'revoked-id-gives-nothing',
  level: 'MUST',
  title: 'the id of a revoked key gives nothing that opens',
  section: 'Keys over time',
  since: '2026.12',
  source: {
    standard: 'OWASP ASVS 5.0, 7.4.1: what has ended opens nothing',
    url: asvsUrl('7.4.1'),
  },
  standards: { cwe: [522, 672], owaspApi: ['API2'], asvs: ['7.4.1'], severity: 'high' },
  expectations: ['gives-nothing'],
  cases: [KEY_CASES.idAsKey, KEY_CASES.idRead, KEY_CASES.idUpdated, KEY_CASES.idRolled],
  judge: judgeRevokedId,
};

/** What must hold of keys that change while the run watches: asked once a run, where it may make keys. */
export const keyRules: readonly KeyRule[] = [
  madeKeyOpens,
  revokedInTime,
  revokedStays,
  rolledOverlap,
  rolledEnds,
  changedScopes,
  expiredInTime,
  notBefore,
  noStronger,
  lastUse,
  revokedId,
];
