import { credentialOf, PRIMARY_CREDENTIAL } from '../document/credentials.ts';
import type { Behaviour, Check } from '../types/behaviour.ts';
import type { MockResponse } from '../types/http.ts';
import type { IssuedKey, PresentedCredential } from '../types/keys.ts';
import type { Quota } from '../types/rate-limit.ts';
import type { Refusal } from '../types/refusal.ts';
import type { MockRequest } from '../types/request.ts';
import type { RouteMatch } from '../types/state.ts';
import { manageKeys } from './key-operations.ts';
import { isOpen } from './managed-keys.ts';

/** Takes a request through the stages of a behaviour. The first check that fails decides the response. */
export async function respond(request: MockRequest, stages: Behaviour): Promise<MockResponse> {
  const inFront = stages.edge(request);
  if (inFront) return inFront;
  const insecure = request.isEncrypted ? undefined : stages.plainHttp(request);
  if (insecure) return refuse(request, stages, insecure);
  const early = await stages.shortCircuit(request);
  if (early) return stages.finish(request, early, quotaOf(request, stages));
  const checks = new Checks(request, stages, await identify(request, stages));
  for (const check of stages.checkOrder(request)) {
    const refusal = await checks[check]();
    if (refusal) return stages.finish(request, stages.refuse(request, refusal), checks.quota);
  }
  return stages.finish(request, await checks.handle(), checks.quota);
}

/** The response to a request whose key was not looked for. */
export function refuse(request: MockRequest, stages: Behaviour, refusal: Refusal): MockResponse {
  return stages.finish(request, stages.refuse(request, refusal), quotaOf(request, stages));
}

function quotaOf(request: MockRequest, stages: Behaviour, key?: IssuedKey): Quota {
  const { rateLimiter, clock } = request.state;
  return rateLimiter.take(stages.bucketOf(request, key), clock.now());
}

/** The checks of one request, and what they share. */
class Checks implements Record<Check, () => Refusal | undefined | Promise<Refusal | undefined>> {
  readonly quota: Quota;
  readonly #request: MockRequest;
  readonly #stages: Behaviour;
  readonly #identity: IssuedKey | Refusal;
  readonly #isGuarded: boolean;
  readonly #match: RouteMatch;

  constructor(request: MockRequest, stages: Behaviour, identity: IssuedKey | Refusal) {
    this.#request = request;
    this.#stages = stages;
    this.#identity = identity;
    this.#isGuarded = stages.isGuarded(request);
    this.#match = stages.matchRoute(request);
    this.quota = quotaOf(request, stages, this.#key);
  }

  get #key(): IssuedKey | undefined {
    return 'reason' in this.#identity || !this.#isGuarded ? undefined : this.#identity;
  }

  'rate-limit'(): Refusal | undefined {
    return this.quota.isExceeded ? { reason: 'rateLimited', retryAfter: this.quota.retryAfter } : undefined;
  }

