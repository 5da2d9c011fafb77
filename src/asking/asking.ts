import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../config/configuration-error.ts';
import { excuse } from '../config/known-failures.ts';
import type { RunConfiguration } from '../config/run-configuration.ts';
import { today } from '../config/today.ts';
import type { RateLimiter } from '../http/rate-limiter.ts';
import { rateLimiterOf } from '../http/sender.ts';
import { cellId } from '../model/cell-id.ts';
import type { Operation } from '../model/contract.ts';
import { ContractError } from '../openapi/contract-error.ts';
import { AllureGenerator } from '../reporting/allure.ts';
import { comparisonCells, newerRules } from '../reporting/compose.ts';
import { type ReportedOperation, reportOperation, type TargetNote } from '../reporting/playwright-notes.ts';
import type { ReportedKeys } from '../reporting/reported-keys.ts';
import { many } from '../reporting/wording.ts';
import type { Budget } from '../requests/budget.ts';
import { type Catalogue, catalogueOf } from '../run/catalogue.ts';
import { Engine } from '../run/engine.ts';
import { journalFolder } from '../run/keys/journal.ts';
import { revokeLeftovers } from '../run/keys/leftovers.ts';
import { inShard, runBudget, type Shard, sharedPlans } from '../run/plan-run.ts';
import { preflight } from '../run/preflight.ts';
import type { SharedPlans } from '../run/shared-plans.ts';
import { beginning } from './beginning.ts';
import { checkConfiguration } from './check-configuration.ts';
import { type KeptPreflight, KeptResults } from './kept-results.ts';
import { askAboutKeys } from './key-asking.ts';
import type {
  Answers,
  Begin,
  ChosenTest,
  FromAsking,
  GroupAnswer,
  Question,
  ReportWanted,
  ToAsking,
} from './messages.ts';
import { reportRun } from './run-reports.ts';
import { testsFile } from './tests-file.ts';
import { testsOf } from './tests-of-a-run.ts';
import { endsOfComparisons, endsOfKeys, endsOfOperation } from './test-ends.ts';
import { KEYS_OVER_TIME, rulesOf, testOfRule } from './test-units.ts';

/** So many operations, or fewer, are left when Allure is loaded: it takes a second, and so do they. */
const LEFT_FOR_ALLURE = 20;

export interface AskingOptions {
  readonly catalogue: Catalogue;
  /** Of the suite, for the report. */
  readonly version: string;
  /** Of the run: what is kept for others is in it. */
  readonly folder: string;
  readonly reportsFolder: string;
  /** Where the reports of this run are written until they are put in place. */
  readonly staging: string;
  /** Reads the contract and the settings. */
  readonly read: () => Promise<RunConfiguration>;
  readonly say: (message: FromAsking) => void;
}

/**
 * A run, but for the runner: reads the settings, asks the target, judges what comes back and writes the reports, while the
 * runner starts, lists tests and shows how they end. It asks ahead: no test has to begin before the next operation is asked.
 */
export class Asking {
  readonly #options: AskingOptions;
  #makesAllure = false;
  readonly #kept: KeptResults;
  /** Why operations are not asked, by their ids. */
  readonly #givenUp = new Map<string, string>();
  readonly #results = new Map<string, Promise<void>>();
  readonly #announce = (text: string): void => this.#options.say({ type: 'said', text });
  readonly #stopping = new AbortController();
  readonly #endingWriting = new AbortController();
  #configuration: RunConfiguration | undefined;
  /** Why there is no configuration. */
  #problem = 'the settings have not been read';
  #chosen: readonly ChosenTest[] | undefined;
  #shard: Shard | null = null;
  #preflight: Promise<KeptPreflight> | undefined;
  #engine: Engine | undefined;
  #rateLimiter: RateLimiter | undefined;
  #allure: AllureGenerator | undefined;
  #plans: SharedPlans | undefined;
  /** The operations that wait for their turn. */
  readonly #waiting: string[] = [];
  /** The end of what was asked last, since one operation is asked at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  /** The end of what was judged last. */
  #judging: Promise<unknown> = Promise.resolve();
  /** Nothing is done while another operation is asked, so that what goes wrong is about the one that is. */
  #isOneByOne = false;
  /** What becomes of keys over time, once it is being asked. */
  #keys: Promise<void> | undefined;
  /** Sentences about keys that were made and could not be revoked. */
  #keysLeft: readonly string[] = [];
  /** Of the preflight, or of a process before this one. */
  #requestsBefore = 0;
  #keyRequests: () => number = () => 0;
  /** The end of what it was told. */
  #told: Promise<void> = Promise.resolve();
  /** What was read last of what is kept. */
  #read: readonly ReportedOperation[] = [];

