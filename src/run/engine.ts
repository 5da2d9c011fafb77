import type { JudgingCatalogue } from './catalogue.ts';
import type { Contract, Operation } from '../model/contract.ts';
import { allowsAnonymous } from '../openapi/security.ts';
import { type SchemaValidators, validatorsOf } from '../openapi/schema-validators.ts';
import { CERTIFICATE_CASE, FULL_ACCESS_CASE, NO_KEY_CASE, NOTHING_CASE } from '../requests/case.ts';
import { type Budget, BudgetPlan } from '../requests/budget.ts';
import {
  controlIds,
  idAlone,
  planOperation,
  type Probe,
  reasonsNotSent,
  type Names,
  namesOf,
} from '../requests/plan-operation.ts';
import { givingWay, planGivingWay } from './giving-way.ts';
import { type Landmark, landmarkRequests } from './landmarks.ts';
import { inOrder } from '../requests/order-of-sending.ts';
import { readPathValues } from './path-values.ts';
import { budgetCandidates } from './budget-candidates.ts';
import { NotSent } from '../requests/not-sent.ts';
import { planAll, unprovenHarmless, withoutUnsent } from './plan-run.ts';
import type { SharedPlans } from './shared-plans.ts';
import { type ExchangesByOperation, spendBudget } from './spend-budget.ts';
import type { PathValues, Target } from '../model/target.ts';
import { isAccepted, isRefusal, isSuccess } from '../judging/expectations.ts';
import { isAlike } from '../judging/likeness.ts';
import { type OperationSigns, signsOf } from '../judging/causes.ts';
import { type OperationExchanges, judge, probesWithoutProof } from '../judging/judge.ts';
import { receivedResponse } from '../judging/received-exchanges.ts';
import type { Cell } from '../model/cell.ts';
import { comparedExchanges, fingerprintsOf } from '../judging/fingerprints.ts';
import type { Fingerprints } from '../judging/operation-comparison.ts';
import type { Exchange, HttpResponse, Landmarks } from '../model/exchange.ts';
import { isOfTheTarget } from '../http/fault.ts';
import { offersHttp2 } from '../http/offers-http2.ts';
import { connectionTo } from '../http/connection.ts';
import { HttpSender, type SenderOptions } from '../http/sender.ts';

export interface OperationResult {
  readonly operation: string;
  /** Put on the wire for it, retries included. */
  readonly requests: number;
  readonly cells: readonly Cell[];
  /** For the rules that compare operations. */
  readonly fingerprints: Fingerprints;
  /** What was sent and answered of the cases that these rules compare, by case. */
  readonly compared: Readonly<Record<string, Exchange>>;
  /** For the causes that explain cells of several operations. */
  readonly signs: OperationSigns;
  /** Requests on unsafe methods that no control has shown to be harmless. */
  readonly unprovenHarmless: number;
}

/** What was sent to an operation and what came of it, before it is judged. */
export interface Asked {
  readonly sent: OperationExchanges;
  /** Put on the wire for it, retries included. */
  readonly requests: number;
}

export interface EngineOptions extends Partial<SenderOptions> {
  readonly budget?: Budget | undefined;
  /** Ids of the operations that share the budget, since the run is about them; absent: all of the contract. */
  readonly chosen?: ReadonlySet<string> | undefined;
  /** Called with all that is known each time a part of the budget is spent. */
  readonly onSpent?: ((exchanges: ExchangesByOperation) => void) | undefined;
  /** What is sent to operations as far as nothing is known of the target; absent: the engine plans it. */
  readonly plans?: SharedPlans | undefined;
  /** What was read of the target before; absent: the engine reads it. */
  readonly pathValues?: PathValues | undefined;
  /** Ids of the cases that are sent to an operation; absent: all of the catalogue. */
  readonly casesOn?: ((operation: Operation) => ReadonlySet<string>) | undefined;
}

/** Why a probe was not sent of a run that was stopped. */
const STOPPED = new NotSent('stop', 'not sent: the run was interrupted before');

