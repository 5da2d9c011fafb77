import { join } from 'node:path';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import type { ChosenTest, Reported, ReportWanted } from '../../src/asking/messages.ts';
import type { WrittenTo } from '../../src/asking/run-reports.ts';
import { ALL_OPERATIONS, KEYS_OVER_TIME } from '../../src/asking/test-units.ts';
import { KEYS_NOTE, OPERATION_NOTE, TARGET_NOTE } from '../../src/reporting/note-names.ts';
import type { ReportedOperation, TargetNote } from '../../src/reporting/playwright-notes.ts';
import type { ReportedKeys } from '../../src/reporting/reported-keys.ts';
import { replaceResult } from './workarounds.ts';

/** What the tests of several shards found: put together, judged where it takes all of them, and reported as one run. */
export class MergedShards {
  readonly #operations = new Map<string, ReportedOperation>();
  readonly #ended: ChosenTest[] = [];
  /** The tests of the rules that compare operations. */
  #comparisons: readonly TestCase[] = [];
  #target: TargetNote | undefined;
  #keys: ReportedKeys | undefined;
  /** Titles of the tests of the rules about keys over time. */
  #keyTitles: readonly string[] = [];

  begin(tests: readonly TestCase[]): void {
    this.#comparisons = tests.filter(({ parent }) => parent.title === ALL_OPERATIONS);
    this.#keyTitles = tests.filter(({ parent }) => parent.title === KEYS_OVER_TIME).map(({ title }) => title);
  }

  testEnded({ title, parent }: TestCase, { attachments, status }: TestResult): void {
    for (const { name, body } of attachments) {
      if (name === OPERATION_NOTE) this.#operations.set(parent.title, JSON.parse(String(body)) as ReportedOperation);
      if (name === KEYS_NOTE) this.#keys = JSON.parse(String(body)) as ReportedKeys;
      if (name === TARGET_NOTE) this.#addTarget(JSON.parse(String(body)) as TargetNote);
    }
    if (status !== 'interrupted') this.#ended.push([parent.title, title]);
  }

  /** Each shard asks the target for itself before it begins. */
  #addTarget(note: TargetNote): void {
    this.#target = { ...note, requests: note.requests + (this.#target?.requests ?? 0) };
  }

  /** What this takes to load is loaded only where shards are merged. */
  async report(
    wanted: ReportWanted,
    written: WrittenTo,
    stop: AbortSignal,
  ): Promise<{ readonly reported: Reported; readonly written: Promise<string | undefined> }> {
    const [{ reportShards }, { AllureGenerator }] = await Promise.all([
      import('./report-shards.ts'),
      import('../../src/reporting/allure.ts'),
    ]);
    const found = {
      operations: this.#operations,
      ended: this.#ended,
      target: this.#target,
      keys: this.#keys,
      keyTitles: this.#keyTitles,
    };
    const { comparisons, hasAllureResults, ...reported } = await reportShards(found, wanted, written);
    // Each shard that has such a test compared its own operations: what is known of all takes the place of that.
    for (const test of this.#comparisons) {
      const end = comparisons.get(test.title);
      if (end) replaceResult(test, end);
    }
    const { staging } = written;
    const allure = hasAllureResults
      ? new AllureGenerator().make(join(staging, 'allure-results'), join(staging, 'allure'), stop)
      : Promise.resolve(undefined);
    return { reported, written: allure };
  }
}
