import { isObject, textsOf } from '../document/json.ts';
import { valueAt, withoutValueAt, withValueAt } from '../document/pointers.ts';
import type { Operation } from '../types/api.ts';
import type { Behaviour } from '../types/behaviour.ts';
import type { MockResponse } from '../types/http.ts';
import type { JsonObject } from '../types/json.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { KeyAction, KeyOperation, ManagedKey, Place } from '../types/lifecycle.ts';
import type { Refusal } from '../types/refusal.ts';
import type { MockRequest } from '../types/request.ts';
import { createKey, findKey, type KeyWish, revokeKey, rollKey, updateKey } from './managed-keys.ts';

interface Call {
  readonly request: MockRequest;
  readonly stages: Behaviour;
  readonly described: KeyOperation;
  /** Of the path; the empty text where the operation takes none. */
  readonly id: string;
  readonly sent: unknown;
  /** The key of whoever asks. */
  readonly by: IssuedKey | undefined;
}

/**
 * Carries out an operation that manages keys.
 *
 * @returns undefined for every other operation, and for the key that the document shows: that is one to look at
 */
export async function manageKeys(
  request: MockRequest,
  stages: Behaviour,
  { operation, parameters }: { readonly operation: Operation; readonly parameters: Readonly<Record<string, string>> },
  by: IssuedKey | undefined,
): Promise<MockResponse | Refusal | undefined> {
  const described = request.state.api.lifecycle?.operations[operation.id];
  if (!described) return undefined;
  const sent = parsed(await request.body());
  const id = idIn(request, described, parameters, sent);
  const shown = operation.parameters.find((one) => one.in === 'path' && one.name === idName(described))?.example;
  if (id !== '' && id === shown) return undefined;
  const call = { request, stages, described, id, sent, by };
  const done = carryOut(call);
  if ('reason' in done) return done;
  const response = stages.succeed(request, operation, by);
  return isObject(response.body) ? filled(call, { ...response, body: response.body }, done) : response;
}

function idIn(
  { query }: MockRequest,
  { idPlace }: KeyOperation,
  parameters: Readonly<Record<string, string>>,
  sent: unknown,
): string {
  switch (idPlace?.in) {
    case undefined:
      return '';
    case 'path':
      return parameters[idPlace.name] ?? '';
    case 'query':
      return new URLSearchParams(query).get(idPlace.name) ?? '';
    case 'body': {
      const found = valueAt(sent, idPlace.pointer);
      return typeof found === 'string' ? found : '';
    }
  }
}

function idName({ idPlace }: KeyOperation): string | undefined {
  return idPlace?.in === 'path' ? idPlace.name : undefined;
}

interface Done {
  readonly key: ManagedKey;
  readonly secret?: string;
}

function carryOut({ request, stages, described, id, sent, by }: Call): Done | Refusal {
  switch (described.action) {
    case 'create':
      return createKey(request, stages, by, wishOf(request, described, sent));
    case 'roll':
      return rollKey(request, stages, by, id);
    case 'update':
      return asDone(updateKey(request, stages, by, { id, scopes: scopesIn(described, sent) }));
    case 'revoke':
      return asDone(revokeKey(request, stages, id));
    case 'read':
      return asDone(findKey(request, stages, id));
  }
}

function asDone(found: ManagedKey | Refusal): Done | Refusal {
  return 'reason' in found ? found : { key: found };
}

function wishOf({ state }: MockRequest, described: KeyOperation, sent: unknown): KeyWish {
  const seconds = sentAt(sent, described.expiresIn);
  const instant = sentAt(sent, described.expiresAt);
  const scopes = scopesIn(described, sent);
  if (typeof seconds === 'number') return { scopes, expiresAt: state.clock.now() + seconds * 1000 };
  return { scopes, expiresAt: typeof instant === 'string' ? Date.parse(instant) : undefined };
}

function scopesIn({ scopes }: KeyOperation, sent: unknown): readonly string[] | undefined {
  const found = sentAt(sent, scopes);
  return Array.isArray(found) ? textsOf(found) : undefined;
}

function sentAt(sent: unknown, place: Place | undefined): unknown {
  return place?.in === 'body' ? valueAt(sent, place.pointer) : undefined;
}

/** The sample of the document with what is true of the key in it. */
function filled(
  { request, stages, described }: Call,
  sample: MockResponse & { readonly body: JsonObject },
  { key, secret }: Done,
): MockResponse {
  const { api } = request.state;
  const own = Object.values(api.lifecycle?.operations ?? {});
  const placeOf = (name: 'id' | 'secret' | 'lastUsed' | 'scopes', action: KeyAction): Place | undefined =>
    (name === 'scopes' ? undefined : described[name]) ?? own.find((one) => one.action === action)?.[name];
  const told = stages.tell(request, key);
  const lastUsed = told.lastUsedAt === undefined ? null : new Date(told.lastUsedAt).toISOString();
  return [
    { place: placeOf('id', 'create'), value: key.id },
    { place: placeOf('scopes', 'read'), value: told.scopes === 'all' ? api.scopes : told.scopes },
    { place: placeOf('lastUsed', 'read'), value: lastUsed },
    { place: placeOf('secret', 'create'), value: secret ?? told.secret },
  ].reduce((made, { place, value }) => withValue(made, place, value), sample);
}

/** @param value undefined: the response has no such member */
function withValue<Response extends MockResponse & { readonly body: JsonObject }>(
  response: Response,
  place: Place | undefined,
  value: unknown,
): Response {
  if (place === undefined) return response;
  if (place.in === 'body') {
    const { body } = response;
    const { pointer } = place;
    return {
      ...response,
      body: value === undefined ? withoutValueAt(body, pointer) : withValueAt(body, pointer, value),
    };
  }
  const text = Array.isArray(value) ? value.join(' ') : value;
  if (typeof text !== 'string') return response;
  return { ...response, headers: [...response.headers, [place.name, text]] };
}

/** The value undefined stands for a body that is none, and for a text that is no JSON. */
function parsed(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString() ?? '') as unknown;
  } catch {
    return undefined;
  }
}
