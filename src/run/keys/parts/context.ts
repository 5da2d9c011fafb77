import { LONGEST_START } from '../../../judging/keys/samples.ts';
import type { Contract } from '../../../model/contract.ts';
import type { Clock } from '../../../model/clock.ts';
import type { KeyPromises } from '../../../model/key-lifecycle.ts';
import type { Change, NotAsked } from '../../../model/key-observations.ts';
import type { Operation } from '../../../model/contract.ts';
import type { Kept, KeyWish, MadeKey } from '../keeper.ts';
import { KeyLog } from '../key-log.ts';
import type { KeyRing } from '../key-ring.ts';
import type { AskedKey, Rounds } from '../rounds.ts';
import type { Sampler, Way } from '../sampler.ts';

/** An operation that keys are shown to, with the forms in which it takes them. */
export interface Chosen {
  readonly operation: Operation;
  readonly ways: readonly Way[];
}

/** What every part of the asking works with. */
export interface Context {
  readonly contract: Contract;
  readonly clock: Clock;
  readonly sampler: Sampler;
  readonly rounds: Rounds;
  readonly ring: KeyRing;
  readonly promises: KeyPromises;
  readonly chosen: readonly Chosen[];
  /** Seconds that a key is watched after a change, and that a change is awaited of which nothing is promised. */
  readonly watch: number;
  /** Gives the line of a key to the report. */
  readonly keep: (log: KeyLog) => void;
}

export interface NewKey {
  readonly key: AskedKey;
  readonly id: string;
  readonly made: Change;
  readonly hasAllScopes: boolean;
}

/** The times of a change in seconds since the asking began. */
export function changeOf(sampler: Sampler, { sentAt, at }: { readonly sentAt: number; readonly at: number }): Change {
  return { order: sampler.order, sentAt: sampler.seconds(sentAt), at: sampler.seconds(at) };
}

/**
 * Makes a key, with all scopes where nothing else is wished and there is a way to say so.
 *
 * @param what is going to become of it: `revoked`
 */
export async function newKey(
  context: Context,
  what: string,
  ways: readonly Way[],
  wish: KeyWish = {},
): Promise<NewKey | NotAsked> {
  const { contract, ring, sampler, keep } = context;
  const scopes = wish.scopes ?? (ring.keeper.setsScopes && contract.scopes.length > 0 ? contract.scopes : undefined);
  let hasScopes = scopes !== undefined;
  let made = await ring.make({ ...wish, ...(scopes && { scopes }) });
  if (made.value === undefined && made.outcome === 'not applicable' && scopes && wish.scopes === undefined) {
    hasScopes = false;
    made = await ring.make(wish);
  }
  if (made.value === undefined) return made;
  const log = new KeyLog(`key ${made.number}, ${what}`);
  const change = changeOf(sampler, made);
  log.note(change.at, 'made');
  keep(log);
  const { id, secret } = made.value;
  return {
    key: { secret, log, ways },
    id,
    made: change,
    hasAllScopes: wish.scopes === undefined && (hasScopes || contract.scopes.length === 0),
  };
}

/** The line of the key that a roll gave. */
export function rolledKey(
  { sampler, keep }: Context,
  rolled: Extract<Kept<MadeKey>, { value: MadeKey }> & { readonly number: number },
  what: string,
  ways: readonly Way[],
): AskedKey {
  const log = new KeyLog(`key ${rolled.number}, ${what}`);
  log.note(sampler.seconds(rolled.at), 'made by a roll');
  keep(log);
  return { secret: rolled.value.secret, log, ways };
}

/**
 * Shows a new key on every connection in every form, so that every cache has it, and again until it opens.
 *
 * @returns the key with the ways in which it opens on each connection: a refusal elsewhere would show nothing
 */
export async function* warmed({ rounds, sampler, watch }: Context, key: AskedKey): AsyncGenerator<number, AskedKey> {
  const longest = Math.min(watch, LONGEST_START);
  const ways = yield* rounds.until(key, () => 'opened', { from: sampler.now, longest });
  return { ...key, ways: key.ways.filter((way) => ways.includes(way)) };
}

/** Why a part has nothing to show: the key opens nothing. */
export function neverOpened({ log }: AskedKey): NotAsked {
  const last = log.samples.at(-1);
  const got = last?.status ?? last?.reason ?? 'no response';
  return { outcome: 'not proven', reason: `the key that was made for it never opened anything: it got ${got}` };
}
