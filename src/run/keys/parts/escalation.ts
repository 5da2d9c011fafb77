import { LONGEST_START } from '../../../judging/keys/samples.ts';
import type { EscalationPart, NotAsked } from '../../../model/key-observations.ts';
import { lacks } from '../choose-operations.ts';
import { KeyLog } from '../key-log.ts';
import type { Play } from '../plays.ts';
import { type Context, newKey } from './context.ts';

/** A key with few scopes asks for a key with all of them. */
export async function* escalationPart(context: Context, found: (part: EscalationPart | NotAsked) => undefined): Play {
  const { contract, ring, rounds, sampler, chosen, watch, keep } = context;
  const { keeper } = ring;
  const create = contract.operations.find(({ id }) => id === keeper.operations.create);
  if (!create) {
    found({
      outcome: 'not applicable',
      reason: 'keys are made by a command, which a key of the API cannot start',
    });
    return;
  }
  if (!keeper.setsScopes) {
    found({
      outcome: 'not applicable',
      reason: 'the contract names no place for the scopes of a key that is made',
    });
    return;
  }
  const scopes =
    create.scopes.length > 0
      ? create.scopes
      : (chosen.find(({ operation }) => operation.scopes.length > 0)?.operation.scopes ?? []);
  const closed = chosen.filter(({ operation }) => lacks(scopes, operation));
  const wanted = contract.scopes;
  if (scopes.length === 0 || closed.length === 0) {
    found({
      outcome: 'not applicable',
      reason: 'no operation that keys are shown to asks for a scope that a key which makes keys does without',
    });
    return;
  }
  const ways = closed.flatMap((one) => one.ways);
  const made = await newKey(context, 'with few scopes', ways, { scopes });
  if (!('key' in made)) {
    found(made);
    return;
  }
  const { key } = made;
  const restricted = yield* rounds.until(key, () => 'refused', {
    from: sampler.now,
    longest: Math.min(watch, LONGEST_START),
  });
  if (restricted.length === 0) {
    found({
      outcome: 'not proven',
      reason: `a key that was made for the scopes ${scopes.join(', ')} alone is not refused by ${closed.map(({ operation }) => operation.id).join(', ')}`,
    });
    return;
  }
  const control = await ring.make({ scopes: wanted });
  if (control.value === undefined || !control.exchange) {
    found({
      outcome: 'not proven',
      reason: `the same key cannot be made with the full-access key: ${control.value === undefined ? control.reason : 'no response'}`,
    });
    return;
  }
  const attempt = await ring.make({ scopes: wanted }, key.secret);
  key.log.note(sampler.now, 'asked for a key with all scopes');
  if (!attempt.exchange) {
    found(attempt.value === undefined ? attempt : { outcome: 'error', reason: 'no response' });
    return;
  }
  if (attempt.exchange.fault) {
    found({ outcome: 'error', reason: attempt.exchange.fault.message });
    return;
  }
  const log = new KeyLog(`key ${attempt.number}, made by a key with few scopes`);
  if (attempt.value !== undefined) {
    log.note(sampler.seconds(attempt.at), 'made');
    keep(log);
    log.add(await sampler.show(attempt.value.secret, restricted, 1));
  }
  found({
    ...{ operation: create.id, scopes, wanted },
    ...{ exchange: attempt.exchange, control: control.exchange },
    samples: log.samples,
    restricted: key.log.samples,
  });
}
