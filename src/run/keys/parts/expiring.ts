import type { ExpiringKeyPart, NotAsked } from '../../../model/key-observations.ts';
import type { Play } from '../plays.ts';
import { type Context, neverOpened, newKey, warmed } from './context.ts';

/** Seconds that a key is made for which is to expire. */
export const LIFETIME = 20;
/** Seconds: servers keep times in whole ones, and round them. */
const ROUNDING = 1;
/** Seconds before the earliest end at which the key is shown everywhere once more. */
const BEFORE_END = 1;

/** A key is made that expires soon: it is to open until then, and not after it. */
export async function* expiringPart(context: Context, found: (part: ExpiringKeyPart | NotAsked) => undefined): Play {
  const { ring, sampler, rounds, promises, chosen, watch, clock, contract } = context;
  const { keeper } = ring;
  if (!keeper.setsExpiry) {
    found({
      outcome: 'not applicable',
      reason: 'the contract names no place for the time at which a key expires',
    });
    return;
  }
  const skew = sampler.skew.seconds ?? 0;
  const isAbsolute = keeper.kind === 'operations' && contract.lifecycle?.operations.create?.expiresAt !== undefined;
  const tolerance = ROUNDING + (isAbsolute ? (sampler.skew.within ?? ROUNDING) : 0);
  const expiry = { in: LIFETIME, at: clock.now() + (LIFETIME + skew) * 1000 };
  const made = await newKey(
    context,
    'left to expire',
    chosen.flatMap(({ ways }) => ways),
    { expiry },
  );
  if (!('key' in made)) {
    found(made);
    return;
  }
  const ends = made.made.at + LIFETIME;
  made.key.log.note(ends, 'expires');
  made.key.log.change = { order: made.made.order, sentAt: made.made.sentAt + LIFETIME, at: ends };
  const { expiresWithin } = promises;
  if (expiresWithin !== undefined) made.key.log.promise = { name: 'expiresWithin', seconds: expiresWithin, from: ends };
  const key = yield* warmed(context, made.key);
  if (key.ways.length === 0) {
    found(neverOpened(key));
    return;
  }
  found({ key: key.log, made: made.made, lifetime: LIFETIME, tolerance });
  const last = made.made.sentAt + LIFETIME - tolerance - BEFORE_END;
  yield* rounds.during([key], () => 'opened', last);
  if (last > sampler.now) {
    yield rounds.at(last);
    await rounds.sweep(key, () => 'opened');
  }
  const from = ends + tolerance;
  yield rounds.at(from + 0.05);
  const ended = yield* rounds.until(key, () => 'refused', {
    from,
    promised: expiresWithin,
    longest: (expiresWithin ?? 0) + watch,
  });
  if (ended.length > 0) yield* rounds.watch({ ...key, ways: ended }, () => 'refused', watch);
}
