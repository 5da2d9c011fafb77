import type { Contract } from './contract/contract.ts';
import { Validators } from './contract/validators.ts';
import type { Case } from './plan/case.ts';
import { planOperation } from './plan/plan.ts';
import type { Target } from './target/target.ts';
import { isAccepted } from './verdict/expectations.ts';
import type { Exchange, FaultKind } from './wire/exchange.ts';
import { Wire } from './wire/wire.ts';

export interface Preflight {
  readonly requests: number;
  /** Why there is nothing to judge, in one sentence that says what to do; absent: all is well. */
  readonly fault?: string;
}

/**
 * Finds out before the first cell whether the target answers, whether its certificate verifies and whether the
 * full-access key opens anything.
 */
export async function preflight(contract: Contract, target: Target, cases: readonly Case[]): Promise<Preflight> {
  const wire = new Wire(contract, target, { tries: 2 });
  const schemas = new Validators(contract);
  const control = cases.filter(({ id }) => id === 'valid-key');
  const statuses = new Set<number>();
  try {
    for (const operation of contract.operations.filter(({ isSafe }) => isSafe)) {
      for (const { request, id } of planOperation(contract, target, operation, control, schemas)) {
        if (!request) continue;
        const exchange = await wire.send(request, id);
        if (exchange.fault) return { requests: wire.requests, fault: faultSentence(exchange, target) };
        if (exchange.answer && isAccepted(exchange.answer)) return { requests: wire.requests };
        if (exchange.answer) statuses.add(exchange.answer.status);
      }
    }
    return { requests: wire.requests, fault: keySentence(statuses, target) };
  } finally {
    await wire.close();
  }
}

function keySentence(statuses: ReadonlySet<number>, { variables, environment, baseUrl }: Target): string {
  if (statuses.size === 0) return 'the contract has no safe operation that the full-access key could be tried on.';
  return `${variables.apiKey} opens no operation of ${baseUrl} (answered ${[...statuses].join(', ')}): give a full-access key of ${environment}.`;
}

const ADVICE: Partial<Record<FaultKind, (target: Target) => string>> = {
  refused: ({ variables }) => `nothing listens there: start the target, or correct ${variables.baseUrl}`,
  dns: ({ variables }) => `its name is not known: correct ${variables.baseUrl}`,
  timeout: ({ variables }) => `it does not answer in time: check the network, or correct ${variables.baseUrl}`,
  tls: ({ variables }) =>
    `its certificate does not verify: renew it, or name its certificate authority in ${variables.ca}`,
};

function faultSentence({ fault }: Exchange, target: Target): string {
  const advice = fault && ADVICE[fault.kind]?.(target);
  return `${target.baseUrl} cannot be judged (${fault?.message}): ${advice ?? 'it does not answer as an HTTP server'}.`;
}
