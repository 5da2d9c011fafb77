import { fileURLToPath } from 'node:url';
import { _baseTest, type FullConfig, type TestInfo } from '@playwright/test';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import type { TestEnd } from '../../src/asking/messages.ts';
import { UnwritableError } from '../../src/config/unwritable.ts';
import { pretendToBeInPipeline } from '../../src/config/variables.ts';

/**
 * What the suite needs of Playwright and its public API (1.65) does not offer. Each part names the change of Playwright
 * that would break it; `selftest/runs/reports-agree.spec.ts` fails on that day.
 */

/**
 * `test` without the browser's fixtures: each test would set up and tear down a dozen of them, a third of a run's time.
 *
 * Breaks when: `@playwright/test` no longer exports `_baseTest`. Then nothing loads. Put `test` in its place: only slower.
 */
export const runnerTest = _baseTest;

/**
 * Lets a test fail without a new worker. Playwright starts one after each failure that a test does not expect, and a new
 * worker takes longer than all the rest of a cell: an API that breaks one rule on a thousand operations would take an
 * hour. So the test expects its failure, and `showAsFailure` takes that back.
 *
 * `test.fail()` is no way: it adds an annotation that reports show. `TestRun.fail()` neither: it is asked before the run.
 *
 * Breaks when: a worker ends after a failure that is expected, or reads the expected status before the test's end. Then a
 * violation costs a new worker, and the results stay right.
 */
export function expectFailure(info: TestInfo): void {
  info.expectedStatus = 'failed';
}

/**
 * Takes back what `expectFailure` said, before any other reporter hears of the test.
 *
 * Breaks when: reporters get a copy of a test each, or hear of it in another order than the configuration's. Then the
 * other reporters show violations as passed; the verdict and the exit code stay right, since they go by results.
 */
export function showAsFailure(test: TestCase, { status }: TestResult): void {
  if (status === 'failed') test.expectedStatus = 'passed';
}

/**
 * Puts another result in the place of the one that a shard gave a test, before the other reporters write.
 *
 * Breaks when: reporters get a copy of a test each, or end in another order than the configuration's. Then Playwright's
 * report of merged shards says of the rules that compare operations what each shard said; the suite's own reports stay right.
 */
export function replaceResult(test: TestCase, { skipped, annotations, failure }: TestEnd): void {
  const status = skipped !== undefined ? 'skipped' : failure === undefined ? 'passed' : 'failed';
  const errors = failure === undefined ? [] : [{ message: failure }];
  const notes = skipped === undefined ? annotations : [{ type: 'skip', description: skipped }];
  Object.assign(test, { annotations: notes, expectedStatus: status === 'skipped' ? status : 'passed' });
  for (const result of test.results) Object.assign(result, { status, annotations: notes, errors, error: errors[0] });
}

/** Whether the configuration names a reporter first. Only then may a test expect its failure. */
export function isFirstReporter({ reporter: [first] }: FullConfig, module: string): boolean {
  return first?.[0] === fileURLToPath(module);
}

/**
 * Ends the process with this code. A reporter's `onEnd` can only choose between Playwright's own ends: 0, 1 and, for a
 * run that was interrupted, 130. The suite has a third one: 2, nothing could be judged.
 *
 * Breaks when: Playwright ends its process without the event `exit`. Then what could not be judged ends with 1.
 */
export function endWith(code: number): void {
  process.on('exit', () => {
    process.exitCode = code;
  });
}

/**
 * Takes the first steps of a run, before Playwright has begun anything that would have to be ended. It would show a stack
 * for what they throw, and end with 1.
 *
 * Breaks when: Playwright makes its reporters after it has started workers or the mock.
 */
export function orEnd<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnwritableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

/**
 * Keeps Playwright's HTML reporter from saying on a terminal how its report is opened: it would name the folder that the
 * report was written to, not the one that it was put in.
 *
 * Breaks when: the reporter looks at `CI` before its `onExit`. Then its hint comes after the path of the page, untrue.
 */
export function silenceHtmlHint(): void {
  pretendToBeInPipeline();
}
