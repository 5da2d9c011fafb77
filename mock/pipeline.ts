import type { Behaviour, Credential, Refusal, Reply, Step } from './behaviour.ts';
import type { Call } from './call.ts';
import { type IssuedKey, PRIMARY, slotOf } from './keys.ts';
import type { Quota } from './meter.ts';
import type { Routed } from './routes.ts';

/** Takes a request through the stages of a behaviour: the first step that objects decides the answer. */
export async function answer(call: Call, stages: Behaviour): Promise<Reply> {
  const insecure = call.isEncrypted ? undefined : stages.plainHttp(call);
  if (insecure) return refuse(call, stages, insecure);
  const early = stages.early(call);
  if (early) return stages.finish(call, early, quotaOf(call, stages));
  const visit = new Visit(call, stages, await identify(call, stages));
  for (const step of stages.order(call)) {
    const refusal = await visit[step]();
    if (refusal) return stages.finish(call, stages.refuse(call, refusal), visit.quota);
  }
  return stages.finish(call, visit.handle(), visit.quota);
}

/** Refuses a request that nobody's key was looked for in. */
export function refuse(call: Call, stages: Behaviour, refusal: Refusal): Reply {
  return stages.finish(call, stages.refuse(call, refusal), quotaOf(call, stages));
}

function quotaOf(call: Call, stages: Behaviour, key?: IssuedKey): Quota {
  return call.world.meter.take(stages.bucketOf(call, key));
}

/** One request on its way, with what was found out about it. */
class Visit implements Record<Step, () => Refusal | undefined | Promise<Refusal | undefined>> {
  readonly quota: Quota;
  readonly #call: Call;
  readonly #stages: Behaviour;
  readonly #identity: IssuedKey | Refusal;
  readonly #isGuarded: boolean;
  readonly #routed: Routed;

  constructor(call: Call, stages: Behaviour, identity: IssuedKey | Refusal) {
    this.#call = call;
    this.#stages = stages;
    this.#identity = identity;
    this.#isGuarded = stages.isGuarded(call);
    this.#routed = stages.routeOf(call);
    this.quota = quotaOf(call, stages, this.#key);
  }

  get #key(): IssuedKey | undefined {
    return 'reason' in this.#identity || !this.#isGuarded ? undefined : this.#identity;
  }

  'rate-limit'(): Refusal | undefined {
    return this.quota.isExceeded ? { reason: 'rateLimited', retryAfter: this.quota.retryAfter } : undefined;
  }

  authentication(): Refusal | undefined {
    if (!('reason' in this.#identity) || !this.#isGuarded || this.#isPublic()) return undefined;
    const attempts = this.#identity.reason === 'missingKey' ? undefined : this.#stages.attempt(this.#call);
    return attempts?.isExceeded ? { reason: 'rateLimited', retryAfter: attempts.retryAfter } : this.#identity;
  }

  'address-lock'(): Refusal | undefined {
    const key = this.#key;
    if (!key || !this.#stages.isLockedOut(this.#call, key, this.#stages.addressOf(this.#call))) return undefined;
    return { reason: 'lockedOut', key };
  }

  route(): Refusal | undefined {
    if (this.#routed.kind === 'operation') return undefined;
    if (this.#routed.kind === 'unknown-path') return { reason: 'unknownPath' };
    return { reason: 'wrongMethod', allow: this.#routed.allow };
  }

  permission(): Refusal | undefined {
    const key = this.#key;
    if (this.#routed.kind !== 'operation' || !key || this.#isPublic()) return undefined;
    const { operation } = this.#routed;
    if (this.#stages.admits(this.#call, key, operation)) return undefined;
    return { reason: 'forbidden', key, required: operation.scopes };
  }

  async validation(): Promise<Refusal | undefined> {
    if (this.#routed.kind !== 'operation') return undefined;
    const { operation, parameters } = this.#routed;
    const mistakes = await this.#stages.mistakes(this.#call, operation, parameters);
    return mistakes.length === 0 ? undefined : { reason: 'invalidInput' };
  }

  /** The ids that exist are those that the contract shows. */
  resource(): Refusal | undefined {
    if (this.#routed.kind !== 'operation') return undefined;
    const { operation, parameters } = this.#routed;
    const isUnknown = operation.parameters.some(({ in: where, name, example }) => {
      const isShown = typeof example === 'string' || typeof example === 'number';
      return where === 'path' && isShown && String(example) !== parameters[name];
    });
    return isUnknown ? { reason: 'unknownId' } : undefined;
  }

  handle(): Reply {
    if (this.#routed.kind !== 'operation') return this.#stages.refuse(this.#call, { reason: 'unknownPath' });
    const { operation } = this.#routed;
    if (!operation.isSafe) {
      const environment = this.#stages.environmentOf(this.#call);
      this.#call.world.effects.push({ environment, operation: operation.id });
    }
    return this.#stages.succeed(this.#call, operation);
  }

  #isPublic(): boolean {
    return this.#routed.kind === 'operation' && this.#stages.isOpen(this.#call, this.#routed.operation);
  }
}

/** Whose request it is, or why nobody's. */
async function identify(call: Call, stages: Behaviour): Promise<IssuedKey | Refusal> {
  const environment = stages.environmentOf(call);
  const presented = stages.readCredentials(call);
  const values = new Map<string, Set<string>>();
  for (const { form, value } of presented) {
    const slot = slotOf(call.world.contract, form);
    const isAnother = isOfAnotherSlot(stages.lookUp(call, value, environment), slot, presented, call);
    if (value !== '' && !isAnother) values.set(slot, (values.get(slot) ?? new Set()).add(value));
  }
  const demands = stages.demands(call);
  const complete = demands.find((slots) => slots.every((slot) => values.has(slot)));
  if (!complete) return (await stages.anonymous(call, presented)) ?? { reason: 'missingKey' };
  const found = new Map<string, IssuedKey>();
  // Whatever the operation knows and is there is looked at: one that is wrong is not made good by another.
  for (const slot of new Set(demands.flat())) {
    const [sent, ...others] = values.get(slot) ?? [];
    if (sent === undefined) continue;
    if (others.length > 0) return { reason: 'conflictingKeys' };
    const key = stages.lookUp(call, sent, environment);
    if (key?.slot !== slot) return { reason: isElsewhere(call, sent) ? 'otherEnvironment' : 'invalidKey' };
    if (!stages.isAlive(call, key)) return { reason: 'invalidKey' };
    found.set(slot, key);
  }
  return found.get(PRIMARY) ?? found.get(complete[0] ?? '') ?? { reason: 'invalidKey' };

  function isElsewhere({ world }: Call, sent: string): boolean {
    return world.keys.some((other) => other.environment !== environment && other.value === sent);
  }
}

/** Two schemes may have one place, as all that are bearer tokens have: what stands there is of the scheme that it was issued for. */
function isOfAnotherSlot(
  key: IssuedKey | undefined,
  slot: string,
  presented: readonly Credential[],
  { world: { contract } }: Call,
): boolean {
  if (!key || key.slot === slot) return false;
  return presented.some(({ form, value }) => value === key.value && slotOf(contract, form) === key.slot);
}
