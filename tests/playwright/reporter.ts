import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import type { Asker } from '../../src/asking/asker.ts';
import { KeptResults } from '../../src/asking/kept-results.ts';
import type { ChosenTest, Reported, ReportWanted } from '../../src/asking/messages.ts';
import { ALL_OPERATIONS, KEYS_OVER_TIME } from '../../src/asking/test-units.ts';
import { fileErrorCode, readFileError, unwritableSentence, UnwritableError } from '../../src/config/unwritable.ts';
import { announceReporter, REPORTS, runFolder, stagingFolder } from '../../src/config/variables.ts';
import type { Strictness } from '../../src/model/target.ts';
import { REPORT_FILES, VIEW_FILES } from '../../src/reporting/report-files.ts';
import { ReportFolder } from '../../src/reporting/report-folder.ts';
import { runEnvironment } from './environment.ts';
import { MergedShards } from './merged-shards.ts';
import { Progress } from './progress.ts';
import { startAsker } from './run-asker.ts';
import { StopSignals } from './stop-signals.ts';
import { endWith, isFirstReporter, orEnd, showAsFailure, silenceHtmlHint } from './workarounds.ts';

/**
 * Has a run asked, judged and reported by a process of its own, shows how far it is, and turns the verdict into the exit
 * code. Playwright knows passed and failed; whether a run could judge at all is known here. Where the reports of shards are
 * merged, nothing is asked, and the reports are made of what the tests of the shards brought.
 */
