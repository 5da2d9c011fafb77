import { isSuccess } from '../../judging/expectations.ts';
import type { Contract, Operation } from '../../model/contract.ts';
import type { Target } from '../../model/target.ts';
import { allowsAnonymous } from '../../openapi/security.ts';
import { NotSent } from '../../requests/not-sent.ts';
import { type Sampler, type Way, waysOf } from './sampler.ts';

/** Operations that keys are shown to. */
export const MOST_OPERATIONS = 3;
/** Operations that are tried for it. */
const MOST_TRIED = 10;

/**
 * Safe operations that take the key, those first that ask for scopes of their own: so that a change of scopes shows, and so
 * that not all of them are in one cache.
 */
export function candidates({ operations, lifecycle, ...contract }: Contract): readonly Operation[] {
  const aboutKeys = new Set(Object.values(lifecycle?.operations ?? {}).map(({ operation }) => operation));
  const whole = { ...contract, operations, ...(lifecycle && { lifecycle }) };
  const suitable = operations.filter(
    (operation) =>
      operation.method === 'GET' &&
      operation.ownServer === undefined &&
      !allowsAnonymous(operation) &&
      !aboutKeys.has(operation.id) &&
      waysOf(whole, operation).length > 0,
  );
  const seen = new Set<string>();
  const isNew = ({ scopes }: Operation): boolean => {
    const name = scopes.join(' ');
    const isFirst = !seen.has(name);
    seen.add(name);
    return isFirst;
  };
  const hasNoId = suitable.filter(({ path }) => !path.includes('{'));
  const inOrder = [...hasNoId, ...suitable.filter((one) => !hasNoId.includes(one))];
  const first = inOrder.filter(isNew);
  return [...first, ...inOrder.filter((one) => !first.includes(one))].slice(0, MOST_TRIED);
}

/** Of the candidates those that open for the full-access key in each form, and not without a key. */
export async function chooseOperations(
  contract: Contract,
  sampler: Sampler,
  signal?: AbortSignal,
): Promise<readonly { readonly operation: Operation; readonly ways: readonly Way[] }[]> {
  const chosen: { readonly operation: Operation; readonly ways: readonly Way[] }[] = [];
  for (const operation of candidates(contract)) {
    if (chosen.length >= MOST_OPERATIONS || signal?.aborted === true) break;
    const ways = await openWays(waysOf(contract, operation), sampler);
    if (ways.length > 0) chosen.push({ operation, ways });
  }
  return chosen;
}

async function openWays(ways: readonly Way[], sampler: Sampler): Promise<readonly Way[]> {
  const [first] = ways;
  if (!first) return [];
  try {
    const open: Way[] = [];
    for (const way of ways) {
      const { response } = await sampler.control(way);
      if (response && isSuccess(response)) open.push(way);
    }
    const { response: without } = await sampler.withoutKey(first);
    return without && [401, 403].includes(without.status) ? open : [];
  } catch (error) {
    if (error instanceof NotSent) return [];
    throw error;
  }
}

/** Two of the operations of which each asks for scopes that the other one does without. */
export function scopePair<Chosen extends { readonly operation: Operation }>(
  chosen: readonly Chosen[],
): readonly [Chosen, Chosen] | undefined {
  const sure = chosen.filter(
    ({ operation: { scopes, scopePromise } }) => scopes.length > 0 && scopePromise.level === 'MUST',
  );
  for (const one of sure)
    for (const other of sure)
      if (lacks(one.operation.scopes, other.operation) && lacks(other.operation.scopes, one.operation))
        return [one, other];
  return undefined;
}

/** Whether scopes are not enough for an operation. */
export function lacks(scopes: readonly string[], operation: Operation): boolean {
  return operation.scopes.some((scope) => !scopes.includes(scope));
}

/** Whether the run makes keys at all: a lifecycle is given, and the environment is a sandbox. */
export function makesKeys(contract: Contract, { policy, keyCommand, run }: Target): boolean {
  const isGiven = keyCommand !== undefined || contract.lifecycle?.operations.create !== undefined;
  return isGiven && !policy.production && run.keyWatch !== 0;
}
