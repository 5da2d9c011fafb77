import type { Behaviour, Patch, Setup } from './behaviour.ts';
import type { Call } from './call.ts';

/** Where a defect applies; an empty confinement is everywhere. */
export interface Confinement {
  /** Id of an operation: `GET /contacts`. */
  readonly operation?: string | undefined;
  /** Form in which the key is presented: a scheme's name, or `bearer`. */
  readonly form?: string | undefined;
}

type Stage = (call: Call, ...rest: unknown[]) => unknown;

/** Settled before there is any request to tell apart. */
const SETUP: Readonly<Record<keyof Setup, true>> = { certificate: true, oldestTls: true, secret: true };

/** Whether requests decide where the patch applies. */
export function isConfinable(patch: Patch, behaviour: Behaviour): boolean {
  return !Object.keys(patch(behaviour)).some((name) => Object.hasOwn(SETUP, name));
}

export class ConfinementError extends Error {}

/** The behaviour with a patch on it; outside of `isWithin` each stage is as it was. */
export function patched(behaviour: Behaviour, patch: Patch, isWithin?: (call: Call) => boolean): Behaviour {
  const changes = patch(behaviour);
  if (!isWithin) return { ...behaviour, ...changes };
  const confined = Object.entries(changes).map(([name, changed]) => {
    if (Object.hasOwn(SETUP, name))
      throw new ConfinementError(`${name} is settled before any request, so nothing confines it`);
    const usual = behaviour[name as keyof Behaviour] as Stage;
    const stage: Stage = (call, ...rest) => (isWithin(call) ? (changed as Stage) : usual)(call, ...rest);
    return [name, stage];
  });
  return { ...behaviour, ...(Object.fromEntries(confined) as Partial<Behaviour>) };
}
