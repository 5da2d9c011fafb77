import type { RunPlan } from '../model/run-plan.ts';
import type { Contract, Operation } from '../model/contract.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import type { Catalogue } from './engine.ts';
import { type Budget, type ProbesByOperation, withinBudget } from '../requests/budget.ts';
import { planOperation, type Probe } from '../requests/plan-operation.ts';
import { secretsOf } from '../model/request.ts';
import type { Target } from '../model/target.ts';
import type { Rule } from '../judging/rule.ts';

/** Every probe of every operation, fitted to the budget if there is one. */
export function planAll(
  contract: Contract,
  target: Target,
  { cases, rules }: Pick<Catalogue, 'cases' | 'rules'>,
  schemas: SchemaValidators,
  budget?: Budget,
): ProbesByOperation {
  const all = new Map(
    contract.operations.map((operation) => [operation.id, planOperation(contract, target, operation, cases, schemas)]),
  );
  if (!budget) return all;
  const operations = new Map(contract.operations.map((operation) => [operation.id, operation]));
  const documented = rules.filter((rule) => isDocumented(rule, contract));
  const firstCases = new Map(
    [...operations].map(([id, operation]) => [id, essentialCases(documented, operation, all.get(id) ?? [], contract)]),
  );
  return withinBudget(all, (operation) => firstCases.get(operation) ?? [], budget, target.variables.budget);
}

/**
 * The probes of one operation after the other: those of a thousand are hundreds of megabytes, and who counts them holds
 * none. A budget is shared out over all, so that then they are all planned at once.
 */
export function* planEach(
  contract: Contract,
  target: Target,
  catalogue: Pick<Catalogue, 'cases' | 'rules'>,
  schemas: SchemaValidators,
  budget?: Budget,
): Generator<readonly Probe[]> {
  if (budget) yield* planAll(contract, target, catalogue, schemas, budget).values();
  else
    for (const operation of contract.operations)
      yield planOperation(contract, target, operation, catalogue.cases, schemas);
}

/** @param probes of each operation */
export function summarise(probes: Iterable<readonly Probe[]>): RunPlan {
  const byMethod: Record<string, number> = {};
  const byCredential: Record<string, number> = {};
  const unprovable = new Map<string, { probes: number; variable?: string }>();
  let requests = 0;
  let leftOut = 0;
  let onDemand = 0;
  const look = ({ request, notSent: why, case: one }: Probe): void => {
    if (request && one.onDemand) onDemand++;
    else if (request) {
      requests += request.earlier ? 2 : 1;
      byMethod[request.method] = (byMethod[request.method] ?? 0) + 1;
      const credential =
        secretsOf(request)
          .map(({ name }) => name)
          .join(' and ') || 'no key';
      byCredential[credential] = (byCredential[credential] ?? 0) + 1;
    } else if (why?.cause === 'budget') leftOut++;
    else if (why && why.cause !== 'policy' && why.cause !== 'form') {
      unprovable.set(why.message, {
        probes: (unprovable.get(why.message)?.probes ?? 0) + 1,
        ...(why.variable !== undefined && { variable: why.variable }),
      });
    }
  };
  for (const operation of probes) operation.forEach(look);
  return {
    requests,
    byMethod,
    byCredential,
    notSent: [...unprovable].map(([reason, found]) => ({ reason, ...found })),
    leftOut,
    onDemand,
  };
}

/** For each documented rule the first of its cases that can be sent: what a budget keeps before anything else. */
function essentialCases(
  rules: readonly Rule[],
  operation: Operation,
  probes: readonly Probe[],
  contract: Contract,
): string[] {
  const first = rules.flatMap(({ given, appliesTo }) => {
    if (typeof given === 'string' || (appliesTo?.(operation, contract) ?? true) !== true) return [];
    return probes.find((probe) => probe.request && given.includes(probe.case.id))?.id ?? [];
  });
  return [...new Set(first)];
}

function isDocumented({ level, source }: Rule, { promises }: Contract): boolean {
  if (level !== 'MUST' || !('promise' in source)) return false;
  return promises.find(({ id }) => id === source.promise)?.mark !== 'inferred';
}
