import type { Contract } from '../../model/contract.ts';
import type { KeyRuleId } from '../../model/key-lifecycle.ts';
import type { Target } from '../../model/target.ts';
import { DEFAULT_WATCH, partsFor } from './ask-keys.ts';
import { candidates, MOST_OPERATIONS } from './choose-operations.ts';
import { LIFETIME } from './parts/expiring.ts';
import { LONGEST_START } from '../../judging/keys/samples.ts';
import { roundsWithin, WATCH_INTERVAL } from './rounds.ts';
import { CONNECTIONS, waysOf } from './sampler.ts';

interface Planned {
  readonly requests: number;
  readonly seconds: number;
}

/** Requests beside those that show keys: to choose operations, to make keys and to revoke them. */
const AROUND = 60;

/**
 * The most that asking about keys over time takes: where every key goes on opening for as long as it is watched. Where the API
 * is sound it takes about a third of the requests and two thirds of the time.
 *
 * @param rules ids of those that are asked about
 */
export function planKeys(contract: Contract, { run }: Target, rules?: ReadonlySet<string>): Planned {
  const watch = run.keyWatch ?? DEFAULT_WATCH;
  const { promises = {} } = contract.lifecycle ?? {};
  const { revokedWithin = 0, overlap = 0, scopeChangeWithin = 0, expiresWithin = 0, lastUsedWithin } = promises;
  const ways = candidates(contract)
    .slice(0, MOST_OPERATIONS)
    .map((operation) => waysOf(contract, operation).length);
  // Each connection, and the full-access key after a refusal.
  const each = CONNECTIONS + 1;
  const sweep = ways.reduce((sum, count) => sum + count, 0) * each;
  const round = Math.max(0, ...ways) * each;
  /** A change is awaited, and then the key is watched. */
  const change = (promised: number): Planned => ({
    requests: 3 * sweep + roundsWithin(promised + watch) * round + Math.ceil(watch / WATCH_INTERVAL) * each,
    seconds: promised + 2 * watch,
  });
  const before = (seconds: number, keys: number): Planned => ({
    requests: 2 * sweep + Math.ceil(seconds / WATCH_INTERVAL) * keys * each,
    seconds,
  });
  const reads = lastUsedWithin ?? watch;
  const parts: Readonly<Record<ReturnType<typeof partsFor>[number], readonly Planned[]>> = {
    revoked: [before(LONGEST_START, 1), change(revokedWithin)],
    rolled: [before(overlap, 2), change(revokedWithin)],
    scoped: [before(LONGEST_START, 1), change(scopeChangeWithin)],
    expiring: [before(LIFETIME, 1), change(expiresWithin)],
    escalation: [before(LONGEST_START, 1)],
    lastUse: [{ requests: roundsWithin(reads), seconds: reads }],
  };
  const wanted = partsFor(rules as ReadonlySet<KeyRuleId> | undefined).map((name) => ({
    requests: parts[name].reduce((sum, { requests }) => sum + requests, 0),
    seconds: parts[name].reduce((sum, { seconds }) => sum + seconds, 0),
  }));
  return {
    requests: AROUND + wanted.reduce((sum, { requests }) => sum + requests, 0),
    // All parts go on at once.
    seconds: Math.ceil(Math.max(0, ...wanted.map(({ seconds }) => seconds))),
  };
}
