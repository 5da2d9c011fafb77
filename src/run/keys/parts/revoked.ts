import type { NotAsked, RevokedIdPart, RevokedKeyPart } from '../../../model/key-observations.ts';
import type { Play } from '../plays.ts';
import type { AskedKey } from '../rounds.ts';
import { changeOf, type Context, neverOpened, newKey, rolledKey, warmed } from './context.ts';

/** A key is made, used everywhere, revoked, and watched. */
export async function* revokedPart(context: Context, found: (part: RevokedKeyPart | NotAsked) => undefined): Play {
  const { ring, sampler, rounds, promises, chosen, watch } = context;
  const made = await newKey(
    context,
    'revoked',
    chosen.flatMap(({ ways }) => ways),
  );
  if (!('key' in made)) {
    found(made);
    return;
  }
  const { hasAllScopes } = made;
  const part = { key: made.key.log, made: made.made, hasAllScopes };
  found(part);
  const key = yield* warmed(context, made.key);
  if (key.ways.length === 0) {
    found({ ...part, revoked: neverOpened(key) });
    return;
  }
  const kept = await ring.revoke(made.id);
  if (kept.value === undefined) {
    found({ ...part, revoked: kept });
    return;
  }
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
  yield* rounds.watch(key, () => 'refused', watch);
  // Last, since it may bring the key back.
  found({ ...part, revoked, byId: await whatTheIdGives(context, key, made.id) });
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
  const isUpdated = operations.update !== undefined;
  const update = isUpdated ? await ring.update(id, context.contract.scopes) : undefined;
  const revived = update?.value !== undefined && way ? await sampler.show(key.secret, [way], 1) : [];
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
    ...(isUpdated &&
      update?.exchange && {
        updated: { operation: operations.update, exchange: update.exchange, samples: revived },
      }),
    ...(operations.roll !== undefined &&
      rolled?.exchange && { rolled: { operation: operations.roll, exchange: rolled.exchange, samples: shown } }),
  };
}
