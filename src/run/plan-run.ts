import { isNewer } from '../config/editions.ts';
import type { RunPlan } from '../model/run-plan.ts';
import type { Contract } from '../model/contract.ts';
import { type SchemaValidators, validatorsOf } from '../openapi/schema-validators.ts';
import { planGivingWay } from './giving-way.ts';
import { makesKeys } from './keys/choose-operations.ts';
import { planKeys } from './keys/plan-keys.ts';
import { landmarkRequests } from './landmarks.ts';
import { requestsForPathValues } from './path-values.ts';
import type { Catalogue } from './catalogue.ts';
import { type Budget, BudgetPlan, type ProbesByOperation } from '../requests/budget.ts';
import { budgetCandidates } from './budget-candidates.ts';
import type { NotSent } from '../requests/not-sent.ts';
import { namesOf, planOperation, type Probe } from '../requests/plan-operation.ts';
import { isSafeRequest, requestText } from '../requests/proof-of-no-effect.ts';
import type { PlannedRequest } from '../model/request.ts';
import type { Target } from '../model/target.ts';
import { SharedPlans } from './shared-plans.ts';

/** The budget of a run; undefined: it has none. */
export function runBudget({ run: { budget, seed } }: Target): Budget | undefined {
  return budget === undefined ? undefined : { requests: budget, seed };
}

/** One of the machines that share a run. */
export interface Shard {
  /** The first is 1. */
  readonly current: number;
  readonly total: number;
}

/** The target as one machine of several goes by it: with its part of the budget. */
export function inShard(target: Target, shard: Shard | null): Target {
  const { budget } = target.run;
  if (!shard || budget === undefined) return target;
  const { current, total } = shard;
  const part = Math.floor(budget / total) + (current <= budget % total ? 1 : 0);
  return { ...target, run: { ...target.run, budget: part } };
}

/**
 * Every probe of every operation.
 *
 * @param chosen ids of the operations that the run is about; absent: all of the contract
 */
export function planAll(
  contract: Contract,
  target: Target,
  { cases }: Pick<Catalogue, 'cases'>,
  schemas: SchemaValidators,
  chosen?: ReadonlySet<string>,
): ProbesByOperation {
  return new Map(
    contract.operations
      .filter(({ id }) => chosen?.has(id) ?? true)
      .map((operation) => [operation.id, planOperation(contract, target, operation, cases, schemas)]),
  );
}

/**
 * What a run sends within a budget where nothing shows anything: what a case shows decides where it is sent next.
 *
 * @param beforehand requests that are sent once, before those of the operations
 */
export function planWithin(
  contract: Contract,
  known: Target,
  catalogue: Pick<Catalogue, 'cases' | 'rules' | 'worth'>,
  schemas: SchemaValidators,
  budget: Budget,
  beforehand: number,
  chosen?: ReadonlySet<string>,
): ProbesByOperation {
  // A budget is for what is sure to be sent.
  const target = known.offersHttp2 === undefined ? { ...known, offersHttp2: false } : known;
  const all = planAll(contract, target, catalogue, schemas, chosen);
  const plan = new BudgetPlan(budgetCandidates(all, contract, catalogue.rules), catalogue.worth, budget);
  const opened = new Set(contract.operations.map(({ id }) => id));
  const sent = new Set<string>();
  let left = budget.requests - beforehand;
  for (let batch = plan.next(left); batch.length > 0; batch = plan.next(left)) {
    for (const { operation, id, cost } of batch) {
      sent.add(`${operation} ${id}`);
      left -= cost;
    }
    plan.learn(
      batch.map(({ operation, id }) => ({ operation, id, what: 'nothing' })),
      { opened, different: new Set() },
    );
  }
  return new Map(
    [...all].map(([operation, probes]) => [
      operation,
      probes.map((probe) =>
        sent.has(`${operation} ${probe.id}`) || probe.case.kind === 'on-demand'
          ? probe
          : withoutUnsent(probe, (id) => plan.reasonLeftOut(id, target.variables.budget)),
      ),
    ]),
  );
}

/** A probe that was not sent, with the reason. */
export function withoutUnsent(probe: Probe, reasonLeftOut: (id: string) => NotSent): Probe {
  if (!probe.request) return probe;
  const { id, case: one, alternative, operation } = probe;
  return { id, case: one, alternative, operation, notSent: reasonLeftOut(id) };
}

export interface PlanOptions {
  /** Ids of the operations that the run is about, and of the rules about keys over time; absent: all. */
  readonly chosen?: { readonly operations: ReadonlySet<string>; readonly aboutKeys: ReadonlySet<string> };
  /** Of who sends what is planned here. A budget is shared out by what is found, so it plans by itself. */
  readonly plans?: SharedPlans;
}

/** What is sent to operations before anything is known of the target, for whoever counts it and whoever sends it. */
export function sharedPlans(contract: Contract, target: Target, { cases }: Pick<Catalogue, 'cases'>): SharedPlans {
  return new SharedPlans((operation) => planGivingWay(contract, target, operation, cases, validatorsOf(contract)));
}

