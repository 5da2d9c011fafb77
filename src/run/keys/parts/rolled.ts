import { LONGEST_START } from '../../../judging/keys/samples.ts';
import type { NotAsked, RolledKeyPart } from '../../../model/key-observations.ts';
import type { Play } from '../plays.ts';
import { changeOf, type Context, neverOpened, newKey, rolledKey, warmed } from './context.ts';

/** Seconds before the end of the overlap at which the old key is shown everywhere once more. */
const BEFORE_END = 1;

/** A key is made, used everywhere and rolled: the old one and the new one are shown during the overlap and after it. */
export async function* rolledPart(context: Context, found: (part: RolledKeyPart | NotAsked) => undefined): Play {
  const { ring, sampler, rounds, promises, chosen, watch } = context;
  const { keeper } = ring;
  if (keeper.kind === 'operations' && keeper.operations.roll === undefined) {
    found({ outcome: 'not applicable', reason: 'the contract names no operation that rolls a key' });
    return;
  }
  const made = await newKey(
    context,
    'rolled',
    chosen.flatMap(({ ways }) => ways),
  );
  if (!('key' in made)) {
    found(made);
    return;
  }
  const old = yield* warmed(context, made.key);
  if (old.ways.length === 0) {
    found(neverOpened(old));
    return;
  }
  const kept = await ring.roll(made.id);
  if (kept.value === undefined) {
    found(kept);
    return;
  }
  const rolled = changeOf(sampler, kept);
  const next = rolledKey(context, kept, 'from a roll', old.ways);
  old.log.note(rolled.at, `rolled to key ${kept.number}`);
  old.log.change = rolled;
  const { overlap, revokedWithin = 0 } = promises;
  if (overlap !== undefined) old.log.promise = { name: 'overlap', seconds: overlap, from: rolled.at };
  found({ old: old.log, new: next.log, rolled });
  const [, opened] = await Promise.all([rounds.sweep(old, () => 'opened'), rounds.sweep(next, () => 'opened')]);
  if (opened.length < next.ways.length)
    yield* rounds.until(next, () => 'opened', { from: rolled.at, longest: Math.min(watch, LONGEST_START) });
  if (overlap !== undefined) {
    const end = rolled.sentAt + overlap;
    yield* rounds.during([old, next], () => 'opened', end - BEFORE_END);
    if (end - BEFORE_END > sampler.now) {
      yield rounds.at(end - BEFORE_END);
      await rounds.sweep(old, () => 'opened');
    }
  }
  // A cache may keep the old key beyond the overlap as long as it may keep a revoked one.
  const promised = overlap === undefined ? undefined : overlap + revokedWithin;
  if (promised !== undefined) yield rounds.at(rolled.at + promised + 0.05);
  const ended = yield* rounds.until(old, () => 'refused', {
    from: rolled.at,
    promised,
    longest: (promised ?? 0) + watch,
  });
  if (ended.length > 0) yield* rounds.watch({ ...old, ways: ended }, () => 'refused', watch);
  await rounds.sweep(next, () => 'opened');
}
