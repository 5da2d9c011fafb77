import { randomBytes } from 'node:crypto';
import { PRIMARY_CREDENTIAL } from '../document/credentials.ts';
import type { EnvironmentName } from '../types/api.ts';
import type { Behaviour } from '../types/behaviour.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { KeyAction, ManagedKey } from '../types/lifecycle.ts';
import type { Refusal } from '../types/refusal.ts';
import type { MockRequest } from '../types/request.ts';
import { digestOf } from './keys.ts';

/** What somebody asks for who makes a key or changes one. */
export interface KeyWish {
  /** Absent: those of whoever asks. */
  readonly scopes?: ManagedKey['scopes'] | undefined;
  /** Unix time in milliseconds. */
  readonly expiresAt?: number | undefined;
}

/** Who asks: a key over the API, or undefined for whoever has the console. */
type By = IssuedKey | undefined;

interface Made {
  readonly key: ManagedKey;
  readonly secret: string;
}

/** Seconds for which a rolled secret goes on where the document does not say. */
const USUAL_OVERLAP = 60;

export const hasExpired: Behaviour['hasExpired'] = ({ state }, { expiresAt }) =>
  expiresAt !== undefined && state.clock.now() >= expiresAt;

export const isReplaced: Behaviour['isReplaced'] = ({ state }, { replacedAt }) => {
  const { overlap = USUAL_OVERLAP } = state.api.lifecycle?.promises ?? {};
  return replacedAt !== undefined && state.clock.now() >= replacedAt + overlap * 1000;
};

/** Nobody gives more than they have. */
export const mayGrant: Behaviour['mayGrant'] = (_request, by, scopes) => {
  if (by === undefined || by.scopes === 'all') return true;
  const held = by.scopes;
  return scopes !== 'all' && scopes.every((scope) => held.includes(scope));
};

/** Whether a key opens anything now. */
export function isOpen(request: MockRequest, stages: Behaviour, key: IssuedKey): boolean {
  if (!stages.isActive(request, key)) return false;
  const { managed } = key;
  return !managed || (!stages.hasExpired(request, managed.key) && !stages.isReplaced(request, managed));
}

export function createKey(request: MockRequest, stages: Behaviour, by: By, wish: KeyWish): Made | Refusal {
  const { state } = request;
  const scopes = wish.scopes ?? by?.scopes ?? 'all';
  const unfit = unfitScopes(request, stages, by, scopes);
  if (unfit) return unfit;
  const createdAt = state.clock.now();
  const { expiresAt } = wish;
  if (expiresAt !== undefined && !(expiresAt > createdAt)) return { reason: 'invalidInput' };
  return issue(request, stages, { id: newId(), createdAt, scopes, ...(expiresAt !== undefined && { expiresAt }) });
}

/** Whoever rolls a key has its new secret, so it is as if they made it. */
export function rollKey(request: MockRequest, stages: Behaviour, by: By, id: string): Made | Refusal {
  const old = find(request, stages, id, 'roll');
  if (!old) return { reason: 'unknownId' };
  const unfit = unfitScopes(request, stages, by, old.scopes);
  if (unfit) return unfit;
  const newestId = stages.rolledId(request, old);
  const now = request.state.clock.now();
  for (const { managed } of request.state.keys) if (managed?.key === old) managed.replacedAt ??= now;
  if (newestId === id) return issue(request, stages, old, true);
  const { expiresAt, scopes } = old;
  const newest = { id: newestId, createdAt: now, scopes, ...(expiresAt !== undefined && { expiresAt }) };
  return issue(request, stages, newest, true);
}

export function updateKey(
  request: MockRequest,
  stages: Behaviour,
  by: By,
  { id, scopes }: { readonly id: string; readonly scopes: ManagedKey['scopes'] | undefined },
): ManagedKey | Refusal {
  const key = find(request, stages, id, 'update');
  if (!key) return { reason: 'unknownId' };
  if (scopes === undefined) return key;
  const unfit = unfitScopes(request, stages, by, scopes);
  if (unfit) return unfit;
  stages.changeScopes(request, key, scopes);
  return key;
}

export function revokeKey(request: MockRequest, stages: Behaviour, id: string): ManagedKey | Refusal {
  const key = find(request, stages, id, 'revoke');
  if (!key) return { reason: 'unknownId' };
  key.revokedAt ??= request.state.clock.now();
  return key;
}

export function findKey(request: MockRequest, stages: Behaviour, id: string): ManagedKey | Refusal {
  return find(request, stages, id, 'read') ?? { reason: 'unknownId' };
}

/** Every key that somebody made in the environment, once for all its secrets. */
export function managedKeys({ state, environment }: MockRequest): readonly ManagedKey[] {
  const own = state.keys.filter((key) => key.environment === environment);
  return [...new Set(own.flatMap(({ managed }) => managed?.key ?? []))];
}

/** The newest secret of a key. */
export function secretOf({ state }: MockRequest, key: ManagedKey): string | undefined {
  return state.keys.findLast(({ managed }) => managed?.key === key)?.value;
}

export function newId(): string {
  return `key_${randomBytes(8).toString('hex')}`;
}

function find(request: MockRequest, stages: Behaviour, id: string, action: KeyAction): ManagedKey | undefined {
  const key = managedKeys(request).find((one) => one.id === id);
  return key && stages.isFound(request, key, action) ? key : undefined;
}

function unfitScopes(
  request: MockRequest,
  stages: Behaviour,
  by: By,
  scopes: ManagedKey['scopes'],
): Refusal | undefined {
  const { api } = request.state;
  if (scopes !== 'all' && scopes.some((scope) => !api.scopes.includes(scope))) return { reason: 'invalidInput' };
  if (stages.mayGrant(request, by, scopes)) return undefined;
  const held: readonly string[] = by === undefined || by.scopes === 'all' ? [] : by.scopes;
  const wanted = scopes === 'all' ? api.scopes : scopes;
  return { reason: 'forbidden', key: by, required: wanted.filter((scope) => !held.includes(scope)) };
}

function issue({ state, environment }: MockRequest, stages: Behaviour, key: ManagedKey, isRolled = false): Made {
  const { name, prefix } = environmentOf(environment);
  const secret = stages.secret('managed', key.scopes);
  const value = prefix + secret;
  state.keys.push({
    ...{ type: 'managed', credential: PRIMARY_CREDENTIAL, environment: name, prefix, secret, value },
    ...{ digest: digestOf(value), managed: { key, isRolled } },
    // A key that changes is the same key.
    get scopes() {
      return key.scopes;
    },
    get isRevoked() {
      return key.revokedAt !== undefined;
    },
  });
  return { key, secret: value };

  function environmentOf(wanted: EnvironmentName): { readonly name: EnvironmentName; readonly prefix: string } {
    const found = state.api.environments.find((one) => one.name === wanted);
    return { name: wanted, prefix: found?.keyPrefix ?? '' };
  }
}
