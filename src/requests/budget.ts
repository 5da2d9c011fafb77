import type { Operation } from '../model/contract.ts';
import { NotSent } from './not-sent.ts';
import { controlIds, type Probe } from './plan-operation.ts';

export interface Budget {
  /** The most requests that a run may plan. */
  readonly requests: number;
  /** Chooses which probes are sent this time where not all fit. The next number goes on where this one ended. */
  readonly seed: number;
}

/** All probes of a run, by operation. */
export type ProbesByOperation = ReadonlyMap<string, readonly Probe[]>;

/**
 * Leaves out what the budget does not cover. The essential probes are kept first, in the order given, then the rest from
 * a place that the seed moves on, so that successive seeds come to cover everything. A probe is kept with its control.
 *
 * @param essential probe ids of an operation in order of importance; every operation gets its first before any its second
 * @param variable the environment variable of the budget, for the reason
 */
export function withinBudget(
  probes: ProbesByOperation,
  essential: (operation: string) => readonly string[],
  { requests, seed }: Budget,
  variable: string,
): ProbesByOperation {
  const kept = new Set<Probe>();
  let left = requests;
  const keep = (probe: Probe, all: readonly Probe[]): void => {
    const wanted = [probe, ...controlsOf(probe, all)].filter((one) => one.request && !kept.has(one));
    if (costOf(wanted) > left) return;
    left -= costOf(wanted);
    for (const one of wanted) kept.add(one);
  };
  const operations = [...probes];
  const longest = Math.max(0, ...operations.map(([operation]) => essential(operation).length));
  for (let rank = 0; rank < longest; rank++) {
    for (const [operation, all] of operations) {
      const probe = all.find(({ id }) => id === essential(operation)[rank]);
      if (probe) keep(probe, all);
    }
  }
  const rest = operations.flatMap(([, all]) =>
    all.filter((probe) => probe.request && !kept.has(probe)).map((probe) => ({ probe, all })),
  );
  // One operation after another would leave the last ones out night after night.
  const spread = rest.toSorted((a, b) => spreadRank(a.probe) - spreadRank(b.probe));
  // Each step is one that is sure to be covered, since a probe takes its control along: so no seed leaves a gap.
  const dearest = Math.max(1, ...rest.map(({ probe, all }) => costOf([probe, ...controlsOf(probe, all)])));
  const step = Math.max(1, Math.floor(left / dearest));
  const start = spread.length === 0 ? 0 : (seed * step) % spread.length;
  for (const { probe, all } of [...spread.slice(start), ...spread.slice(0, start)]) keep(probe, all);
  const leftOut = new NotSent('budget', `left out by ${variable}`, variable);
  return new Map(
    operations.map(([operation, all]) => [
      operation,
      all.map((probe) => (probe.request && !kept.has(probe) ? without(probe, leftOut) : probe)),
    ]),
  );
}

/** Requests at the most: some are sent after another one. */
function costOf(probes: readonly Probe[]): number {
  return probes.reduce((sum, { request }) => sum + (request?.earlier ? 2 : 1), 0);
}

function controlsOf(probe: Probe, all: readonly Probe[]): Probe[] {
  const [control] = controlIds(probe);
  return all.filter(({ id }) => id === control).slice(0, 1);
}

function without({ id, case: one, alternative, operation }: Probe, notSent: NotSent): Probe {
  return { id, case: one, alternative, operation, notSent };
}

/** A number that depends on nothing but the probe's name and scatters neighbours. */
function spreadRank({ id, operation }: { readonly id: string; readonly operation: Operation }): number {
  let hash = 2166136261;
  for (const byte of Buffer.from(`${operation.id} ${id}`)) hash = Math.imul(hash ^ byte, 16777619);
  return hash >>> 0;
}
