import type { Contract, Operation } from '../model/contract.ts';
import type { Exchange } from '../model/exchange.ts';
import { type BudgetPlan, type Candidate, type ProbesByOperation, type Shown } from '../requests/budget.ts';
import { FULL_ACCESS_CASE } from '../requests/case.ts';
import type { Probe } from '../requests/plan-operation.ts';
import { isSuccess } from '../judging/expectations.ts';
import { judge, type OperationExchanges, withValidRequest } from '../judging/judge.ts';
import { differentOperations } from '../judging/different-operations.ts';
import { casesGiven, type Rule } from '../judging/rule.ts';

/** By the operation, then by the id of the probe. */
export type ExchangesByOperation = ReadonlyMap<string, Map<string, Exchange>>;

export interface Spending {
  readonly contract: Contract;
  /** Those that share the budget. */
  readonly operations: readonly Operation[];
  readonly rules: readonly Rule[];
  readonly plan: BudgetPlan;
  readonly probes: ProbesByOperation;
  /** Requests that may still be sent. */
  readonly left: () => number;
  /** Sends probes of several operations, in the order that a server that remembers is to meet them. */
  readonly send: (probes: readonly Probe[], keep: (probe: Probe, exchange: Exchange) => void) => Promise<void>;
  /** The comparisons that turned out to be needed by what was sent. */
  readonly comparisons: (probes: readonly Probe[], exchanges: ReadonlyMap<string, Exchange>) => readonly Probe[];
  /** Tells apart the names that opened something together, as far as the requests go that are left. */
  readonly tellApart: (
    probes: readonly Probe[],
    exchanges: ReadonlyMap<string, Exchange>,
  ) => Promise<ReadonlyMap<string, Exchange>>;
  /** What is known of an operation by now, to be judged. */
  readonly sentTo: (operation: Operation, exchanges: ReadonlyMap<string, Exchange>) => OperationExchanges;
  /** Aborted when the run is stopped: nothing is sent any longer, and nothing that is under way is waited for. */
  readonly stop: AbortSignal | undefined;
  /** Called after each part of the budget is spent. */
  readonly onSpent: (exchanges: ExchangesByOperation) => void;
}

/**
 * Sends what a plan wants next, judges it, and has the plan go by what was found, until the budget is spent or the run is
 * stopped: what came back by then is not lost.
 */
export async function spendBudget(spending: Spending): Promise<ExchangesByOperation> {
  const found = new Map(spending.operations.map(({ id }) => [id, new Map<string, Exchange>()]));
  try {
    await Promise.race([spendInto(found, spending), ...(spending.stop ? [stopped(spending.stop)] : [])]);
  } catch (error) {
    if (spending.stop?.aborted !== true) throw error;
  }
  // What comes back later is too late.
  return new Map([...found].map(([id, its]) => [id, new Map(its)]));
}

/** @throws the reason of the signal, when it is aborted */
function stopped(stop: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    stop.addEventListener('abort', () => reject(stop.reason as Error), { once: true });
    if (stop.aborted) reject(stop.reason as Error);
  });
}

async function spendInto(found: Map<string, Map<string, Exchange>>, spending: Spending): Promise<void> {
  const { contract, operations: all, plan, probes, left, send } = spending;
  const of = (operation: string): Map<string, Exchange> => found.get(operation) ?? new Map<string, Exchange>();
  const keep = (probe: Probe, exchange: Exchange): void => void of(probe.operation.id).set(probe.id, exchange);
  for (;;) {
    const batch = plan.next(left());
    if (batch.length === 0) return;
    const sent = probesOf(batch, probes);
    await send(sent, keep);
    const asked = new Set(batch.map(({ operation }) => operation));
    const operations = all.filter(({ id }) => asked.has(id));
    // What a finding means comes before the next case.
    const closer = operations.flatMap(({ id: operation }) => {
      const its = new Map(sent.flatMap((probe) => exchangeOf(probe, operation, of(operation))));
      return spending.comparisons(probes.get(operation) ?? [], its).filter(({ id }) => !of(operation).has(id));
    });
    await send(closer.slice(0, Math.max(0, left())), keep);
    for (const { id: operation } of operations) {
      const its = sent.filter((probe) => probe.operation.id === operation);
      for (const [id, exchange] of await spending.tellApart(its, of(operation))) of(operation).set(id, exchange);
    }
    plan.learn(
      operations.flatMap((operation) => shownOn(operation, batch, spending, of(operation.id))),
      {
        opened: new Set([...found].flatMap(([id, its]) => (isOpened(its) ? [id] : []))),
        different: differentOperations(contract, found),
      },
    );
    spending.onSpent(found);
  }
}

function probesOf(batch: readonly Candidate[], probes: ProbesByOperation): Probe[] {
  const wanted = new Set(batch.map(({ operation, id }) => `${operation} ${id}`));
  return [...probes.values()].flat().filter((probe) => wanted.has(`${probe.operation.id} ${probe.id}`));
}

function exchangeOf(
  { id, operation }: Probe,
  wanted: string,
  exchanges: ReadonlyMap<string, Exchange>,
): [string, Exchange][] {
  const exchange = operation.id === wanted ? exchanges.get(id) : undefined;
  return exchange ? [[id, exchange]] : [];
}

function isOpened(exchanges: ReadonlyMap<string, Exchange>): boolean {
  const response = exchanges.get(FULL_ACCESS_CASE)?.response;
  return response !== undefined && isSuccess(response);
}

/** What the probes of a batch have shown on one operation, by every rule that can judge them. */
function shownOn(
  operation: Operation,
  batch: readonly Candidate[],
  { rules, sentTo, probes }: Spending,
  exchanges: ReadonlyMap<string, Exchange>,
): Shown[] {
  const ids = batch.filter((one) => one.operation === operation.id).map(({ id }) => id);
  const cases = new Set(probes.get(operation.id)?.flatMap((probe) => (ids.includes(probe.id) ? [probe.case.id] : [])));
  const judging = rules.filter((rule) => 'every' in rule.given || casesGiven(rule).some(({ id }) => cases.has(id)));
  // What was judged is remembered by the map, which is to grow no more.
  const sent = sentTo(operation, new Map(exchanges));
  const verdicts = judging.flatMap((rule) => judge(rule, sent).cases);
  return ids.map((id) => {
    const own = verdicts.filter((verdict) => verdict.case === id || verdict.case === withValidRequest(id));
    const hasShown = own.some(({ unmet, outcome }) => unmet.length > 0 || outcome === 'error');
    const isOpen = own.some(({ outcome }) => outcome === 'not proven');
    const conforms = own.some(({ outcome }) => outcome === 'conforms');
    return { operation: operation.id, id, what: hasShown ? 'something' : conforms && !isOpen ? 'nothing' : 'unknown' };
  });
}