  authentication(): Refusal | undefined {
    if (this.#lacksCertificate()) return { reason: 'missingKey' };
    if (!('reason' in this.#identity) || !this.#isGuarded || this.#isPublic()) {
      const used = this.#key?.managed?.key;
      if (used) this.#stages.noteUse(this.#request, used);
      return undefined;
    }
    const failures = this.#identity.reason === 'missingKey' ? undefined : this.#stages.countFailure(this.#request);
    return failures?.isExceeded ? { reason: 'rateLimited', retryAfter: failures.retryAfter } : this.#identity;
  }

  'address-lock'(): Refusal | undefined {
    const key = this.#key;
    if (!key || !this.#stages.isLockedOut(this.#request, key, this.#stages.addressOf(this.#request))) return undefined;
    return { reason: 'lockedOut', key };
  }

  route(): Refusal | undefined {
    if (this.#match.kind === 'operation') return undefined;
    if (this.#match.kind === 'unknown-path') return { reason: 'unknownPath' };
    return { reason: 'wrongMethod', allow: this.#match.allow };
  }

  permission(): Refusal | undefined {
    const key = this.#key;
    if (this.#match.kind !== 'operation' || !key || this.#isPublic()) return undefined;
    const { operation } = this.#match;
    if (this.#stages.isPermitted(this.#request, key, operation)) return undefined;
    return { reason: 'forbidden', key, required: operation.scopes };
  }

  async validation(): Promise<Refusal | undefined> {
    if (this.#match.kind !== 'operation') return undefined;
    const { operation, parameters } = this.#match;
    const errors = await this.#stages.inputErrors(this.#request, operation, parameters);
    return errors.length === 0 ? undefined : { reason: 'invalidInput' };
  }

  resource(): Refusal | undefined {
    if (this.#match.kind !== 'operation') return undefined;
    const { operation, parameters } = this.#match;
    return this.#stages.exists(this.#request, operation, parameters, this.#key) ? undefined : { reason: 'unknownId' };
  }

  async handle(): Promise<MockResponse> {
    if (this.#match.kind !== 'operation') return this.#stages.refuse(this.#request, { reason: 'unknownPath' });
    const { operation } = this.#match;
    const managed = await manageKeys(this.#request, this.#stages, this.#match, this.#key);
    if (managed && 'reason' in managed) return this.#stages.refuse(this.#request, managed);
    if (!operation.isSafe) {
      const environment = this.#stages.environmentOf(this.#request);
      this.#request.state.effects.push({ environment, operation: operation.id });
    }
    return managed ?? this.#stages.succeed(this.#request, operation, this.#key);
  }

  #lacksCertificate(): boolean {
    if (this.#match.kind !== 'operation' || this.#request.hasCertificate) return false;
    return this.#stages.needsCertificate(this.#request, this.#match.operation);
  }

  #isPublic(): boolean {
    return this.#match.kind === 'operation' && this.#stages.isPublic(this.#request, this.#match.operation);
  }
}

/** The key of a request, or why it has no valid one. */
async function identify(request: MockRequest, stages: Behaviour): Promise<IssuedKey | Refusal> {
  const environment = stages.environmentOf(request);
  const presented = stages.readCredentials(request);
  const values = new Map<string, Set<string>>();
  for (const { scheme, value } of presented) {
    const credential = credentialOf(request.state.api, scheme);
    const isAnother = isOfAnotherScheme(stages.lookUp(request, value, environment), credential, presented, request);
    if (value !== '' && !isAnother) values.set(credential, (values.get(credential) ?? new Set()).add(value));
  }
  const alternatives = stages.alternatives(request);
  const complete = alternatives.find((credentials) => credentials.every((credential) => values.has(credential)));
  if (!complete) return (await stages.anonymousKey(request, presented)) ?? { reason: 'missingKey' };
  const found = new Map<string, IssuedKey>();
  // Every credential that the operation knows is looked at: a wrong one is not made good by another.
  for (const credential of new Set(alternatives.flat())) {
    const [sent, ...others] = values.get(credential) ?? [];
    if (sent === undefined) continue;
    if (others.length > 0) return { reason: 'conflictingKeys' };
    const key = stages.lookUp(request, sent, environment);
    if (key?.credential !== credential)
      return { reason: isElsewhere(request, sent) ? 'otherEnvironment' : 'invalidKey' };
    if (!isOpen(request, stages, key)) return { reason: 'invalidKey' };
    found.set(credential, key);
  }
  return found.get(PRIMARY_CREDENTIAL) ?? found.get(complete[0] ?? '') ?? { reason: 'invalidKey' };

  function isElsewhere({ state }: MockRequest, sent: string): boolean {
    return state.keys.some((other) => other.environment !== environment && other.value === sent);
  }
}

/** Two schemes of bearer tokens are read in one place: a key that is there belongs to the scheme that it was issued for. */
function isOfAnotherScheme(
  key: IssuedKey | undefined,
  credential: string,
  presented: readonly PresentedCredential[],
  { state: { api } }: MockRequest,
): boolean {
  if (!key || key.credential === credential) return false;
  return presented.some(({ scheme, value }) => value === key.value && credentialOf(api, scheme) === key.credential);
}