  constructor(options: AskingOptions) {
    this.#options = options;
    this.#kept = new KeptResults(options.folder);
  }

  /** Put on the wire so far, retries included. */
  get requests(): number {
    return this.#requestsBefore + (this.#engine?.requests ?? 0) + this.#keyRequests();
  }

  /** The most requests that the run may send; undefined: it has no budget. */
  get budget(): number | undefined {
    return this.#configuration && runBudget(inShard(this.#configuration.target, this.#shard))?.requests;
  }

  /** Does what it is told, one thing after the other; only the words that end something need not wait for their turn. */
  take(message: ToAsking): Promise<void> {
    if (message.type === 'stop') this.#stop();
    else if (message.type === 'stop writing') this.#endingWriting.abort();
    else return (this.#told = this.#told.then(() => this.#do(message)));
    return Promise.resolve();
  }

  async #do(message: Exclude<ToAsking, { readonly type: 'stop' | 'stop writing' }>): Promise<void> {
    if (message.type === 'set up') {
      for (const [operation, reason] of Object.entries(message.givenUp)) this.#givenUp.set(operation, reason);
      this.#isOneByOne = message.oneByOne;
      this.#requestsBefore = message.spent;
      this.#options.say({ type: 'set up', ...(await this.#setUp(message.needsTarget)) });
    } else if (message.type === 'begin') {
      // The runner may say what it has chosen before it has heard that the settings or the contract cannot be used.
      if (this.#configuration) await this.#unlessStopped(this.#begin(message));
    } else if (this.#configuration) await this.#report(message);
    else {
      this.#options.say({ type: 'reported', text: '', problem: this.#problem });
      this.#options.say({ type: 'written' });
    }
  }

  async #unlessStopped(work: Promise<void>): Promise<void> {
    await this.#orStopped(work).catch((error: unknown) => {
      if (!this.#isStopped()) throw error;
    });
  }

  /** @throws Error where the target cannot be asked for a reason of the suite's own */
  answer(question: Question): Promise<Answers[Question['about']]> {
    if (question.about === 'target') return this.#findOut();
    if (question.about === 'keys') return this.#endsOfKeys(question.whole);
    if (question.about === 'operation') return this.#endsOf(question.operation, question.whole);
    return this.#endsOfComparisons();
  }

  async #setUp(needsTarget: boolean): Promise<{ readonly problem?: string }> {
    try {
      const configuration = await this.#options.read();
      checkConfiguration(configuration, this.#options.catalogue, needsTarget);
      this.#configuration = configuration;
      const problems = await this.#tidy(configuration);
      if (problems.length > 0) return this.#cannotBeSetUp(problems.join('\n'));
      writeFileSync(testsFile(this.#options.folder), JSON.stringify(testsOf(configuration, this.#options.catalogue)));
      return {};
    } catch (error) {
      if (error instanceof ConfigurationError || error instanceof ContractError)
        return this.#cannotBeSetUp(error.message);
      throw error;
    }
  }

  #cannotBeSetUp(problem: string): { readonly problem: string } {
    this.#configuration = undefined;
    this.#problem = problem;
    return { problem };
  }

  /** Keys that a run before this one made and did not come to revoke are revoked before anything is asked. */
  async #tidy({ contract, target, reportsFolder }: RunConfiguration): Promise<readonly string[]> {
    if (target.policy.production || !existsSync(journalFolder(reportsFolder))) return [];
    const { revoked, problems } = await revokeLeftovers(contract, target, journalFolder(reportsFolder));
    if (revoked.length > 0) {
      const verb = revoked.length === 1 ? 'is' : 'are';
      const text = `${many(revoked.length, 'key')} that an earlier run had left behind ${verb} revoked: ${revoked.join(', ')}`;
      this.#announce(text);
    }
    return problems;
  }

