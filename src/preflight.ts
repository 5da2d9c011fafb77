import type { Contract, Operation } from './contract/contract.ts';
import { isOpen } from './contract/security.ts';
import { Validators } from './contract/validators.ts';
import { Ask, Inventions } from './plan/ask.ts';
import { Unprovable } from './plan/case.ts';
import { formsOf } from './plan/form.ts';
import type { WireRequest } from './plan/request.ts';
import type { Secret } from './target/secret.ts';
import type { Target } from './target/target.ts';
import { isAccepted } from './verdict/expectations.ts';
import type { Exchange, FaultKind } from './wire/exchange.ts';
import { Wire, type WireOptions } from './wire/wire.ts';

export interface Preflight {
  readonly requests: number;
  /** Why there is nothing to judge, each in one sentence that says what to do; none: all is well. */
  readonly faults: readonly string[];
}

/**
 * Finds out before the first cell whether the target answers, whether its certificate verifies and whether the keys that
 * are to be let in are. A key that is to be refused cannot be told from a bug here, so the rules judge it.
 */
export async function preflight(
  contract: Contract,
  target: Target,
  options: Partial<WireOptions> = {},
): Promise<Preflight> {
  const wire = new Wire(contract, target, { tries: 3, timeout: target.run.timeout, ...options });
  try {
    const full = await tryKey(
      target.keys.full,
      contract.operations.filter((operation) => operation.isSafe && !isOpen(operation)),
      { contract, target, wire },
    );
    if (full.fault) return { requests: wire.requests, faults: [faultSentence(full.fault, target)] };
    if (!full.accepted) return { requests: wire.requests, faults: [keySentence(full.statuses, target)] };
    const faults = await scopedKeyFaults({ contract, target, wire });
    return { requests: wire.requests, faults };
  } finally {
    await wire.close();
  }
}

interface Tools {
  readonly contract: Contract;
  readonly target: Target;
  readonly wire: Wire;
}

interface Tried {
  readonly accepted: boolean;
  readonly statuses: readonly number[];
  readonly fault?: Exchange;
}

/** Until one operation lets the key in, in any form: what a single one gets wrong is for the rules to say. */
async function tryKey(key: Secret, operations: readonly Operation[], tools: Tools): Promise<Tried> {
  const statuses = new Set<number>();
  for (const request of operations.flatMap((operation) => requestsWith(key, operation, tools))) {
    const exchange = await tools.wire.send(request, 'preflight');
    if (exchange.fault) return { accepted: false, statuses: [...statuses], fault: exchange };
    if (exchange.answer && isAccepted(exchange.answer)) return { accepted: true, statuses: [...statuses] };
    if (exchange.answer) statuses.add(exchange.answer.status);
  }
  return { accepted: false, statuses: [...statuses] };
}

function requestsWith(key: Secret, operation: Operation, { contract, target }: Tools): WireRequest[] {
  const schemas = new Validators(contract);
  return formsOf(contract, operation).flatMap((form) => {
    try {
      return [new Ask(contract, operation, target, form, schemas, new Inventions(target)).request({ key })];
    } catch (error) {
      if (error instanceof Unprovable) return [];
      throw error;
    }
  });
}

/** A scoped key that its own operations call invalid (401) is a wrong key; one that they forbid (403) may be a bug. */
async function scopedKeyFaults(tools: Tools): Promise<string[]> {
  const { contract, target } = tools;
  const faults: string[] = [];
  for (const { scopes, secret } of target.keys.scoped) {
    const own = contract.operations.filter(
      (operation) =>
        operation.isSafe && operation.scopes.length > 0 && operation.scopes.every((scope) => scopes.has(scope)),
    );
    const { accepted, statuses } = await tryKey(secret, own, tools);
    if (!accepted && statuses.length > 0 && statuses.every((status) => status === 401)) {
      faults.push(
        `${target.variables.scopedKeys}: the key for ${[...scopes].join('+')} is refused as invalid by ${own.map(({ id }) => id).join(', ')}: give a key that is in use and has that scope.`,
      );
    }
  }
  return faults;
}

function keySentence(statuses: readonly number[], { variables, environment, baseUrl }: Target): string {
  if (statuses.length === 0) return 'the contract has no safe operation that the full-access key could be tried on.';
  return `${variables.apiKey} opens no operation of ${baseUrl} (answered ${statuses.join(', ')}): give a full-access key of ${environment}.`;
}

const ADVICE: Partial<Record<FaultKind, (target: Target) => string>> = {
  refused: ({ variables }) => `nothing listens there: start the target, or correct ${variables.baseUrl}`,
  dns: ({ variables }) => `its name is not known: correct ${variables.baseUrl}`,
  timeout: ({ variables }) => `it does not answer in time: check the network, or correct ${variables.baseUrl}`,
  tls: ({ variables }) =>
    `its certificate does not verify: renew it, or name its certificate authority in ${variables.ca}`,
  unavailable: () => 'it says that it is unavailable: try again later',
  'rate-limited': () => 'its rate limit is used up: try again later',
};

function faultSentence({ fault }: Exchange, target: Target): string {
  const advice = fault && ADVICE[fault.kind]?.(target);
  return `${target.baseUrl} cannot be judged (${fault?.message}): ${advice ?? 'it does not answer as an HTTP server'}.`;
}
