import type { Contract, Operation } from '../model/contract.ts';
import { casesGiven, type Rule } from '../judging/rule.ts';
import type { Candidate, ProbesByOperation } from '../requests/budget.ts';
import { FULL_ACCESS_CASE, NO_KEY_CASE } from '../requests/case.ts';
import { controlIds, type Probe } from '../requests/plan-operation.ts';

/** What a budget can be spent on: every probe that is sent unless it turns out that it need not be. */
export function budgetCandidates(probes: ProbesByOperation, contract: Contract, rules: readonly Rule[]): Candidate[] {
  const documented = rules.filter((rule) => isDocumented(rule, contract));
  const naming = rulesByCase(rules);
  return contract.operations.flatMap((operation) => {
    const its = probes.get(operation.id) ?? [];
    const sent = new Map(its.flatMap((probe) => (probe.request ? [[probe.id, probe] as const] : [])));
    const promises = promisesByCase(documented, operation, contract);
    return [...sent.values()]
      .filter((probe) => probe.case.kind !== 'on-demand')
      .map((probe) => ({
        operation: operation.id,
        id: probe.id,
        cost: costOf(probe),
        onDemand: [probe.case.comparison, probe.case.elsewhere].filter((one) => one && sent.has(one.id)).length,
        needs: needsOf(probe, naming.get(probe.case.id) ?? []).filter((id) => id !== probe.id && sent.has(id)),
        isSafe: operation.isSafe,
        promises: (promises.get(probe.case.id) ?? []).flatMap(({ id, alternatives }) =>
          alternatives === undefined || probe.id !== probe.case.id ? [id] : [],
        ),
      }));
  });
}

/** Requests: some are sent after another one. */
function costOf({ request }: Probe): number {
  return request?.earlier ? 2 : 1;
}

/** What its response is held against: its control, what everyone gets, and what rules look up. */
function needsOf(probe: Probe, naming: readonly Rule[]): string[] {
  const [, alternative] = /(@.*)$/.exec(probe.id) ?? [];
  const compared = naming.flatMap(({ comparedWith = [], comparedFor }) => comparedFor?.(probe.case) ?? comparedWith);
  const inTheSameWay = compared.flatMap(({ id }) => [
    ...(alternative === undefined ? [] : [`${id}${alternative}`]),
    id,
  ]);
  const inThePrimaryWay = naming.some(({ alternatives }) => alternatives === 'others') ? [probe.case.id] : [];
  return [...new Set([FULL_ACCESS_CASE, NO_KEY_CASE, ...controlIds(probe), ...inThePrimaryWay, ...inTheSameWay])];
}

function rulesByCase(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const naming = new Map<string, Rule[]>();
  for (const rule of rules) for (const { id } of casesGiven(rule)) naming.set(id, [...(naming.get(id) ?? []), rule]);
  return naming;
}

interface PromiseOfCase {
  readonly id: string;
  readonly alternatives: Rule['alternatives'];
}

function promisesByCase(
  documented: readonly Rule[],
  operation: Operation,
  contract: Contract,
): ReadonlyMap<string, readonly PromiseOfCase[]> {
  const promises = new Map<string, PromiseOfCase[]>();
  for (const rule of documented) {
    if (!('promise' in rule.source) || rule.reasonNotApplicable?.(operation, contract) !== undefined) continue;
    const { promise: id } = rule.source;
    for (const one of casesGiven(rule))
      promises.set(one.id, [...(promises.get(one.id) ?? []), { id, alternatives: rule.alternatives }]);
  }
  return promises;
}

/** A MUST that a page says, and nobody inferred. */
export function isDocumented({ level, source }: Rule, { promises }: Pick<Contract, 'promises'>): boolean {
  if (level !== 'MUST' || !('promise' in source)) return false;
  return promises.find(({ id }) => id === source.promise)?.mark !== 'inferred';
}
