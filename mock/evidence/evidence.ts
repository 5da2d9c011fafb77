import type { HeaderLine } from '../behaviour.ts';
import type { Received, Sent } from '../client.ts';
import type { Keys, Running } from '../running.ts';
import type { MockOptions } from '../start.ts';

/** What tells a defect from a sound server: something to ask, and what either is seen to do. */
export interface Evidence {
  readonly ask: (running: Running) => Promise<Seen>;
  readonly sound: Expected;
  readonly broken: Expected;
  /** The operation that is asked; absent: the listing of contacts. */
  readonly operation?: string;
  /** Set where nothing can tell which operation is asked. */
  readonly isUnconfinable?: true;
  readonly options?: Partial<MockOptions>;
  /** Where the first contract has nothing of the kind: another one, an operation beside the one asked, and a form of it. */
  readonly elsewhere?: { readonly contract: string; readonly operation: string; readonly form: string };
}

type Seen = Readonly<Record<string, unknown>>;

/** A status, or members of what is seen; texts may be given as patterns. */
export type Expected = number | Seen;

export type Request = (keys: Keys) => Sent;

/** One piece of evidence for each defect of a group. */
export type EvidenceFor<Group> = Readonly<Record<keyof Group, Evidence>>;

export const CONTACTS = '/contacts';
export const JSON_TYPE: HeaderLine = ['Content-Type', 'application/json'];

export const missing = { status: 401, json: { message: 'API key is required' } };
export const invalid = { status: 401, json: { message: 'Invalid API key' } };
export const forbidden = { status: 403, json: { error: 'forbidden', code: 403 } };

/** Asks in this order, on one connection; the last answer is what is seen. */
export function asking(...requests: readonly Request[]): Evidence['ask'] {
  return async ({ keys, send }) => {
    let answer: Received | undefined;
    for (const request of requests) answer = await send(request(keys));
    return { ...answer };
  };
}

export function shown(request: Request, sound: Expected, broken: Expected): Evidence {
  return { ask: asking(request), sound, broken };
}

/** One header of the answer; `absent` stands for none. */
export function headerShown(name: string, request: Request, sound: unknown, broken: unknown): Evidence {
  const ask: Evidence['ask'] = async ({ keys, send }) => {
    const { headers } = await send(request(keys));
    return { [name]: headers[name.toLowerCase()] ?? 'absent' };
  };
  return { ask, sound: { [name]: sound }, broken: { [name]: broken } };
}

/** Refused as no valid key by a sound server, answered by one with the defect. */
export function accepted(...requests: readonly Request[]): Evidence {
  return { ask: asking(...requests), sound: 401, broken: 200 };
}

export function nothing(): Sent {
  return { path: CONTACTS };
}

export const NEVER_ISSUED = 'sk_test_0123456789abcdefghijABCDEFGHIJ';

export function neverIssued(): Sent {
  return withKey(NEVER_ISSUED);
}

export function withFullKey({ full }: Keys): Sent {
  return withKey(full);
}

export function withKey(key: string, ...more: readonly HeaderLine[]): Sent {
  return { path: CONTACTS, headers: [['X-API-Key', key], ...more] };
}

export function withBearer(key: string, scheme = 'Bearer'): Sent {
  return { path: CONTACTS, headers: [['Authorization', `${scheme} ${key}`]] };
}

export function scoped(scope: string): Request {
  return (keys) => withKey(keys.scoped[scope] ?? '');
}