export default class ConformanceReporter implements Reporter {
  /** Why there is nothing to judge: settings, the contract, the preflight. */
  readonly #messages = new Set<string>();
  readonly #rejectionListener = (error: unknown): void => this.#onRejection(error);
  readonly #signals = new StopSignals(() => this.#asker?.stop());
  /** Which report could not be written, and what to do: the first of them, since one cause has many. */
  #unwritten: string | undefined;
  #isJudged = false;
  readonly #folder = runEnvironment().reportsFolder;
  readonly #staging = stagingFolder();
  readonly #reports = new ReportFolder(this.#folder, this.#staging);
  readonly #progress = new Progress({
    isTerminal: process.stdout.isTTY,
    write: (text) => void process.stdout.write(text),
  });
  #metadata: FullConfig['metadata'] = {};
  #shard: FullConfig['shard'] = null;
  #hasBegun = false;
  /** Between the beginning and the end of the tests, when there is progress to show. */
  #isRunning = false;
  /** Undefined where shards are merged. */
  readonly #asker: Asker | undefined;
  readonly #shards = isMerging() ? new MergedShards() : undefined;
  /** When everything is written: why there is no Allure report, where there could be one. */
  #written: Promise<string | undefined> = Promise.resolve(undefined);

  /** Whether Allure's report is made too: the configuration of the runner and the settings have to want it. */
  readonly #makesAllure: boolean;

  constructor({ allure = false }: { readonly allure?: boolean } = {}) {
    this.#makesAllure = allure && runEnvironment().reports.has('allure');
    // Nothing has begun yet: what could not be reported is not asked.
    orEnd(() => this.#reports.open());
    process.on('unhandledRejection', this.#rejectionListener);
    // Shards are merged without Playwright's tasks, and so without anyone who would stop them.
    if (this.#shards) return;
    this.#signals.listen();
    this.#signals.whileWriting.addEventListener('abort', () => this.#asker?.stopWriting());
    // In Playwright's UI and in an editor one process has many runs.
    new KeptResults(runFolder()).clear();
    // It takes as long to start as Playwright does, so it starts first.
    this.#asker = startAsker();
    this.#asker.on('said', (text) => this.#say(text));
    this.#asker.on('requests', (requests, budget) => this.#isRunning && this.#progress.sent(requests, budget));
    this.#asker.on('judged', (operation) => this.#isRunning && this.#progress.operationEnded(operation));
    this.#asker.on('preflight', (problems) => problems.forEach((problem) => this.#messages.add(problem)));
    this.#asker.on('failed', (sentence) => this.#messages.add(sentence));
  }

  onBegin(config: FullConfig, root: Suite): void {
    if (isFirstReporter(config, import.meta.url)) announceReporter();
    this.#metadata = config.metadata;
    this.#shard = config.shard;
    const tests = root.allTests();
    this.#shards?.begin(tests);
    // Those of an operation stand in the group of the operation, with its id for a title.
    const chosen = tests.flatMap(({ title, parent }): ChosenTest[] =>
      parent.type === 'describe' && parent.title !== ALL_OPERATIONS ? [[parent.title, title]] : [],
    );
    const operations = chosen.map(([group]) => group).filter((group) => group !== KEYS_OVER_TIME);
    this.#progress.begin(new Set(operations).size);
    // In Playwright's UI and in an editor the settings were looked at before there was a reporter. Where something failed before,
    // such as the start of the embedded mock, nothing is asked.
    if (this.#messages.size === 0 && this.#asker?.isSetUp === false)
      void this.#setUp(this.#asker, config.metadata['needsTarget'] === true);
    if (this.#messages.size === 0) this.#asker?.begin({ chosen, allure: this.#makesAllure, shard: this.#shard });
    this.#hasBegun = this.#isRunning = true;
  }

  async #setUp(asker: Asker, needsTarget: boolean): Promise<void> {
    try {
      const problem = await asker.setUp(needsTarget);
      if (problem !== undefined) this.#messages.add(problem);
    } catch {
      // The process has ended, and the reason is among the messages.
    }
  }

  /** Of the setup, and of other reporters: these tell of a file that they could not write. */
  onError(error: TestError): void {
    const message = error.message ?? error.value ?? 'an error without a message';
    const about = readFileError(plain(message));
    if (about) this.#unwritten ??= this.#sentenceAbout(about.path, about.code);
    else this.#messages.add(message);
  }

  /** A reporter that a user adds, such as Allure's, may write after its methods have returned, when nobody hears of its errors. */
  #onRejection(error: unknown): void {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    this.#unwritten ??= this.#sentenceAbout((error as NodeJS.ErrnoException).path, code);
  }

  onStdOut(chunk: string | Buffer): void {
    this.#say(String(chunk));
  }

  #say(text: string): void {
    const lines = text.split(/(?<=\n)/);
    const others = lines.filter((line) => !this.#progress.takes(line));
    if (others.length === 0) return;
    this.#progress.clear();
    process.stdout.write(others.join(''));
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    showAsFailure(test, result);
    this.#shards?.testEnded(test, result);
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] }> {
    this.#isRunning = false;
    this.#progress.clear();
    this.#signals.beginWriting();
    // Whatever goes wrong from here on, it is not the target that violates.
    endWith(2);
    const { verdict = 'error', code } = await this.#reported(result);
    endWith(this.#messages.size > 0 ? 2 : (code ?? EXIT_CODES[verdict]));
    return { status: verdict === 'conforms' ? 'passed' : 'failed' };
  }

  /** After every reporter has written: Playwright waits for it. */
  async onExit(): Promise<void> {
    silenceHtmlHint();
    const problem = this.#isJudged && this.#unwritten === undefined ? await this.#written : undefined;
    await this.#asker?.close();
    if (this.#messages.size === 0 && this.#unwritten === undefined) this.#replaceReports();
    if (this.#messages.size > 0 || this.#unwritten !== undefined) await this.#leaveReports();
    else this.#nameReports();
    if (problem !== undefined) process.stderr.write(`${problem}\n`);
    if (problem !== undefined || this.#unwritten !== undefined || this.#messages.size > 0) endWith(2);
    this.#reports.close();
    process.off('unhandledRejection', this.#rejectionListener);
  }

  printsToStdio(): boolean {
    return true;
  }

  async #reported(result: FullResult): Promise<Partial<Reported>> {
    const isInterrupted = result.status === 'interrupted';
    if (!this.#hasBegun || (this.#messages.size > 0 && !isInterrupted)) return this.#nothing(result);
    const reported = await this.#report(result);
    const { verdict, text = '', problem, unwritten } = reported;
    process.stdout.write(text);
    if (problem !== undefined) this.#messages.add(problem);
    else if (verdict === undefined) return this.#nothing(result);
    else {
      this.#isJudged = true;
      // What fails while a run is being ended, such as a worker that got the signal too, fails of that.
      if (isInterrupted) this.#messages.clear();
    }
    if (unwritten)
      this.#unwritten ??=
        'sentence' in unwritten ? unwritten.sentence : this.#sentenceAbout(unwritten.path, unwritten.code);
    return reported;
  }

  #nothing({ status }: FullResult): Partial<Reported> {
    if (status === 'interrupted' && this.#unwritten === undefined) {
      // What fails meanwhile, such as a mock that ends before it is ready, fails of the interruption.
      this.#messages.clear();
      this.#messages.add('The run was interrupted before anything was judged.');
    }
    return {};
  }

  async #report({ startTime, duration, status }: FullResult): Promise<Partial<Reported>> {
    const wanted: ReportWanted = {
      ...{ startedAt: startTime.getTime(), durationMs: duration },
      interrupted: status === 'interrupted' || status === 'timedout',
      strict: (this.#metadata['strict'] ?? []) as readonly Strictness[],
      ...(this.#shard && { shard: this.#shard }),
    };
    const written = { folder: this.#folder, staging: this.#staging, allure: this.#makesAllure };
    try {
      const writing = this.#shards
        ? await this.#shards.report(wanted, written, this.#signals.whileWriting)
        : await this.#asker?.report(wanted);
      if (!writing) return {};
      this.#written = writing.written;
      // Nobody may be there to wait for it.
      this.#written.catch(() => undefined);
      return writing.reported;
    } catch (error) {
      // The process that asks has ended, and the reason is among the messages.
      if (this.#messages.size === 0) throw error;
      return {};
    }
  }

  #replaceReports(): void {
    this.#try(() => this.#reports.replace(isMerging() ? ['blobs'] : []));
  }

  #nameReports(): void {
    const files = [...REPORT_FILES, 'html/index.html', 'allure/index.html', 'blobs'];
    const written = files.map((file) => join(this.#folder, file)).filter((file) => existsSync(file));
    const page = join(this.#folder, VIEW_FILES.html);
    process.stdout.write(`reports: ${written.join(', ')}\n${written.includes(page) ? `${page}\n` : ''}`);
  }

  /** Leaves the reports of an earlier run as they are, and says why. */
  async #leaveReports(): Promise<void> {
    const sentences =
      this.#unwritten === undefined ? await Promise.all([...this.#messages].map(inWords)) : [this.#unwritten];
    process.stderr.write(`${sentences.join('\n')}\n`);
    const aside = this.#isJudged ? this.#reports.setAside() : undefined;
    const earlier = existsSync(join(this.#folder, 'conformance.json'));
    const where = [
      ...(aside === undefined ? [] : [`What could be written of this run is in ${aside}.`]),
      ...(earlier ? [`The reports in ${this.#folder} are of an earlier run.`] : []),
    ];
    if (where.length > 0) process.stdout.write(`${where.join('\n')}\n`);
    const title = this.#isJudged ? 'The reports could not be written' : 'Nothing was judged';
    this.#reports.notice(`## ${title}\n\n${[...sentences, ...where].join('\n\n')}\n`);
  }

  #try(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!(error instanceof UnwritableError)) throw error;
      this.#unwritten ??= error.message;
    }
  }

  #sentenceAbout(path: string | undefined, code: string): string {
    if (path?.startsWith(runFolder())) return unwritableSentence(path, code, 'TMPDIR');
    return unwritableSentence(path === undefined ? this.#folder : this.#reports.placeOf(path), code, REPORTS);
  }
}

const EXIT_CODES = { conforms: 0, violates: 1, 'not proven': 2, error: 2 } as const;

function isMerging(): boolean {
  return process.argv.includes('merge-reports');
}

/** Playwright colours and prefixes what a setup threw; a person wants the sentence. */
function plain(message: string): string {
  return stripVTControlCharacters(message).replace(/^(?:ConfigurationError|ContractError|UnwritableError|Error): /, '');
}

/** What a person is to read. Playwright says that it has no tests, to people who asked for cells. */
async function inWords(message: string): Promise<string> {
  if (plain(message) !== 'No tests found') return plain(message);
  const { nothingFound } = await import('./nothing-found.ts');
  return nothingFound();
}