/** One contract, one target, one catalogue: sends every case to an operation once and judges it by every rule. */
export class Engine {
  readonly #contract: Contract;
  #target: Target;
  #pathValues: Promise<void> | undefined;
  readonly #catalogue: JudgingCatalogue;
  readonly #schemas: SchemaValidators;
  readonly #wire: HttpSender;
  readonly #budget: Budget | undefined;
  readonly #casesOn: EngineOptions['casesOn'];
  readonly #chosen: ReadonlySet<string> | undefined;
  readonly #onSpent: EngineOptions['onSpent'];
  readonly #shared: EngineOptions['plans'];
  readonly #stop: AbortSignal | undefined;
  #withinBudget: Promise<ReadonlyMap<string, OperationExchanges>> | undefined;
  #hasSpent = false;
  #isKeyAccepted: Promise<boolean> | undefined;
  #landmarks: Promise<Landmarks> | undefined;
  #http2: Promise<void> | undefined;
  /** What will be sent to the operation that is asked next, by its id. */
  readonly #plans = new Map<string, Promise<readonly Probe[]>>();

  constructor(
    contract: Contract,
    target: Target,
    catalogue: JudgingCatalogue,
    { budget, chosen, onSpent, plans, pathValues, casesOn, ...options }: EngineOptions = {},
  ) {
    this.#contract = contract;
    this.#target = pathValues ? { ...target, pathValues } : target;
    if (pathValues) this.#pathValues = Promise.resolve();
    this.#catalogue = catalogue;
    this.#schemas = validatorsOf(contract);
    this.#budget = budget;
    this.#casesOn = casesOn;
    this.#chosen = chosen;
    this.#onSpent = onSpent;
    this.#shared = plans;
    this.#stop = options.stop;
    this.#wire = new HttpSender(contract, target, options);
  }

  /** Put on the wire so far, retries included. */
  get requests(): number {
    return this.#wire.requests;
  }

  /** Whether a part of a budget has been spent, so that operations can be judged though the run was stopped. */
  get hasAskedWithinBudget(): boolean {
    return this.#hasSpent;
  }

  async close(): Promise<void> {
    await this.#wire.close();
  }

  /** Sends every case to one operation and judges the responses by every rule. */
  async run(operation: Operation): Promise<OperationResult> {
    return this.judge(await this.ask(operation));
  }

