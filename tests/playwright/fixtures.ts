import type { Operation } from '../../src/model/contract.ts';
import { catalogueOf } from '../../src/run/catalogue.ts';
import { inShard, runBudget, type Shard } from '../../src/run/plan-run.ts';
import { Engine } from '../../src/run/engine.ts';
import { newerRules } from '../../src/reporting/compose.ts';
import { type ReportedOperation, reportOperation } from '../../src/reporting/playwright-notes.ts';
import type { Target } from '../../src/model/target.ts';
import type { RunConfiguration } from '../../src/config/run-configuration.ts';
import { excuse, type KnownFailure } from '../../src/config/known-failures.ts';
import { catalogue } from '../catalogue/index.ts';
import { keptPathValues, notedOperations, notedRules, noteRequests, once, runConfiguration, today } from './run.ts';
import { announce } from './runner.ts';
import { runnerTest } from './workarounds.ts';

interface WorkerFixtures {
  /** Asks one operation everything, once for a run, and judges it by every rule. */
  readonly ask: (operation: Operation) => Promise<ReportedOperation>;
}

/** Milliseconds between two notes of how many requests have been sent. */
const BETWEEN_COUNTS = 1000;

/** An engine and what it takes to report what it finds. */
class Session {
  readonly #target: Target;
  readonly #engine: Engine;
  readonly #counting: NodeJS.Timeout;
  readonly #known: readonly KnownFailure[];
  readonly #asked: Operation[];

  constructor({ contract, target, knownFailures }: RunConfiguration, shard: Shard | null) {
    this.#target = inShard(target, shard);
    this.#known = knownFailures;
    const chosen = notedOperations();
    this.#asked = contract.operations.filter(({ id }) => chosen?.has(id) ?? true);
    const { timeout } = this.#target.run;
    const options = { announce, timeout, ...{ budget: runBudget(this.#target), chosen, pathValues: keptPathValues() } };
    this.#engine = new Engine(contract, this.#target, catalogueOf(catalogue, notedRules()), options);
    this.#counting = setInterval(() => noteRequests(this.#engine.requests), BETWEEN_COUNTS);
  }

  /** Within a budget all operations are asked at once, so that whoever takes over finds them asked. */
  async ask(operation: Operation): Promise<ReportedOperation> {
    if (this.#target.run.budget !== undefined)
      for (const other of this.#asked.splice(0))
        if (other !== operation) await once(other.id, () => this.#reported(other));
    return this.#reported(operation);
  }

  async #reported(operation: Operation): Promise<ReportedOperation> {
    const found = await this.#engine.run(operation);
    return reportOperation(
      found,
      (cell) => excuse(cell, this.#target.environment, this.#known, today()),
      newerRules(catalogue, this.#target.run.edition),
    );
  }

  close(): Promise<void> {
    clearInterval(this.#counting);
    return this.#engine.close();
  }
}

/** The bridge between the engine and Playwright. */
export const test = runnerTest.extend<object, WorkerFixtures>({
  ask: [
    async ({}, use, { config: { shard } }) => {
      let session: Session | undefined;
      await use((operation) =>
        // A worker that takes over after a failed test finds most operations asked, and needs no session then.
        once(operation.id, async () => (session ??= new Session(await runConfiguration(), shard)).ask(operation)),
      );
      await session?.close();
    },
    { scope: 'worker' },
  ],
});
