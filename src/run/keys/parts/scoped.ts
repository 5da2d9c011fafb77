import { LONGEST_START } from '../../../judging/keys/samples.ts';
import type { NotAsked, ScopedKeyPart } from '../../../model/key-observations.ts';
import { scopePair } from '../choose-operations.ts';
import type { Play } from '../plays.ts';
import { changeOf, type Context, newKey } from './context.ts';

/** A key that opens one operation and not another gets other scopes, so that it is to be the other way round. */
export async function* scopedPart(context: Context, found: (part: ScopedKeyPart | NotAsked) => undefined): Play {
  const { ring, sampler, rounds, promises, chosen, watch } = context;
  const { keeper } = ring;
  if (keeper.kind === 'operations' && keeper.operations.update === undefined) {
    found({ outcome: 'not applicable', reason: 'the contract names no operation that changes scopes of a key' });
    return;
  }
  const pair = scopePair(chosen);
  if (!pair) {
    found({
      outcome: 'not applicable',
      reason: 'no two operations that keys are shown to ask for scopes of which neither includes the other',
    });
    return;
  }
  const [one, other] = pair;
  const before = one.operation.scopes;
  const after = other.operation.scopes;
  const made = await newKey(
    context,
    'with other scopes',
    [...one.ways, ...other.ways],
    keeper.setsScopes ? { scopes: before } : {},
  );
  if (!('key' in made)) {
    found(made);
    return;
  }
  const { key } = made;
  if (!keeper.setsScopes) {
    const first = await ring.update(made.id, before);
    if (first.value === undefined) {
      found(first);
      return;
    }
  }
  const wanted = { from: sampler.now, longest: Math.min(watch, LONGEST_START) };
  const shown = yield* rounds.until(
    key,
    ({ operation }) => (operation === one.operation ? 'opened' : 'refused'),
    wanted,
  );
  // A form in which the key opens nothing shows nothing about scopes.
  const opening = shown.filter(({ operation }) => operation === one.operation).map(({ alternative }) => alternative.id);
  const ready = shown.filter(({ alternative }) => opening.includes(alternative.id));
  const hasBoth = [one, other].every(({ operation }) => ready.some((way) => way.operation === operation));
  if (!hasBoth) {
    found({
      outcome: 'not proven',
      reason: `a key that was made for the scopes ${before.join(', ')} did not open ${one.operation.id} alone and ${other.operation.id} not`,
    });
    return;
  }
  const kept = await ring.update(made.id, after);
  if (kept.value === undefined) {
    found(kept);
    return;
  }
  const changed = changeOf(sampler, kept);
  const { scopeChangeWithin } = promises;
  key.log.note(changed.at, `scopes changed from ${before.join(', ')} to ${after.join(', ')}`);
  key.log.change = changed;
  if (scopeChangeWithin !== undefined)
    key.log.promise = { name: 'scopeChangeWithin', seconds: scopeChangeWithin, from: changed.at };
  found({ key: key.log, changed, closed: [one.operation.id], opened: [other.operation.id] });
  const asked = { ...key, ways: ready };
  const settled = yield* rounds.until(asked, ({ operation }) => (operation === one.operation ? 'refused' : 'opened'), {
    from: changed.at,
    promised: scopeChangeWithin,
    longest: (scopeChangeWithin ?? 0) + watch,
  });
  if (settled.length > 0)
    yield* rounds.watch(
      { ...key, ways: settled },
      ({ operation }) => (operation === one.operation ? 'refused' : 'opened'),
      watch,
    );
}
