import {
  // Without the browser's fixtures, of which every test sets up and tears down a dozen: a third of a run's time.
  _baseTest as runnerTest,
  type ExpectMatcherState,
  type MatcherReturnType,
  expect as playwrightExpect,
} from '@playwright/test';
import type { Operation } from '../src/contract/contract.ts';
import { Engine } from '../src/engine.ts';
import { type ReportedCell, reportCell } from '../src/report/conformance.ts';
import { evidenceText } from '../src/report/evidence.ts';
import type { ReportedOperation, TargetNote } from '../src/report/playwright-notes.ts';
import { excuse } from '../src/verdict/known-failures.ts';
import { isReported } from '../src/target/variables.ts';
import { cases } from './cases/index.ts';
import { apiRules, rules } from './rules/index.ts';
import { once, runBudget, runContract, runKnownFailures, runTarget, today } from './run.ts';

interface WorkerFixtures {
  /** Asks one operation everything, once for a run, and judges it by every rule. */
  readonly ask: (operation: Operation) => Promise<ReportedOperation>;
}

/** The bridge between the engine and Playwright: the only place where the two meet. */
export const test = runnerTest.extend<object, WorkerFixtures>({
  ask: [
    async ({}, use) => {
      let engine: Engine | undefined;
      await use((operation) =>
        once(operation.id, async () => {
          const contract = await runContract();
          const target = runTarget(contract);
          // A worker that takes over after a failed test finds most operations asked, and needs none of this then.
          engine ??= new Engine(
            contract,
            target,
            { cases, rules, apiRules },
            { announce, timeout: target.run.timeout, budget: runBudget(target) },
          );
          const { cells, requests, fingerprints } = await engine.run(operation);
          const known = runKnownFailures(contract);
          const reported = cells.map((cell) => reportCell(cell, excuse(cell, target.environment, known, today())));
          return { operation: operation.id, requests, cells: reported, fingerprints };
        }),
      );
      await engine?.close();
    },
    { scope: 'worker' },
  ],
});

export const expect = playwrightExpect.extend({
  /** A violation is this matcher's failure and nothing else; whatever else a test throws is an error. */
  toConform(this: ExpectMatcherState, cell: ReportedCell, fatal: readonly string[]): MatcherReturnType {
    return {
      name: 'toConform',
      pass: !fatal.includes(cell.outcome),
      message: () => `expect(${cell.rule}).toConform()\n\n${evidenceText(cell)}`,
    };
  },
});

/** A line for whoever watches the run. */
export function announce(message: string): void {
  process.stdout.write(`${message}\n`);
}

/** A fault of the suite or the network: not a verdict, and without a stack since no line of code is to blame. */
export function fault(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

/**
 * Playwright starts a new worker after each failure that it did not expect, which takes longer than all the rest of a
 * cell: an API that breaks one rule on a thousand operations would take an hour. So a failure is expected, and
 * `tests/reporter.ts`, which hears of it before every other reporter, says that it was not.
 */
export function expectFailure(): void {
  if (isReported()) test.info().expectedStatus = 'failed';
}

/** Hands a value to the reporter with the test that is running. */
export async function note(name: string, value: ReportedOperation | TargetNote): Promise<void> {
  await test.info().attach(name, { body: JSON.stringify(value), contentType: 'application/json' });
}