  /**
   * Sends every case to one operation. Within a budget the first call asks all operations that the run is about, since what
   * one of them shows decides what the others are asked.
   *
   * @param next the operation that will be asked after it: it is planned while responses to this one are waited for
   */
  async ask(operation: Operation, next?: Operation): Promise<Asked> {
    const before = this.#wire.requests;
    const sent = await this.exchangesOf(operation, next);
    return { sent, requests: this.#budget ? attemptsOf(sent) : this.#wire.requests - before };
  }

  /** Judges by every rule, while responses of another operation are waited for. */
  async judge({ sent, requests }: Asked): Promise<OperationResult> {
    return {
      operation: sent.operation.id,
      cells: await givingWay(judgedByEach(this.#catalogue.rules, sent)),
      requests,
      fingerprints: fingerprintsOf(this.#catalogue.crossOperationRules, sent),
      compared: comparedExchanges(this.#catalogue.crossOperationRules, sent),
      signs: signsOf(sent),
      unprovenHarmless: [sent, sent.withValidRequests].reduce(
        (sum, each) => sum + (each ? unprovenHarmlessOf(each).length : 0),
        0,
      ),
    };
  }

  /** Sends and does not judge: what comes back can be judged by any rule, any number of times. */
  async exchangesOf(operation: Operation, next?: Operation): Promise<OperationExchanges> {
    await (this.#pathValues ??= this.#readPathValues());
    await (this.#http2 ??= this.#findHttp2());
    if (this.#budget) return this.#askedWithin(this.#budget, operation);
    const probes = await this.#planOf(operation);
    this.#plans.delete(operation.id);
    // Whoever asks for it hears of it.
    if (next) this.#planOf(next).catch(() => undefined);
    const landmarks = await (this.#landmarks ??= this.#sendLandmarks());
    const exchanges = await this.#send(probes.filter((probe) => probe.case.kind !== 'on-demand'));
    for (const [id, exchange] of await this.#send(wantedComparisons(probes, exchanges))) exchanges.set(id, exchange);
    for (const [id, exchange] of await this.#sendAlone(probes, exchanges)) exchanges.set(id, exchange);
    const isTargetAnswering = await this.#isAnsweringAfterFaults(probes, exchanges, landmarks);
    const isKeyAcceptedElsewhere = await this.#isKeyAcceptedElsewhere(operation, exchanges);
    return this.#withValidRequests({
      contract: this.#contract,
      target: this.#target,
      operation,
      schemas: this.#schemas,
      probes,
      exchanges,
      reasonsNotSent: reasonsNotSent(this.#catalogue.cases, operation, this.#contract),
      isKeyAcceptedElsewhere,
      isTargetAnswering,
      landmarks,
    });
  }

  /** Repeats with valid requests what showed nothing about keys, where writes are allowed: the full-access key comes last. */
  async #withValidRequests(sent: OperationExchanges): Promise<OperationExchanges> {
    const { operation } = sent;
    const mayRepeat = !operation.isSafe && this.#target.policy.allowWrites && !this.#budget;
    const open = mayRepeat ? probesWithoutProof(sent) : [];
    if (open.length === 0) return sent;
    const wanted = new Set([
      FULL_ACCESS_CASE,
      NO_KEY_CASE,
      CERTIFICATE_CASE,
      NOTHING_CASE,
      ...open.flatMap((probe) => [probe.id, ...controlIds(probe)]),
    ]);
    const cases = this.#casesFor(operation);
    const all = planOperation(this.#contract, this.#target, operation, cases, this.#schemas, 'example');
    const probes = all.filter(({ id, case: { kind } }) => wanted.has(id) || kind === 'on-demand');
    const isControl = (probe: Probe): boolean => probe.case.kind === 'control';
    const exchanges = await this.#send(probes.filter((probe) => probe.case.kind !== 'on-demand' && !isControl(probe)));
    for (const [id, exchange] of await this.#send(probes.filter(isControl))) exchanges.set(id, exchange);
    for (const [id, exchange] of await this.#send(wantedComparisons(probes, exchanges))) exchanges.set(id, exchange);
    return { ...sent, withValidRequests: { ...sent, probes, exchanges, isRepeat: true } };
  }

  /**
   * Whether a target that gave some requests no response answers others still: then it was not the network that failed.
   * What it called unavailable is sent once more then, since it may have been so for the length of all tries.
   *
   * @param exchanges those that are sent once more are replaced
   */
  async #isAnsweringAfterFaults(
    probes: readonly Probe[],
    exchanges: Map<string, Exchange>,
    landmarks: Landmarks,
  ): Promise<boolean> {
    const failed = probes.filter(({ id, request }) => {
      const fault = exchanges.get(id)?.fault;
      return request?.via === 'base' && request.newestTls === undefined && fault !== undefined && isOfTheTarget(fault);
    });
    if (failed.length === 0) return true;
    // Where the budget is spent nothing shows that the target answers.
    if (this.#left() < 1) return false;
    const control = probes.find(({ id }) => id === FULL_ACCESS_CASE || id === CERTIFICATE_CASE);
    const before = control && exchanges.get(control.id)?.response;
    if (!before || !control.request) return landmarks.unknownPath !== undefined && (await this.#isLandmarkAnswered());
    const { response } = await this.#wire.send(control.request, control.id);
    if (response?.status !== before.status) return false;
    const unavailable = failed.filter(({ id }) => exchanges.get(id)?.fault?.kind === 'unavailable');
    for (const [id, exchange] of await this.#send(unavailable.slice(0, this.#left()))) exchanges.set(id, exchange);
    return true;
  }

  async #isLandmarkAnswered(): Promise<boolean> {
    const landmark = landmarkRequests(this.#contract, this.#target, this.#schemas).get('unknownPath');
    const response = landmark && (await this.#wire.send(landmark, 'landmark')).response;
    return response !== undefined && response.status < 500 && response.status !== 429;
  }

  #isStopped(): boolean {
    return this.#stop?.aborted === true;
  }

  /** Requests that the budget still has. */
  #left(): number {
    return this.#budget ? this.#budget.requests - this.#wire.requests : Infinity;
  }

  async #askedWithin(budget: Budget, operation: Operation): Promise<OperationExchanges> {
    const asked = await (this.#withinBudget ??= this.#askWithin(budget));
    const found = asked.get(operation.id);
    if (!found) throw new Error(`${operation.id} has no share in the budget of the run`);
    return found;
  }

  async #askWithin(budget: Budget): Promise<ReadonlyMap<string, OperationExchanges>> {
    // Without them no response can be attributed, so that a budget for no more than that is for nothing.
    const hasRoom = this.#left() > landmarkRequests(this.#contract, this.#target, this.#schemas).size;
    const landmarks = hasRoom ? await (this.#landmarks ??= this.#sendLandmarks()) : {};
    const { rules, worth } = this.#catalogue;
    const probes = planAll(this.#contract, this.#target, this.#catalogue, this.#schemas, this.#chosen);
    const plan = new BudgetPlan(budgetCandidates(probes, this.#contract, rules), worth, budget);
    const operations = this.#contract.operations.filter(({ id }) => probes.has(id));
    const sentTo = (operation: Operation, exchanges: ReadonlyMap<string, Exchange>): OperationExchanges => ({
      ...{ contract: this.#contract, target: this.#target, operation, schemas: this.#schemas, exchanges, landmarks },
      probes: (probes.get(operation.id) ?? []).filter(({ id, request }) => !request || exchanges.has(id)),
      reasonsNotSent: reasonsNotSent(this.#catalogue.cases, operation, this.#contract),
      isKeyAcceptedElsewhere: true,
      isTargetAnswering: true,
    });
    const exchanges = await spendBudget({
      ...{ operations, contract: this.#contract, rules, plan, probes, sentTo },
      onSpent: (exchanges) => {
        this.#hasSpent = true;
        this.#onSpent?.(exchanges);
      },
      stop: this.#stop,
      left: () => (hasRoom ? this.#left() : 0),
      send: (some, keep) => this.#sendEach(some, keep),
      comparisons: wantedComparisons,
      tellApart: (some, its) => this.#sendAlone(some, its),
    });
    const isKeyAccepted = operations.some(
      ({ id, isSafe }) => isSafe && isAcceptedIn(exchanges.get(id)?.get(FULL_ACCESS_CASE)),
    );
    const reasonLeftOut = (id: string): NotSent => plan.reasonLeftOut(id, this.#target.variables.budget);
    const asked = new Map<string, OperationExchanges>();
    for (const operation of operations) {
      const own = exchanges.get(operation.id) ?? new Map<string, Exchange>();
      const sent = sentTo(operation, own);
      // What failed while the run was being stopped says nothing, and is not asked about again.
      const isTargetAnswering = this.#isStopped() || (await this.#isAnsweringAfterFaults(sent.probes, own, landmarks));
      const left = this.#isStopped() ? () => STOPPED : reasonLeftOut;
      asked.set(operation.id, {
        ...sent,
        probes: (probes.get(operation.id) ?? []).map((probe) =>
          own.has(probe.id) || probe.case.kind === 'on-demand' ? probe : withoutUnsent(probe, left),
        ),
        isKeyAcceptedElsewhere: isKeyAccepted || isAcceptedIn(own.get(FULL_ACCESS_CASE)),
        isTargetAnswering,
      });
    }
    return asked;
  }

  /** Once for a run, before the first request is made of them. */
  async #readPathValues(): Promise<void> {
    const pathValues = await readPathValues(this.#contract, this.#target, this.#wire, this.#schemas);
    this.#target = { ...this.#target, pathValues };
  }

  /** Once for a run: it takes a connection, and no request. */
  async #findHttp2(): Promise<void> {
    const { baseUrl, run } = this.#target;
    const origin = new URL(baseUrl);
    if (origin.protocol !== 'https:' || !this.#catalogue.cases.some(({ overHttp2 }) => overHttp2)) return;
    this.#target = { ...this.#target, offersHttp2: await offersHttp2(origin, run.timeout, connectionTo(this.#target)) };
  }

  #planOf(operation: Operation): Promise<readonly Probe[]> {
    const known = this.#plans.get(operation.id) ?? this.#plan(operation);
    this.#plans.set(operation.id, known);
    return known;
  }

  async #plan(operation: Operation): Promise<readonly Probe[]> {
    const hasReadIds = Object.keys(this.#target.pathValues.read).length > 0;
    if (this.#shared && !hasReadIds) return this.#withHttp2(operation, await this.#shared.sent(operation));
    return planGivingWay(this.#contract, this.#target, operation, this.#casesFor(operation), this.#schemas);
  }

  /** Of what was planned before, what goes over HTTP/2 is left out where the target turned out not to offer it. */
  #withHttp2(operation: Operation, probes: readonly Probe[]): readonly Probe[] {
    if (this.#target.offersHttp2 !== false) return probes;
    const cases = probes.filter(({ request }) => request?.http2).map((probe) => probe.case);
    const again = planOperation(this.#contract, this.#target, operation, [...new Set(cases)], this.#schemas);
    const byId = new Map(again.map((probe) => [probe.id, probe]));
    return probes.map((probe) => byId.get(probe.id) ?? probe);
  }

  #casesFor(operation: Operation): JudgingCatalogue['cases'] {
    const wanted = this.#casesOn?.(operation);
    return wanted ? this.#catalogue.cases.filter(({ id }) => wanted.has(id)) : this.#catalogue.cases;
  }

  async #send(probes: readonly Probe[]): Promise<Map<string, Exchange>> {
    const exchanges = new Map<string, Exchange>();
    await this.#sendEach(probes, ({ id }, exchange) => exchanges.set(id, exchange));
    return exchanges;
  }

  async #sendEach(probes: readonly Probe[], keep: (probe: Probe, exchange: Exchange) => void): Promise<void> {
    for (const group of inOrder(probes, ({ request, case: { kind } }) => ({ request, isControl: kind === 'control' })))
      await Promise.all(
        group.map(async (probe) => {
          if (probe.request) keep(probe, await this.#wire.send(probe.request, probe.id));
        }),
      );
  }

  /** Where a request with several names opened something, the names that count are found, so that the report can say them. */
  async #sendAlone(
    probes: readonly Probe[],
    exchanges: ReadonlyMap<string, Exchange>,
  ): Promise<ReadonlyMap<string, Exchange>> {
    const found = new Map<string, Exchange>();
    const noKey = (exchanges.get(NO_KEY_CASE) ?? exchanges.get(NOTHING_CASE))?.response;
    const opened = probes.filter(({ id, case: { alone } }) => alone && isOpened(exchanges.get(id), noKey));
    for (const group of inOrder(opened, ({ request }) => ({ request, isControl: false })))
      await Promise.all(
        group.map(async (probe) => {
          const names = namesOf(probe, this.#contract, this.#target, this.#schemas);
          if (names) await this.#tellApart(probe, names, names.all, noKey, found);
        }),
      );
    return found;
  }

  /** Sends each half of the names, and goes on with a half that opens something until one name is left. */
  async #tellApart(
    probe: Probe,
    names: Names,
    some: readonly string[],
    noKey: HttpResponse | undefined,
    found: Map<string, Exchange>,
  ): Promise<void> {
    const middle = Math.ceil(some.length / 2);
    await Promise.all(
      [some.slice(0, middle), some.slice(middle)].map(async (half) => {
        const [first, ...more] = half;
        if (first === undefined || this.#left() < 1) return;
        const exchange = await this.#wire.send(names.request(half), probe.id);
        if (more.length === 0) found.set(idAlone(probe.id, first), exchange);
        else if (isOpened(exchange, noKey)) await this.#tellApart(probe, names, half, noKey, found);
      }),
    );
  }

  /** Once a run. What a target answers with a 5xx or a rate limit is no landmark, because it is not what it usually says. */
  async #sendLandmarks(): Promise<Landmarks> {
    const found: [Landmark, HttpResponse][] = [];
    const requests = [...landmarkRequests(this.#contract, this.#target, this.#schemas)];
    for (const group of inOrder(requests, ([, request]) => ({ request, isControl: false })))
      await Promise.all(
        group.map(async ([name, request]) => {
          const response = receivedResponse(await this.#wire.send(request, 'landmark'));
          if (response && response.status < 500 && response.status !== 429) found.push([name, response]);
        }),
      );
    return Object.fromEntries(found);
  }

  /** Found out once for a run, and only where an operation has no accepted control of its own. */
  #isKeyAcceptedElsewhere(operation: Operation, exchanges: ReadonlyMap<string, Exchange>): Promise<boolean> {
    const own = (exchanges.get(FULL_ACCESS_CASE) ?? exchanges.get(CERTIFICATE_CASE))?.response;
    if (own && isAccepted(own)) return Promise.resolve(true);
    if (operation.isSafe) return Promise.resolve(false);
    return (this.#isKeyAccepted ??= this.#trySafeOperations());
  }

  async #trySafeOperations(): Promise<boolean> {
    const control = this.#catalogue.cases.filter(({ id }) => id === FULL_ACCESS_CASE || id === CERTIFICATE_CASE);
    for (const operation of this.#contract.operations.filter((one) => one.isSafe && !allowsAnonymous(one))) {
      const [exchange] = (
        await this.#send(planOperation(this.#contract, this.#target, operation, control, this.#schemas).slice(0, 1))
      ).values();
      if (exchange?.response && isAccepted(exchange.response)) return true;
    }
    return false;
  }
}

function* judgedByEach(rules: JudgingCatalogue['rules'], sent: OperationExchanges): Generator<Cell> {
  for (const rule of rules) yield judge(rule, sent);
}

/**
 * Of what was sent, the requests that no control has shown to be harmless. A control shows it that was accepted and refused
 * for its input all the same; one that was answered with a success may have changed something.
 */
function unprovenHarmlessOf({ probes, exchanges }: OperationExchanges): readonly Probe[] {
  return unprovenHarmless(
    probes.filter(({ id }) => exchanges.has(id)),
    ({ id }) => {
      const response = exchanges.get(id)?.response;
      return response !== undefined && isAccepted(response) && !isSuccess(response);
    },
  );
}

/** Requests that were sent for an operation, those before others among them. */
function attemptsOf({ probes, exchanges }: OperationExchanges): number {
  const earlier = probes.filter(({ id, request }) => request?.earlier && exchanges.has(id)).length;
  return [...exchanges.values()].reduce((sum, { attempts }) => sum + attempts, earlier);
}

function isAcceptedIn(exchange: Exchange | undefined): boolean {
  return exchange?.response !== undefined && isAccepted(exchange.response);
}

/** Not refused, in whatever words the operation refuses a request without a key. */
function isOpened(exchange: Exchange | undefined, noKey: HttpResponse | undefined): boolean {
  const response = exchange?.response;
  return response !== undefined && !isRefusal(response) && !(noKey && isAlike(response, noKey));
}

/** The comparisons that turned out to be needed, because a case got something else than a refusal. */
function wantedComparisons(probes: readonly Probe[], exchanges: ReadonlyMap<string, Exchange>): Probe[] {
  const notRefused = probes.filter(({ id }) => {
    const response = exchanges.get(id)?.response;
    return response !== undefined && !isRefusal(response);
  });
  const wanted = new Set(notRefused.flatMap(({ case: { comparison, elsewhere } }) => [comparison?.id, elsewhere?.id]));
  return probes.filter(({ case: { kind, id } }) => kind === 'on-demand' && wanted.has(id));
}