  /** The runner says which tests were chosen on its command line: only what these are about is asked, and in their order. */
  async #begin({ chosen, allure, shard = null }: Begin): Promise<void> {
    this.#chosen = chosen;
    this.#makesAllure = allure;
    this.#shard = shard;
    const { contract, target, usesEmbeddedMock } = this.#set();
    const operations = new Set(chosen.map(([operation]) => operation).filter((id) => id !== KEYS_OVER_TIME));
    const rules = { ofOperations: this.#rules(), aboutKeys: this.#keyRules() };
    const cases = catalogueOf(this.#options.catalogue, rules.ofOperations);
    this.#plans = sharedPlans(contract, target, cases);
    const configuration = { contract, target, usesEmbeddedMock };
    const text = beginning(configuration, this.#options.catalogue, rules, operations, shard, this.#plans);
    const begun = text.then((said) => this.#options.say({ type: 'begun', text: said }));
    // A test may ask for an operation before: what is sent is said first all the same.
    this.#turn = begun;
    // Its responses are waited for while the plan is made.
    const found = this.#findOut();
    found.catch(() => undefined);
    await begun;
    if ((await found).problems.length > 0) return;
    for (const id of operations) void this.#result(id);
    // After the operations, so that what it is about stands by itself in the logs of the API.
    if (rules.aboutKeys.size > 0) void this.#askKeys();
  }

  /** Ids of the rules that this run asks about. */
  #rules(): ReadonlySet<string> {
    const { rules } = this.#options.catalogue;
    if (!this.#chosen) return new Set(rules.map(({ id }) => id));
    return new Set([...new Set(this.#chosen.map(([, title]) => title))].flatMap((title) => rulesOf(title, rules)));
  }

  /** Ids of the rules about keys over time that this run asks about. */
  #keyRules(): ReadonlySet<string> {
    const { keyRules } = this.#options.catalogue;
    if (!this.#chosen) return new Set(keyRules.map(({ id }) => id));
    const titles = new Set(this.#chosen.flatMap(([group, title]) => (group === KEYS_OVER_TIME ? [title] : [])));
    return new Set(keyRules.filter((rule) => titles.has(testOfRule(rule).title)).map(({ id }) => id));
  }

  /** Once, when the operations have been asked. It ends when every key that was made is revoked. */
  #askKeys(): Promise<void> {
    this.#keys ??= this.#turn.then(() => this.#makeKeys());
    // Whoever asks for it hears of it.
    this.#keys.catch(() => undefined);
    return this.#keys;
  }

  async #makeKeys(): Promise<void> {
    if (this.#kept.keys() || this.#isStopped()) return;
    const { pathValues } = await this.#findOut();
    const found = await askAboutKeys({
      ...{ configuration: this.#set(), catalogue: this.#options.catalogue, rules: this.#keyRules(), pathValues },
      announce: this.#announce,
      rateLimiter: this.#pace(),
      signal: this.#stopping.signal,
      counted: (requests) => (this.#keyRequests = requests),
    });
    this.#keysLeft = found.leftovers;
    // What is judged of a part of the asking says nothing.
    if (!this.#isStopped()) this.#kept.keepKeys(found);
  }

  async #endsOfKeys(whole: boolean): Promise<GroupAnswer<ReportedKeys>> {
    const { problems } = await this.#findOut();
    if (problems.length > 0) return { skipped: problems.join('\n') };
    await this.#askKeys();
    const asked = this.#kept.keys();
    if (!asked) throw new Error('keys over time were not asked');
    const { contract, settings } = this.#set();
    const ends = Object.fromEntries(endsOfKeys(asked, this.#options.catalogue, contract, settings));
    return { ends, ...(whole && { whole: asked }) };
  }

  #set(): RunConfiguration {
    if (!this.#configuration) throw new Error(this.#problem);
    return this.#configuration;
  }

  #findOut(): Promise<KeptPreflight> {
    return (this.#preflight ??= this.#runPreflight());
  }

  async #runPreflight(): Promise<KeptPreflight> {
    const known = this.#kept.preflight();
    const { contract, target, usesEmbeddedMock } = this.#set();
    const { problems, requests, pathValues } = known
      ? { ...known, requests: known.note.requests }
      : await preflight(contract, target, {
          announce: this.#announce,
          stop: this.#stopping.signal,
          rateLimiter: this.#pace(),
        });
    const { baseUrl, environment } = target;
    const note: TargetNote = { baseUrl, environment, requests, ...(usesEmbeddedMock && { mock: true as const }) };
    const found = { note, problems, ...(pathValues && { pathValues }) };
    this.#stopping.signal.throwIfAborted();
    if (!known) this.#kept.keepPreflight(found);
    // What a process before this one has sent counts its preflight.
    this.#requestsBefore = known ? Math.max(this.#requestsBefore, requests) : this.#requestsBefore + requests;
    this.#options.say({ type: 'preflight', problems });
    return found;
  }

  /** Asks an operation when it is its turn, and judges it while the next one is asked, once. */
  #result(id: string): Promise<void> {
    const known = this.#results.get(id);
    if (known) return known;
    this.#waiting.push(id);
    const judgedBefore = this.#judging;
    const asked = this.#turn.then(() => this.#askInTurn(id));
    const result = Promise.all([asked, judgedBefore]).then(([judge]) => this.#judgeAndKeep(id, judge));
    this.#judging = result.catch(() => undefined);
    // What was received is held of two operations at most, since it may be large.
    this.#turn = this.#isOneByOne ? this.#judging : Promise.all([asked, judgedBefore]).catch(() => undefined);
    this.#results.set(id, result);
    return result;
  }

  /** @returns how to judge what came of it; undefined where a process before this one has kept it */
  async #askInTurn(id: string): Promise<(() => Promise<ReportedOperation>) | undefined> {
    this.#waiting.shift();
    this.#throwIfStopped();
    if (this.#kept.hasOperation(id)) return undefined;
    const [ahead] = this.#isOneByOne ? [] : this.#waiting;
    this.#options.say({ type: 'asking', operation: id, ...(ahead !== undefined && { ahead }) });
    return this.#orStopped(this.#ask(id, ahead));
  }

  /**
   * What is under way when the run is stopped, such as the wait for a rate limit, is not waited for. Within a budget all
   * operations are under way all the time, so what is known of them is.
   *
   * @throws the reason of the stop
   */
  async #orStopped<Result>(work: Promise<Result>): Promise<Result> {
    const { signal } = this.#stopping;
    const over = new AbortController();
    const stopped = new Promise<never>((_, fail) => {
      const stop = (): void => {
        if (!this.#engine?.hasAskedWithinBudget) fail(signal.reason as Error);
      };
      signal.addEventListener('abort', stop, { once: true, signal: over.signal });
    });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      over.abort();
    }
  }

  async #judgeAndKeep(id: string, judge: (() => Promise<ReportedOperation>) | undefined): Promise<void> {
    if (judge) this.#kept.keepOperation(await judge());
    this.#options.say({ type: 'judged', operation: id });
    // It loads while responses are waited for, not while the runner and its worker start, and not long before it is needed.
    if (this.#makesAllure && !this.#isStopped() && this.#waiting.length <= LEFT_FOR_ALLURE)
      this.#allure ??= new AllureGenerator();
  }

  /** What was not asked when the run was stopped is not asked any more; within a budget what is known of it is judged. */
  #throwIfStopped(): void {
    if (!this.#engine?.hasAskedWithinBudget) this.#stopping.signal.throwIfAborted();
  }

  async #ask(id: string, ahead: string | undefined): Promise<() => Promise<ReportedOperation>> {
    const { target, knownFailures } = this.#set();
    const { catalogue } = this.#options;
    const operation = this.#operation(id);
    const newer = newerRules(catalogue, target.run.edition);
    const withoutVerdict = (reason: string) => (): Promise<ReportedOperation> =>
      Promise.resolve(notAsked(operation, catalogue, reason, newer));
    const failedBy = (error: unknown) => withoutVerdict(`the suite failed here: ${(error as Error).stack}`);
    const reason = this.#givenUp.get(id);
    if (reason !== undefined) return withoutVerdict(reason);
    try {
      const engine = this.#engineOf(await this.#findOut());
      const asked = await engine.ask(operation, ahead === undefined ? undefined : this.#operation(ahead));
      return async () => {
        try {
          const found = await engine.judge(asked);
          return reportOperation(found, (cell) => excuse(cell, target.environment, knownFailures, today()), newer);
        } catch (error) {
          return failedBy(error)();
        }
      };
    } catch (error) {
      this.#stopping.signal.throwIfAborted();
      return failedBy(error);
    }
  }

  #operation(id: string): Operation {
    const operation = this.#set().contract.operations.find((one) => one.id === id);
    if (!operation) throw new Error(`the contract has no operation ${id}`);
    return operation;
  }

  /** Whoever asks goes by what was learned of the target before. */
  #pace(): RateLimiter {
    return (this.#rateLimiter ??= rateLimiterOf(this.#set().target, { announce: this.#announce }));
  }

  /** Those that share a budget. */
  #chosenOperations(): ReadonlySet<string> | undefined {
    return this.#chosen && new Set(this.#chosen.map(([group]) => group));
  }

  #engineOf({ pathValues }: KeptPreflight): Engine {
    const { contract, target } = this.#set();
    return (this.#engine ??= new Engine(contract, target, catalogueOf(this.#options.catalogue, this.#rules()), {
      announce: this.#announce,
      rateLimiter: this.#pace(),
      timeout: target.run.timeout,
      budget: this.#budgetLeft(),
      chosen: this.#chosenOperations(),
      plans: this.#plans,
      pathValues,
      stop: this.#stopping.signal,
    }));
  }

  /** Without what was sent before, so that the run never sends more than its budget. */
  #budgetLeft(): Budget | undefined {
    const budget = runBudget(inShard(this.#set().target, this.#shard));
    return budget && { ...budget, requests: Math.max(0, budget.requests - this.#requestsBefore) };
  }

  async #endsOf(id: string, whole: boolean): Promise<GroupAnswer<ReportedOperation>> {
    const { problems } = await this.#findOut();
    if (problems.length > 0) return { skipped: problems.join('\n') };
    await this.#result(id);
    const asked = this.#kept.operation(id);
    if (!asked) throw new Error('the operation was not asked');
    const { contract, settings } = this.#set();
    const ends = Object.fromEntries(endsOfOperation(asked, this.#options.catalogue, contract, settings));
    return { ends, ...(whole && { whole: asked }) };
  }

  /** The rules that compare operations, about all that were asked. */
  async #endsOfComparisons(): Promise<GroupAnswer<never>> {
    await this.#judging;
    const { contract, settings, knownFailures, target } = this.#set();
    const { crossOperationRules } = this.#options.catalogue;
    const operations = this.#judged();
    if (operations.length === 0) return { skipped: 'no operation was asked' };
    const cells = comparisonCells({
      ...{ contract, catalogue: { crossOperationRules }, operations, edition: settings.edition },
      ...{ environment: target.environment, known: knownFailures, today: today() },
    });
    return { ends: Object.fromEntries(endsOfComparisons(cells, this.#options.catalogue, contract, settings)) };
  }

  /** What is known of the operations, in the order of the contract. Of a thousand it takes a while to read. */
  #judged(): readonly ReportedOperation[] {
    const known = this.#set().contract.operations.filter(({ id }) => this.#kept.hasOperation(id));
    if (known.length !== this.#read.length) this.#read = known.flatMap(({ id }) => this.#kept.operation(id) ?? []);
    return this.#read;
  }

  #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #stop(): void {
    this.#stopping.abort(new Error('the run was stopped'));
    // Nothing waits for connections that are still being opened.
    void this.#engine?.close();
  }

  async #report({ startedAt, durationMs, interrupted, strict, shard }: ReportWanted): Promise<void> {
    this.#stop();
    // What was asked to its end, or what a budget was spent on so far, is judged without another request.
    await Promise.allSettled(this.#results.values());
    // Every key that was made is revoked before the process may end.
    await this.#keys?.catch(() => undefined);
    const keys = this.#kept.keys();
    const chosen = this.#chosen ?? [];
    const { rules } = this.#options.catalogue;
    const operations = new Map(this.#judged().map((one) => [one.operation, one]));
    const cells = chosen.flatMap(([operation, title]) => rulesOf(title, rules).map((rule) => ({ rule, operation })));
    const { reportsFolder: folder, staging } = this.#options;
    const written = { folder, staging, allure: this.#makesAllure };
    const { report, hasAllureResults, ...reported } =
      interrupted && operations.size === 0 && !keys
        ? {
            text: this.#keysLeft.map((sentence) => `${sentence}\n`).join(''),
            hasAllureResults: false,
            report: undefined,
          }
        : reportRun(
            this.#set(),
            this.#options.catalogue,
            this.#options.version,
            {
              ...{ operations, interrupted, strict, durationMs, startedAt: new Date(startedAt) },
              ...{ keys, leftovers: this.#keysLeft, keyRulesPlanned: this.#chosen ? [...this.#keyRules()] : [] },
              ...{ planned: cells.length, target: this.#kept.preflight()?.note, ...(shard && { shard }) },
              ended: new Set(cells.filter(({ operation }) => operations.has(operation)).map(cellId)),
            },
            written,
          );
    this.#options.say({ type: 'reported', ...reported });
    const problem = hasAllureResults
      ? await (this.#allure ?? new AllureGenerator()).make(
          join(staging, 'allure-results'),
          join(staging, 'allure'),
          this.#endingWriting.signal,
        )
      : undefined;
    this.#options.say({ type: 'written', ...(problem !== undefined && { problem }) });
  }
}

/** Of an operation that could not be asked each cell is an error, which is no verdict on the target. */
function notAsked(
  { id }: Operation,
  { rules }: Pick<Catalogue, 'rules'>,
  reason: string,
  newer: ReadonlySet<string>,
): ReportedOperation {
  return {
    ...{ operation: id, requests: 0, fingerprints: {}, compared: {}, unprovenHarmless: 0 },
    cells: rules.map(({ id: rule, level }) => ({
      ...{ rule, level, operation: id, outcome: 'error' as const, reason, cases: [] },
      ...(newer.has(rule) && { newer: true }),
    })),
    signs: { key: 'none', keyless: 'none', accepting: [], refused: {}, signs: [] },
  };
}
