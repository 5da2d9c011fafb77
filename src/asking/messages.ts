import type { Variables } from '../config/variables.ts';
import type { Strictness } from '../model/target.ts';
import type { ReportedOperation, TargetNote } from '../reporting/playwright-notes.ts';
import type { ReportedKeys } from '../reporting/reported-keys.ts';
import type { EndOfTest } from './end-of-test.ts';
import type { RunnerTest } from './test-units.ts';

/** What the runner and its workers say to the process that asks the target, and what that says to them. */

/** A test that the run is about: the id of its operation, and its title. */
export type ChosenTest = readonly [operation: string, title: string];

/** The first word of the runner: what it has set since the process was started, which reads nothing before. */
export interface Inheritance {
  readonly variables: Variables;
}

/** From the runner, in the order in which a run needs them; `stop` at any time. */
export type ToAsking =
  | {
      readonly type: 'set up';
      /** The embedded mock is not to be judged. */
      readonly needsTarget: boolean;
      /** Why an operation is not asked: a process before this one did not come to the end of it. */
      readonly givenUp: Readonly<Record<string, string>>;
      /** Nothing is done ahead, since it was not clear with what a process before this one did not come to an end. */
      readonly oneByOne: boolean;
      /** Requests that processes before this one have put on the wire, as far as they said. */
      readonly spent: number;
    }
  | ({ readonly type: 'begin' } & Begin)
  /** Nothing more is to be asked. */
  | { readonly type: 'stop' }
  | ({ readonly type: 'report' } & ReportWanted)
  /** The Allure report is not to be waited for. */
  | { readonly type: 'stop writing' };

export interface Begin {
  /** In the order in which they run. */
  readonly chosen: readonly ChosenTest[];
  /** Whether Allure's report is made too. */
  readonly allure: boolean;
  /** The machine that this is of those that share the run. */
  readonly shard?: { readonly current: number; readonly total: number } | null;
}

export interface ReportWanted {
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly interrupted: boolean;
  /** What the configuration of the runner fails for besides what the settings say. */
  readonly strict: readonly Strictness[];
  readonly shard?: { readonly current: number; readonly total: number };
}

/** To the runner. */
export type FromAsking =
  /** Without a problem: the settings can be used. */
  | { readonly type: 'set up'; readonly problem?: string }
  /** What is judged and what that sends, for whoever watches. */
  | { readonly type: 'begun'; readonly text: string }
  /** A line for whoever watches. */
  | { readonly type: 'said'; readonly text: string }
  /** Sent twice a second while nothing keeps the process busy for longer. */
  | {
      readonly type: 'alive';
      readonly requests: number;
      /** The most that the run may send of them, which it shares out over all operations. */
      readonly budget?: number;
    }
  | { readonly type: 'preflight'; readonly problems: readonly string[] }
  /** With the operation that is planned meanwhile. The one before may still be judged. */
  | { readonly type: 'asking'; readonly operation: string; readonly ahead?: string }
  | { readonly type: 'judged'; readonly operation: string }
  | ({ readonly type: 'reported' } & Reported)
  /** The last word: with a problem there is no Allure report. */
  | { readonly type: 'written'; readonly problem?: string };

/** What came of the reports of a run. */
export interface Reported {
  /** Absent: nothing was judged. */
  readonly verdict?: 'conforms' | 'violates' | 'not proven' | 'error';
  /** What the run ends with, where that is not the verdict's own code. */
  readonly code?: 0 | 1 | 2;
  /** For standard output. */
  readonly text: string;
  /** What is wrong with the settings: nothing was judged. */
  readonly problem?: string;
  /** A file that could not be written, with the code of the file system; or the sentence about it. */
  readonly unwritten?: Unwritten;
}

export type Unwritten = { readonly path: string | undefined; readonly code: string } | { readonly sentence: string };

/** What a worker asks the process that asks the target. */
export type Question =
  | { readonly about: 'target' }
  | { readonly about: 'operation'; readonly operation: string; readonly whole: boolean }
  | { readonly about: 'all operations' }
  | { readonly about: 'keys'; readonly whole: boolean };

export interface Answers {
  readonly target: { readonly note: TargetNote; readonly problems: readonly string[] };
  readonly operation: GroupAnswer<ReportedOperation>;
  readonly 'all operations': GroupAnswer<never>;
  readonly keys: GroupAnswer<ReportedKeys>;
}

/**
 * How the tests of a group end, by their title, or why none of them was asked.
 *
 * @typeParam Whole what it was found out from, for whoever puts shards together
 */
export type GroupAnswer<Whole> =
  { readonly ends: Readonly<Record<string, TestEnd>>; readonly whole?: Whole } | { readonly skipped: string };

/** The end of a test, in the words of the runner's reports. */
export interface TestEnd extends Pick<EndOfTest, 'skipped' | 'annotations' | 'errors'> {
  /** Why the test fails; absent: it does not. */
  readonly failure?: string;
}

/** What tests a run has, before any of them is chosen. */
export interface TestsOfRun {
  readonly operations: readonly { readonly id: string; readonly tests: readonly RunnerTest[] }[];
  /** Those of the rules that compare operations. */
  readonly comparisons: readonly RunnerTest[];
  /** Those of the rules about keys over time; none where the run makes no key. */
  readonly keys: readonly RunnerTest[];
}
