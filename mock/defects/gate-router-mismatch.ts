import { basePathOf } from '../server/request.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { RouteMatch } from '../types/state.ts';

/** How a gate reads paths: as they were sent, except for letters that are percent-encoded without need. */
interface Gate {
  /** The text that it compares with the paths of the document; absent: the path with its letters decoded. */
  readonly seen?: (path: string) => string;
  /** Paths that it takes for unknown although they fit a template with an id in it. */
  readonly misses?: (path: string) => boolean;
}

/**
 * A gate that asks for a key on the paths it knows, before a router that finds operations by more spellings. A path that is
 * no operation to the router either needs a key as well.
 *
 * @param read the path that the router reads instead of one that the gate does not know
 */
export function pathMismatch(
  read: (path: string, base: string) => string,
  { seen, misses = () => false }: Gate = {},
): Patch {
  return (sound) => {
    const isKnown = (request: MockRequest): boolean => {
      const base = basePathOf(request);
      const path = seen ? seen(request.path) : request.path;
      if (misses(request.path) || !path.startsWith(`${base}/`)) return false;
      return request.state.router.isWritten(path.slice(base.length), seen === undefined);
    };
    const matchRoute = (request: MockRequest): RouteMatch =>
      sound.matchRoute(isKnown(request) ? request : { ...request, path: read(request.path, basePathOf(request)) });
    return {
      matchRoute,
      isGuarded: (request) =>
        sound.isGuarded(request) && (isKnown(request) || matchRoute(request).kind !== 'operation'),
    };
  };
}
