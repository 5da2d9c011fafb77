import type { Patch } from '../types/behaviour.ts';
import type { MockResponse } from '../types/http.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { MockRequest } from '../types/request.ts';
import { withHeader } from './patches.ts';

/** A cache of the keys that were accepted, before the store: it finds a key by the name that it gives to what was sent. */
export function cachingAccepted(nameOf: (sent: string) => string): Patch {
  return (sound) => {
    const accepted = new Map<string, IssuedKey>();
    return {
      lookUp: (request, sent, environment) => {
        const name = `${environment} ${nameOf(sent)}`;
        const kept = accepted.get(name);
        if (kept) return kept;
        const key = sound.lookUp(request, sent, environment);
        if (key && sound.isActive(request, key)) accepted.set(name, key);
        return key;
      },
    };
  };
}

/** A cache of what was decided about permissions. */
export function cachingPermissions(nameOf: (key: IssuedKey, operation: string) => string): Patch {
  return (sound) => {
    const decided = new Map<string, boolean>();
    return {
      isPermitted: (request, key, operation) => {
        const name = nameOf(key, operation.id);
        const isPermitted = decided.get(name) ?? sound.isPermitted(request, key, operation);
        decided.set(name, isPermitted);
        return isPermitted;
      },
    };
  };
}

/**
 * A cache before the API that keeps the first refusal of each name.
 *
 * @param nameOf undefined for what is not kept
 */
export function cachingRefusals(nameOf: (request: MockRequest) => string | undefined): Patch {
  return (sound) => {
    const kept = new Map<string, MockResponse>();
    return {
      shortCircuit: (request) => {
        const name = request.method === 'GET' ? nameOf(request) : undefined;
        const response = name === undefined ? undefined : kept.get(name);
        return response ? withHeader(response, ['Age', '1'], ['X-Cache', 'HIT']) : sound.shortCircuit(request);
      },
      refuse: (request, refusal) => {
        const response = sound.refuse(request, refusal);
        const name = request.method === 'GET' ? nameOf(request) : undefined;
        if (name !== undefined && [401, 403].includes(response.status) && !kept.has(name)) kept.set(name, response);
        return response;
      },
    };
  };
}