/** What a run sends. It takes a while for a large contract, in which other things may be done. */
export async function planRun(
  contract: Contract,
  target: Target,
  catalogue: Pick<Catalogue, 'cases' | 'rules' | 'worth'>,
  { chosen, plans = sharedPlans(contract, target, catalogue) }: PlanOptions = {},
): Promise<RunPlan> {
  const schemas = validatorsOf(contract);
  const { edition } = target.run;
  const beforehand = requestsForPathValues(contract, target) + landmarkRequests(contract, target, schemas).size;
  const probes = planEach(contract, target, catalogue, beforehand, plans, chosen?.operations);
  const all = await summarise(probes, beforehand, requestsToLookCloser(target));
  const { budget = Infinity } = target.run;
  const plan = { ...all, onDemand: Math.min(all.onDemand, Math.max(0, budget - all.requests)) };
  const keys =
    makesKeys(contract, target) && (chosen?.aboutKeys.size ?? 1) > 0
      ? planKeys(contract, target, chosen?.aboutKeys)
      : undefined;
  const whole = { ...plan, ...(keys && { keys }) };
  if (edition === undefined) return whole;
  return { ...whole, newerRules: catalogue.rules.filter(({ since }) => isNewer(since, edition)).length };
}

/**
 * The probes of one operation after the other, so that a caller who only counts them need not hold the hundreds of megabytes
 * that those of a thousand operations take. A budget is shared out over the chosen operations, so then they are planned at once.
 */
async function* planEach(
  contract: Contract,
  target: Target,
  catalogue: Pick<Catalogue, 'cases' | 'rules' | 'worth'>,
  beforehand: number,
  plans: SharedPlans,
  chosen?: ReadonlySet<string>,
): AsyncGenerator<readonly Probe[]> {
  const budget = runBudget(target);
  const operations = contract.operations.filter(({ id }) => chosen?.has(id) ?? true);
  const schemas = validatorsOf(contract);
  const planned = budget && planWithin(contract, target, catalogue, schemas, budget, beforehand, chosen);
  for (const operation of operations) yield planned?.get(operation.id) ?? (await plans.counted(operation));
}

/**
 * @param probes of each operation
 * @param beforehand requests that are sent once, before those of the operations
 * @param closer the most requests that may be sent beside that of a probe: see `requestsToLookCloser`
 */
export async function summarise(
  probes: Iterable<readonly Probe[]> | AsyncIterable<readonly Probe[]>,
  beforehand = 0,
  closer: (probe: Probe) => number = () => 0,
): Promise<RunPlan> {
  const byMethod: Record<string, number> = {};
  const byCredential: Record<string, number> = {};
  const notSent = new Map<string, { probes: number; variable?: string }>();
  let requests = beforehand;
  let leftOut = 0;
  let onDemand = 0;
  let overHttp2 = 0;
  let unproven = 0;
  const look = ({ request, credential, notSent: why, case: one }: Probe): void => {
    if (request?.http2) overHttp2++;
    else if (request && one.kind === 'on-demand') onDemand++;
    else if (request) {
      requests += request.earlier ? 2 : 1;
      byMethod[request.method] = (byMethod[request.method] ?? 0) + 1;
      const presented = [...new Set(credential.secrets.map(({ name }) => name))].join(' and ') || 'no key';
      byCredential[presented] = (byCredential[presented] ?? 0) + 1;
    } else if (why.cause === 'budget') leftOut++;
    else if (!why.isNotApplicable) {
      notSent.set(why.message, {
        probes: (notSent.get(why.message)?.probes ?? 0) + 1,
        ...(why.variable !== undefined && { variable: why.variable }),
      });
    }
  };
  for await (const operation of probes) {
    operation.forEach(look);
    for (const probe of operation) onDemand += closer(probe);
    unproven += unprovenHarmless(operation).length;
  }
  return {
    requests,
    byMethod,
    byCredential,
    notSent: [...notSent].map(([reason, found]) => ({ reason, ...found })),
    leftOut,
    onDemand,
    overHttp2,
    unprovenHarmless: unproven,
  };
}

/** The names of each case that tries many in one request, by its id: those of the first operation to which it is sent. */
export function namesTriedTogether(
  contract: Contract,
  target: Target,
  { cases }: Pick<Catalogue, 'cases'>,
): ReadonlyMap<string, readonly string[]> {
  const schemas = validatorsOf(contract);
  const groups = new Map<string, readonly string[]>();
  for (const operation of contract.operations) {
    const left = cases.filter(({ id, alone }) => alone && !groups.has(id));
    if (left.length === 0) break;
    for (const probe of planOperation(contract, target, operation, left, schemas)) {
      const names = probe.request && namesOf(probe, contract, target, schemas);
      if (names) groups.set(probe.case.id, names.all);
    }
  }
  return groups;
}

/**
 * The most requests beside that of a probe: those that tell apart the names that a case tries at once, each half and each name
 * of them, and the same with a valid request.
 */
function requestsToLookCloser({ run, policy }: Target): (probe: Probe) => number {
  return ({ request, case: { alone }, operation }) =>
    request
      ? (alone ? Math.max(1, 2 * alone.most - 2) : 0) +
        (policy.allowWrites && !operation.isSafe && run.budget === undefined ? 1 : 0)
      : 0;
}

/**
 * The probes of an operation on an unsafe method that no control has shown to be harmless. A control shows it for the
 * requests that differ from it in their credential, path or headers alone.
 *
 * @param isShown whether the response to a control shows it, once there is one; before the run every control may
 */
export function unprovenHarmless(
  probes: readonly Probe[],
  isShown: (control: Probe) => boolean = () => true,
): readonly Probe[] {
  const form = ({ method, headers, body }: PlannedRequest): string => {
    const types = headers.flatMap(([name, value]) => (name.toLowerCase() === 'content-type' ? [value.join('')] : []));
    return JSON.stringify([method, types, body?.join('')]);
  };
  const shown = new Set(
    probes.flatMap((probe) =>
      probe.case.kind === 'control' && probe.request && isShown(probe) ? form(probe.request) : [],
    ),
  );
  return probes.filter(
    ({ request }) =>
      request !== undefined &&
      !isSafeRequest(requestText(request, (text) => text.join(''))) &&
      !shown.has(form(request)),
  );
}
