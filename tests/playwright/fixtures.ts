import { type ExpectMatcherState, type MatcherReturnType, expect as playwrightExpect } from '@playwright/test';
import type { Operation } from '../../src/model/contract.ts';
import { catalogueOf } from '../../src/run/catalogue.ts';
import { runBudget } from '../../src/run/plan-run.ts';
import { Engine } from '../../src/run/engine.ts';
import { type ReportedCell, type ReportedRule, reportCell } from '../../src/reporting/conformance.ts';
import { evidenceText, findingText } from '../../src/reporting/evidence.ts';
import type { ReportedOperation } from '../../src/reporting/playwright-notes.ts';
import type { Target } from '../../src/model/target.ts';
import type { RunConfiguration } from '../../src/config/run-configuration.ts';
import { excuse, type KnownFailure } from '../../src/config/known-failures.ts';
import type { Cell } from '../../src/model/cell.ts';
import { catalogue } from '../catalogue/index.ts';
import { keptPathValues, notedRules, noteRequests, once, runConfiguration, today } from './run.ts';
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

  constructor({ contract, target, knownFailures }: RunConfiguration) {
    this.#target = target;
    this.#known = knownFailures;
    const { timeout } = this.#target.run;
    const options = { announce, timeout, budget: runBudget(this.#target), pathValues: keptPathValues() };
    this.#engine = new Engine(contract, this.#target, catalogueOf(catalogue, notedRules()), options);
    this.#counting = setInterval(() => noteRequests(this.#engine.requests), BETWEEN_COUNTS);
  }

  async ask(operation: Operation): Promise<ReportedOperation> {
    const { cells, ...rest } = await this.#engine.run(operation);
    const excused = (cell: Cell): KnownFailure | undefined =>
      excuse(cell, this.#target.environment, this.#known, today());
    const reported = cells.map((cell) => reportCell(cell, excused(cell)));
    return { ...rest, cells: reported };
  }

  close(): Promise<void> {
    clearInterval(this.#counting);
    return this.#engine.close();
  }
}

/** The bridge between the engine and Playwright. */
export const test = runnerTest.extend<object, WorkerFixtures>({
  ask: [
    async ({}, use) => {
      let session: Session | undefined;
      await use((operation) =>
        // A worker that takes over after a failed test finds most operations asked, and needs no session then.
        once(operation.id, async () => (session ??= new Session(await runConfiguration())).ask(operation)),
      );
      await session?.close();
    },
    { scope: 'worker' },
  ],
});

export const expect = playwrightExpect.extend({
  /**
   * A violation is this matcher's failure and nothing else; whatever else a test throws is an error.
   *
   * @param failing what violates, or deviates where that is to fail
   * @param rules who says so, by the rule's id
   * @param errors what could not be judged beside it
   */
  toConform(
    this: ExpectMatcherState,
    failing: readonly ReportedCell[],
    rules: ReadonlyMap<string, ReportedRule>,
    errors: readonly string[],
  ): MatcherReturnType {
    // The first line is all that a list of failures shows.
    const findings = failing.map((cell) => `${cell.operation} ${cell.outcome} ${cell.rule}: ${findingText(cell)}`);
    const complaints = failing.map(
      (cell) => `${failing.length > 1 ? `${cell.rule}\n` : ''}${evidenceText(cell, rules.get(cell.rule)?.source)}`,
    );
    return {
      name: 'toConform',
      pass: failing.length === 0,
      // Playwright's JUnit reporter takes a failure without the last line for an error.
      message: () =>
        [
          ...findings,
          '',
          ...complaints,
          ...errors,
          `expect(${failing.map(({ rule }) => rule).join(', ')}).toConform()`,
        ].join('\n'),
    };
  },
});
