import type { Patch } from '../types/behaviour.ts';
import type { KeyPromises, ManagedKey } from '../types/lifecycle.ts';
import type { MockRequest } from '../types/request.ts';

/** The promise about keys in milliseconds; zero where the document does not make it. */
export function promised({ state }: MockRequest, name: keyof KeyPromises): number {
  return (state.api.lifecycle?.promises[name] ?? 0) * 1000;
}

/** Milliseconds since a managed key was revoked; undefined where it was not, or is none. */
export function sinceRevocation({ state }: MockRequest, key: ManagedKey | undefined): number | undefined {
  return key?.revokedAt === undefined ? undefined : state.clock.now() - key.revokedAt;
}

/**
 * A cache of the keys that were not revoked when they were looked up.
 *
 * @param lifetimeOf of what it holds, in milliseconds
 */
export function cachingRevocations(lifetimeOf: (request: MockRequest) => number): Patch {
  return (sound) => {
    const until = new WeakMap<ManagedKey, number>();
    return {
      isActive: (request, key) => {
        const now = request.state.clock.now();
        const managed = key.managed?.key;
        if (managed && now < (until.get(managed) ?? 0)) return true;
        const isActive = sound.isActive(request, key);
        if (managed && isActive) until.set(managed, now + lifetimeOf(request));
        return isActive;
      },
    };
  };
}

/**
 * Several nodes behind a balancer that gives each connection to the next of them.
 *
 * @param isLate whether the node with this number, from 0, still takes a key that was revoked so many milliseconds ago
 */
export function nodes(count: number, isLate: (node: number, since: number, request: MockRequest) => boolean): Patch {
  return (sound) => {
    const nodeOf = new WeakMap<object, number>();
    let next = 0;
    return {
      isActive: (request, key) => {
        const node = nodeOf.get(request.connection) ?? next++ % count;
        nodeOf.set(request.connection, node);
        const since = sinceRevocation(request, key.managed?.key);
        return (since !== undefined && isLate(node, since, request)) || sound.isActive(request, key);
      },
    };
  };
}

/**
 * Changes of scopes that count only after a while.
 *
 * @param delayOf in milliseconds
 * @param keeps the scopes that count until then
 */
export function delayingScopes(
  delayOf: (request: MockRequest) => number,
  keeps: (before: ManagedKey['scopes'], after: ManagedKey['scopes']) => ManagedKey['scopes'] = (before) => before,
): Patch {
  return (sound) => {
    const waiting = new WeakMap<ManagedKey, { readonly scopes: ManagedKey['scopes']; readonly until: number }>();
    return {
      changeScopes: (request, key, scopes) => {
        const until = request.state.clock.now() + delayOf(request);
        waiting.set(key, { scopes: keeps(key.scopes, scopes), until });
        sound.changeScopes(request, key, scopes);
      },
      isPermitted: (request, key, operation) => {
        const kept = key.managed && waiting.get(key.managed.key);
        if (!kept || request.state.clock.now() >= kept.until) return sound.isPermitted(request, key, operation);
        return sound.isPermitted(request, { ...key, scopes: kept.scopes }, operation);
      },
    };
  };
}
