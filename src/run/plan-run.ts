import { isNewer } from '../config/editions.ts';
import type { RunPlan } from '../model/run-plan.ts';
import type { Contract, Operation } from '../model/contract.ts';
import { SchemaValidators } from '../openapi/schema-validators.ts';
import { makesKeys } from './keys/choose-operations.ts';
import { planKeys } from './keys/plan-keys.ts';
import { landmarkRequests } from './landmarks.ts';
import { requestsForPathValues } from './path-values.ts';
import type { Catalogue } from './catalogue.ts';
import { type Budget, type ProbesByOperation, withinBudget } from '../requests/budget.ts';
import { namesOf, planOperation, type Probe } from '../requests/plan-operation.ts';
import { isSafeRequest, requestText } from '../requests/proof-of-no-effect.ts';
import type { PlannedRequest } from '../model/request.ts';
import type { Target } from '../model/target.ts';
import { casesGiven, type Rule } from '../judging/rule.ts';

/** The budget of a run; undefined: it has none. */
export function runBudget({ run: { budget, seed } }: Target): Budget | undefined {
  return budget === undefined ? undefined : { requests: budget, seed };
}

/** Every probe of every operation, within the budget if there is one. */
export function planAll(
  contract: Contract,
  known: Target,
  { cases, rules }: Pick<Catalogue, 'cases' | 'rules'>,
  schemas: SchemaValidators,
  budget?: Budget,
): ProbesByOperation {
  // A budget is for what is sure to be sent.
  const target = budget && known.offersHttp2 === undefined ? { ...known, offersHttp2: false } : known;
  const all = new Map(
    contract.operations.map((operation) => [operation.id, planOperation(contract, target, operation, cases, schemas)]),
  );
  if (!budget) return all;
  const operations = new Map(contract.operations.map((operation) => [operation.id, operation]));
  const documented = rules.filter((rule) => isDocumented(rule, contract));
  const firstCases = new Map(
    [...operations].map(([id, operation]) => [id, essentialCases(documented, operation, all.get(id) ?? [], contract)]),
  );
  // The landmarks are sent whatever the budget covers beside them: without them no response can be attributed.
  const requests = Math.max(0, budget.requests - landmarkRequests(contract, target, schemas).size);
  const left = { ...budget, requests };
  return withinBudget(all, (operation) => firstCases.get(operation) ?? [], left, target.variables.budget);
}

/**
 * What a run sends.
 *
 * @param chosen ids of the operations that it is about, and of the rules about keys over time; absent: all
 */
export function planRun(
  contract: Contract,
  target: Target,
  catalogue: Pick<Catalogue, 'cases' | 'rules'>,
  chosen?: { readonly operations: ReadonlySet<string>; readonly aboutKeys: ReadonlySet<string> },
): RunPlan {
  const schemas = new SchemaValidators(contract);
  const { edition } = target.run;
  const plan = summarise(
    planEach(contract, target, catalogue, schemas, chosen?.operations),
    requestsForPathValues(contract, target) + landmarkRequests(contract, target, schemas).size,
    requestsToLookCloser(target),
  );
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
 * that those of a thousand operations take. A budget is shared out over all operations, so then they are planned at once.
 */
function* planEach(
  contract: Contract,
  target: Target,
  catalogue: Pick<Catalogue, 'cases' | 'rules'>,
  schemas: SchemaValidators,
  chosen?: ReadonlySet<string>,
): Generator<readonly Probe[]> {
  const budget = runBudget(target);
  const planned = budget && planAll(contract, target, catalogue, schemas, budget);
  for (const operation of contract.operations) {
    if (chosen && !chosen.has(operation.id)) continue;
    yield planned?.get(operation.id) ?? planOperation(contract, target, operation, catalogue.cases, schemas);
  }
}

/**
 * @param probes of each operation
 * @param beforehand requests that are sent once, before those of the operations
 * @param closer the most requests that may be sent beside that of a probe: see `requestsToLookCloser`
 */
export function summarise(
  probes: Iterable<readonly Probe[]>,
  beforehand = 0,
  closer: (probe: Probe) => number = () => 0,
): RunPlan {
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
  for (const operation of probes) {
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
  const schemas = new SchemaValidators(contract);
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
 * of them, and the same with a valid request. A budget has no room for either.
 */
function requestsToLookCloser({ run, policy }: Target): (probe: Probe) => number {
  return ({ request, case: { alone }, operation }) =>
    request && run.budget === undefined
      ? (alone ? Math.max(1, 2 * alone.most - 2) : 0) + (policy.allowWrites && !operation.isSafe ? 1 : 0)
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

/** For each documented rule the first of its cases that can be sent: what a budget keeps before anything else. */
function essentialCases(
  rules: readonly Rule[],
  operation: Operation,
  probes: readonly Probe[],
  contract: Contract,
): string[] {
  const first = rules.flatMap((rule) => {
    if (rule.reasonNotApplicable?.(operation, contract) !== undefined) return [];
    const given = new Set(casesGiven(rule).map(({ id }) => id));
    return probes.find((probe) => probe.request && given.has(probe.case.id))?.id ?? [];
  });
  return [...new Set(first)];
}

function isDocumented({ level, source }: Rule, { promises }: Contract): boolean {
  if (level !== 'MUST' || !('promise' in source)) return false;
  return promises.find(({ id }) => id === source.promise)?.mark !== 'inferred';
}
