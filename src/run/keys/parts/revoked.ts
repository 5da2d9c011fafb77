import type { NotAsked, RevokedIdPart, RevokedKeyPart } from '../../../model/key-observations.ts';
import type { Play } from '../plays.ts';
import type { AskedKey } from '../rounds.ts';
import { changeOf, type Context, neverOpened, newKey, rolledKey, warmed } from './context.ts';

/** A key is made, used everywhere, revoked, and watched. */
export async function* revokedPart(context: Context, found: (part: RevokedKeyPart | NotAsked) => void): Play {
  const { ring, sampler, rounds, promises, chosen, watch } = context;
  const made = await newKey(
    context,
    'revoked',
    chosen.flatMap(({ ways }) => ways),
  );
  if (!('key' in made)) return found(made);
  const { hasAllScopes } = made;
  const part = { key: made.key.log, made: made.made, hasAllScopes };
  found(part);
  const key = yield* warmed(context, made.key);
  if (key.ways.length === 0) return found({ ...part, revoked: neverOpened(key) });
  const kept = await ring.revoke(made.id);
  if (kept.value === undefined) return found({ ...part, revoked: kept });
  const revoked = changeOf(sampler, kept);
  const { revokedWithin } = promises;
  key.log.note(revoked.at, 'revoked');
  key.log.change = revoked;
  if (revokedWithin !== undefined)
    key.log.promise = { name: 'revokedWithin', seconds: revokedWithin, from: revoked.at };
  found({ ...part, revoked });
  yield* rounds.until(key, () => 'refused', {
    from: revoked.at,
    promised: revokedWithin,
    longest: (revokedWithin ?? 0) + watch,
  });
  const byId = await whatTheIdGives(context, key, made.id);
  found({ ...part, revoked, byId });
  yield* rounds.watch(key, () => 'refused', watch);
  found({ ...part, revoked, byId });
}

/** What the id of a key gives that is revoked: in the place of a key, to who reads it, and to who rolls it. */
async function whatTheIdGives(context: Context, key: AskedKey, id: string): Promise<RevokedIdPart> {
  const { ring, sampler } = context;
  const { operations } = ring.keeper;
  const [way] = key.ways;
  const asKey = way
    ? await sampler.show(
        key.secret.derive('its id', () => id),
        [way],
        1,
      )
    : [];
  const read = operations.read === undefined ? undefined : await ring.read(id, key.secret);
  const rolled = operations.roll === undefined ? undefined : await ring.roll(id);
  const isNew = rolled?.value !== undefined;
  const shown = isNew && way ? await sampler.show(rolled.value.secret, [way], 1) : [];
  if (isNew) rolledKey(context, rolled, 'rolled from a revoked one', []).log.add(shown);
  return {
    asKey,
    ...(operations.read !== undefined &&
      read?.exchange && {
        read: { operation: operations.read, exchange: read.exchange, showsKey: read.value?.showsKey ?? false },
      }),
    ...(operations.roll !== undefined &&
      rolled?.exchange && { rolled: { operation: operations.roll, exchange: rolled.exchange, samples: shown } }),
  };
}
