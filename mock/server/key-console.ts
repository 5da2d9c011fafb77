import { randomBytes } from 'node:crypto';
import { isObject, textsOf } from '../document/json.ts';
import type { EnvironmentName } from '../types/api.ts';
import type { Behaviour } from '../types/behaviour.ts';
import type { IncomingRequest, MockResponse } from '../types/http.ts';
import type { JsonObject } from '../types/json.ts';
import type { ManagedKey } from '../types/lifecycle.ts';
import type { Refusal } from '../types/refusal.ts';
import type { MockRequest } from '../types/request.ts';
import type { ServerState } from '../types/state.ts';
import { listen, type Listener } from './listener.ts';
import { createKey, findKey, managedKeys, revokeKey, rollKey, updateKey } from './managed-keys.ts';
import { requestOf } from './request.ts';

/** Where a person manages keys, beside the API, as a web page is it for most APIs. */
export interface KeyConsole extends Listener {
  /** The address for one environment. Whoever knows it may do everything. */
  readonly urlOf: (environment: EnvironmentName) => string;
}

/** Listens on the loopback interface, over plain HTTP, behind a path that nobody can guess. */
export async function openConsole(state: ServerState, stages: Behaviour, port: number): Promise<KeyConsole> {
  const path = `/${randomBytes(16).toString('hex')}/`;
  const answer = async (incoming: IncomingRequest): Promise<MockResponse> => {
    const environment = incoming.target.startsWith(path) ? incoming.target.slice(path.length) : '';
    const isKnown = state.api.environments.some(({ name }) => name === environment);
    if (!isKnown || incoming.method !== 'POST') return said(404, { error: 'Nothing is here.' });
    const request = requestOf(state, environment, false, incoming);
    const wish = parsed(await incoming.body());
    const [status, body] = wish ? carriedOut(request, stages, wish) : [400, { error: 'This is no object of JSON.' }];
    return said(status, body);
  };
  const listener = await listen({
    port,
    respond: answer,
    refuseMalformed: () => said(400, { error: 'This is no HTTP.' }),
  });
  return { ...listener, urlOf: (environment) => `http://127.0.0.1:${listener.port}${path}${environment}` };
}

function carriedOut(request: MockRequest, stages: Behaviour, wish: JsonObject): readonly [number, JsonObject] {
  const { action, id = '', scopes, expiresIn } = wish;
  const known = typeof id === 'string' ? id : '';
  const wanted = Array.isArray(scopes) ? textsOf(scopes) : undefined;
  switch (action) {
    case 'create': {
      const expiresAt = typeof expiresIn === 'number' ? request.state.clock.now() + expiresIn * 1000 : undefined;
      return made(createKey(request, stages, undefined, { scopes: wanted, expiresAt }));
    }
    case 'roll':
      return made(rollKey(request, stages, undefined, known));
    case 'update':
      return done(updateKey(request, stages, undefined, { id: known, scopes: wanted }));
    case 'revoke':
      // Whoever takes back a key twice has what they want.
      return managedKeys(request).some((key) => key.id === known && key.revokedAt !== undefined)
        ? [200, {}]
        : done(revokeKey(request, stages, known));
    case 'read': {
      const found = findKey(request, stages, known);
      return 'reason' in found ? done(found) : [200, shown(request, stages, found)];
    }
    case 'list':
      return [200, { keys: managedKeys(request).map((key) => ({ id: key.id, ...shown(request, stages, key) })) }];
    default:
      return [400, { error: 'The action is none of create, roll, update, revoke, read and list.' }];
  }
}

function made(result: ReturnType<typeof createKey>): readonly [number, JsonObject] {
  return 'reason' in result ? done(result) : [200, { id: result.key.id, secret: result.secret }];
}

function done(result: ManagedKey | Refusal): readonly [number, JsonObject] {
  if (!('reason' in result)) return [200, {}];
  if (result.reason === 'unknownId') return [404, { error: 'No key has this id.' }];
  return [400, { error: 'The mock has no such scope, or the key would end before it begins.' }];
}

function shown(request: MockRequest, stages: Behaviour, key: ManagedKey): JsonObject {
  const { scopes, lastUsedAt } = stages.tell(request, key);
  return {
    scopes: scopes === 'all' ? request.state.api.scopes : scopes,
    lastUsedAt: asInstant(lastUsedAt),
    expiresAt: asInstant(key.expiresAt),
    revokedAt: asInstant(key.revokedAt),
  };
}

function asInstant(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}

function said(status: number, body: JsonObject): MockResponse {
  return { status, headers: [['Content-Type', 'application/json']], body };
}

function parsed(body: Buffer | undefined): JsonObject | undefined {
  try {
    const value = JSON.parse(body?.toString() ?? '') as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
