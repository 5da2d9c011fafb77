import type { LastUsePart, NotAsked } from '../../../model/key-observations.ts';
import type { Play } from '../plays.ts';
import { SAMPLING_INTERVAL } from '../rounds.ts';
import { type Context, neverOpened, newKey } from './context.ts';

/** Seconds: a server may keep the time in whole ones. */
const ROUNDING = 1;

/** A key is made and used once: who reads it is to be told. */
export async function* lastUsePart(context: Context, found: (part: LastUsePart | NotAsked) => undefined): Play {
  const { contract, ring, rounds, sampler, promises, chosen, watch } = context;
  const { keeper } = ring;
  const read = keeper.operations.read ?? chosen[0]?.operation.id ?? '';
  if (keeper.kind === 'operations' && contract.lifecycle?.operations.read?.lastUsed === undefined) {
    found({
      outcome: 'not applicable',
      reason: 'the contract names no place that tells when a key was last used',
    });
    return;
  }
  const made = await newKey(context, 'used and read', chosen.flatMap(({ ways }) => ways.slice(0, 1)).slice(0, 1));
  if (!('key' in made)) {
    found(made);
    return;
  }
  const { key } = made;
  const opened = yield* rounds.until(key, () => 'opened', { from: sampler.now, longest: Math.min(watch, 10) });
  if (opened.length === 0) {
    found(neverOpened(key));
    return;
  }
  const last = key.log.samples.findLast(({ what }) => what === 'opened');
  const used = { order: sampler.order, sentAt: last?.at ?? sampler.now, at: sampler.now };
  key.log.note(used.at, 'used');
  key.log.change = used;
  const { lastUsedWithin } = promises;
  if (lastUsedWithin !== undefined)
    key.log.promise = { name: 'lastUsedWithin', seconds: lastUsedWithin, from: used.at };
  const tolerance = ROUNDING + (sampler.skew.within ?? ROUNDING);
  const told: LastUsePart['told'][number][] = [];
  const end = used.at + (lastUsedWithin ?? watch);
  for (let isLast = false; ;) {
    const at = sampler.now;
    const kept = await ring.read(made.id);
    if (kept.value === undefined) {
      found(kept);
      return;
    }
    const { lastUsed } = kept.value;
    const time = typeof lastUsed === 'number' ? sampler.seconds(lastUsed) - (sampler.skew.seconds ?? 0) : lastUsed;
    told.push({ at, lastUsed: time, ...(kept.exchange && { exchange: kept.exchange }) });
    found({ operation: read, key: key.log, used, told: [...told], tolerance });
    if (isLast || (typeof time === 'number' && time >= used.sentAt - tolerance)) return;
    const next = at + Math.max(SAMPLING_INTERVAL, (at - used.at) * 0.1);
    isLast = next > end;
    yield rounds.at(isLast ? Math.max(end, at) + 0.05 : next);
  }
}
