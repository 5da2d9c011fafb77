import type { Patch } from '../behaviour.ts';
import { basePathOf, type Call } from '../call.ts';
import type { Routed } from '../routes.ts';

/** How a gate looks at paths; by default as they were sent, but for letters that are encoded without need. */
interface Gate {
  /** What it compares with the paths of the contract, byte by byte. */
  readonly seen?: (path: string) => string;
  /** What it does not know, although an id could be spelt like that: any text is an id to it otherwise. */
  readonly misses?: (path: string) => boolean;
}

/**
 * A router that reads more into a path than the gate before it. What is no operation stays behind the gate: it is the
 * last in a list that ends with "and everything else".
 *
 * @param read what the router makes of a path that the gate does not know
 */
export function gap(read: (path: string, base: string) => string, { seen, misses = () => false }: Gate = {}): Patch {
  return (sound) => {
    const isKnown = (call: Call): boolean => {
      const base = basePathOf(call);
      const path = seen ? seen(call.path) : call.path;
      if (misses(call.path) || !path.startsWith(`${base}/`)) return false;
      return call.world.routes.isWritten(path.slice(base.length), seen === undefined);
    };
    const routeOf = (call: Call): Routed =>
      sound.routeOf(isKnown(call) ? call : { ...call, path: read(call.path, basePathOf(call)) });
    return {
      routeOf,
      isGuarded: (call) => sound.isGuarded(call) && (isKnown(call) || routeOf(call).kind !== 'operation'),
    };
  };
}
