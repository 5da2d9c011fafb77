import type { ShownAccess } from '../requests/case.ts';
import type { Conformance, ReportedCase } from './conformance.ts';

/** `not told`: the response shows nothing about the key, as a refusal of the input for every key does. */
export type FoundAccess = 'opened' | 'denied' | 'not told' | 'not sent';

/** What one key showed on one operation. */
export interface Access {
  /** The rule whose cell has it. */
  readonly rule: string;
  readonly expected: ShownAccess['expected'];
  readonly found: FoundAccess;
  readonly status?: number;
}

/** Which key opened what: a row for each operation of the report, a cell for each key; undefined: the key was not sent. */
export interface AccessTable {
  readonly keys: readonly string[];
  readonly rows: readonly (readonly (Access | undefined)[])[];
}

/** What the keys are, in the order of the columns; those with scopes stand behind the first. */
const ORDER = [
  'full access',
  'scopes',
  'revoked',
  'other environment',
  'other account',
  'locked to another address',
  'never issued',
  'no key',
];

/** Made of the report alone: of the cases that say which key they show, in the first form of the credential. */
export function accessOf({ cases, cells, operations }: Conformance): AccessTable {
  const shown = new Map(cases.flatMap(({ id, access }) => (access ? [[id, access] as const] : [])));
  const byOperation = new Map(operations.map(({ id }) => [id, new Map<string, Access>()]));
  const ranks = new Map<string, number>();
  const accepted = new Map<string, number>();
  for (const cell of cells)
    for (const one of cell.cases)
      if (one.status !== undefined && shown.get(one.case)?.key === 'full access')
        accepted.set(cell.operation, one.status);
  for (const { rule, operation, cases: its } of cells) {
    const row = byOperation.get(operation);
    for (const one of its) {
      const access = shown.get(one.case);
      if (!row || access?.rule !== rule) continue;
      const name = keyName(access, one);
      if (name === undefined) continue;
      ranks.set(name, ORDER.indexOf(access.key));
      const found = { rule, expected: access.expected, ...foundIn(one, access, accepted.get(operation)) };
      if (weight(found) > weight(row.get(name))) row.set(name, found);
    }
  }
  const keys = [...ranks]
    .toSorted(([name, one], [otherName, other]) => one - other || (name < otherName ? -1 : 1))
    .map(([name]) => name);
  return { keys, rows: [...byOperation.values()].map((row) => keys.map((key) => row.get(key))) };
}

/** What is found is not what the contract promises of the key. */
export function isDifferent({ expected, found }: Access): boolean {
  return (found === 'opened' || found === 'denied') && found !== expected;
}

/**
 * Undefined for a key with scopes that was not sent: which one it would have been is not known. And for a key of another
 * account that was not sent, since accounts are compared only where somebody wants it.
 */
function keyName({ key }: ShownAccess, { scopes, status }: ReportedCase): string | undefined {
  if (key === 'other account' && status === undefined) return undefined;
  if (key !== 'scopes') return key;
  return scopes && (scopes.length === 0 ? 'no scope' : [...scopes].toSorted().join(' + '));
}

/** Several cases may show a key on an operation: one that differs counts most, then one that tells anything. */
function weight(access: Access | undefined): number {
  if (!access) return 0;
  if (isDifferent(access)) return 4;
  return { 'not sent': 1, 'not told': 2, opened: 3, denied: 3 }[access.found];
}

/** A server that looks at the input first gives the same to every key: then the judge says whether that shows anything. */
function foundIn(
  { status, outcome }: ReportedCase,
  { expected, key }: ShownAccess,
  accepted: number | undefined,
): Pick<Access, 'found' | 'status'> {
  if (status === undefined) return { found: 'not sent' };
  // The other account may have something of its own there, which the rule tells apart.
  if (key === 'other account' && outcome === 'not proven') return { found: 'not told', status };
  if (status >= 200 && status < 300) return { found: 'opened', status };
  if (status === 401 || status === 403) return { found: 'denied', status };
  if (status >= 500 || status === 429 || outcome === 'not proven' || outcome === 'error')
    return { found: 'not told', status };
  if (expected === 'opened') return { found: outcome === 'conforms' ? 'opened' : 'not told', status };
  return { found: status === accepted && outcome !== 'conforms' ? 'opened' : 'denied', status };
}
