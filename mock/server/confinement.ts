import type { Behaviour, Patch, Setup } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';

/** Where a defect applies; an empty confinement is everywhere. */
export interface Confinement {
  /** Id of an operation: `GET /contacts`. */
  readonly operation?: string | undefined;
  /** Form in which the key is presented: a scheme's name, or `bearer`. */
  readonly form?: string | undefined;
}

type Stage = (request: MockRequest, ...rest: unknown[]) => unknown;

/** Settled before there is any request to tell apart. */
const SETUP: Readonly<Record<keyof Setup, true>> = {
  certificate: true,
  oldestTls: true,
  secret: true,
  issuesScopelessKey: true,
  issuesKeysOfSeveralScopes: true,
  issuesOtherAccountKey: true,
  speaksHttp2: true,
  continues: true,
};

/** A confinement that fits nothing, in one sentence for the person who asked for it. */
export class ConfinementError extends Error {}

/**
 * The behaviour with a patch. Where `isWithin` is given, a patched stage treats every other request as before.
 *
 * @throws ConfinementError where the patch changes what no request can confine
 */
export function patched(behaviour: Behaviour, patch: Patch, isWithin?: (request: MockRequest) => boolean): Behaviour {
  const changes = patch(behaviour);
  if (!isWithin) return { ...behaviour, ...changes };
  const confined = Object.entries(changes).map(([name, changed]) => {
    if (Object.hasOwn(SETUP, name))
      throw new ConfinementError(`${name} is settled before any request, so nothing confines it`);
    const usual = behaviour[name as keyof Behaviour] as Stage;
    const stage: Stage = (request, ...rest) => (isWithin(request) ? (changed as Stage) : usual)(request, ...rest);
    return [name, stage];
  });
  return { ...behaviour, ...(Object.fromEntries(confined) as Partial<Behaviour>) };
}
