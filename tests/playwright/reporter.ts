import { existsSync, rmSync } from 'node:fs';
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
import { cellId } from '../../src/model/cell-id.ts';
import { makeAllureReport } from '../../src/reporting/allure.ts';
import { writeAllureResults } from '../../src/reporting/allure-results.ts';
import { runsOfTarget } from '../../src/reporting/changes.ts';
import { composeReport } from '../../src/reporting/compose.ts';
import { type Conformance, exitCode, type Verdict } from '../../src/reporting/conformance.ts';
import { compared, REPORT_FILES, writeReports } from '../../src/reporting/files.ts';
import { readHistory } from '../../src/reporting/history.ts';
import { endForNew } from '../../src/reporting/new-failures.ts';
import {
  OPERATION_NOTE,
  type ReportedOperation,
  TARGET_NOTE,
  type TargetNote,
} from '../../src/reporting/playwright-notes.ts';
import { ReportFolder, unwritable } from '../../src/reporting/report-folder.ts';
import { terminalSummary } from '../../src/reporting/summary.ts';
import { commandText } from '../../src/config/command-text.ts';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { fileErrorCode, readFileError, UnwritableError, unwritableSentence } from '../../src/config/unwritable.ts';
import { announceReporter, REPORTS, runFolder, stagingFolder, variableNames } from '../../src/config/variables.ts';
import type { Strictness } from '../../src/model/target.ts';
import { ContractError } from '../../src/openapi/contract-error.ts';
import suite from '../../package.json' with { type: 'json' };
import { catalogue } from '../catalogue/index.ts';
import { beginning } from './beginning.ts';
import { endOfTest, failureText } from './end-of-test.ts';
import { runKnownFailures } from './known-failures.ts';
import { Progress } from './progress.ts';
import { notedRequests, noteOperations, noteRules, runConfiguration, runEnvironment, today } from './run.ts';
import { StopSignals } from './stop-signals.ts';
import { comparisonTitle, rulesOf, testsOfAnOperation } from './test-units.ts';
import { endWith, isFirstReporter, orEnd, replaceResult, showAsFailure, silenceHtmlHint } from './workarounds.ts';

/**
 * Turns what the tests found into `conformance.json` and the reports that are made from it, and the verdict into the
 * exit code. Playwright knows passed and failed; whether a run could judge at all is known here.
 */
export default class ConformanceReporter implements Reporter {
  readonly #operations = new Map<string, ReportedOperation>();
  /** Ids of the cells whose tests ran to their end. */
  readonly #ended = new Set<string>();
  /** Why there is nothing to judge: settings, the contract, the preflight. */
  readonly #messages = new Set<string>();
  readonly #signals = new StopSignals();
  /** Which report could not be written, and what to do: the first of them, since one cause has many. */
  #unwritten: string | undefined;
  #isJudged = false;
  /** What the run ends with, where that is not the verdict's own code. */
  #code: 0 | 1 | 2 | undefined;
  readonly #isMerging = process.argv.includes('merge-reports');
  readonly #folder = runEnvironment().reportsFolder;
  readonly #staging = stagingFolder();
  readonly #reports = new ReportFolder(this.#folder, this.#staging);
  readonly #progress = new Progress({
    isTerminal: process.stdout.isTTY,
    write: (text) => void process.stdout.write(text),
  });
  #watching: NodeJS.Timeout | undefined;
  #metadata: FullConfig['metadata'] = {};
  #shard: FullConfig['shard'] = null;
  #asked = 0;
  /** The tests of the rules that compare operations. */
  #comparisons: readonly TestCase[] = [];
  #target: TargetNote | undefined;

  /** Whether Allure's report is made too, which takes seconds. */
  readonly #makesAllure: boolean;

  constructor({ allure = false }: { readonly allure?: boolean } = {}) {
    this.#makesAllure = allure;
    // Nothing has begun yet: what could not be reported is not asked.
    orEnd(() => this.#reports.open());
    process.on('unhandledRejection', (error) => this.#onRejection(error));
    // Shards are merged without Playwright's tasks, and so without anyone who would stop them.
    if (!this.#isMerging) this.#signals.listen();
  }

  onBegin(config: FullConfig, root: Suite): void {
    this.#comparisons = root.allTests().filter((test) => projectOf(test) === 'comparison');
    if (isFirstReporter(config, import.meta.url)) announceReporter();
    this.#metadata = config.metadata;
    this.#shard = config.shard;
    const judging = root.allTests().filter((test) => projectOf(test) === 'conformance');
    this.#asked = judging.reduce((sum, { title }) => sum + rulesOf(title).length, 0);
    if (this.#isMerging) return;
    const chosen = new Set(judging.flatMap(({ title }) => rulesOf(title)));
    noteRules(chosen);
    const operations = new Set(judging.map(({ parent }) => parent.title));
    noteOperations(operations);
    // The setup does not hear what was chosen on the command line.
    void this.#sayBeginning(chosen, operations);
    this.#progress.begin(operations.size);
    this.#watching = setInterval(() => this.#progress.sent(notedRequests()), 1000).unref();
  }

  async #sayBeginning(rules: ReadonlySet<string>, operations: ReadonlySet<string>): Promise<void> {
    try {
      const configuration = await runConfiguration();
      // The setup ends such a run, and there is no mock whose variables could be read.
      if (this.#metadata['needsTarget'] === true && configuration.usesEmbeddedMock) return;
      process.stdout.write(beginning(configuration, rules, operations, this.#shard));
    } catch (error) {
      // The setup says what is wrong with the settings or the contract, and ends the run.
      if (!(error instanceof ConfigurationError) && !(error instanceof ContractError)) throw error;
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
    const lines = String(chunk).split(/(?<=\n)/);
    const others = lines.filter((line) => !this.#progress.takes(line));
    if (others.length === 0) return;
    this.#progress.clear();
    process.stdout.write(others.join(''));
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    showAsFailure(test, result);
    for (const { name, body } of result.attachments) {
      if (name === OPERATION_NOTE && !this.#isMerging) this.#progress.operationEnded(test.parent.title);
      if (name === OPERATION_NOTE) this.#noteOperation(JSON.parse(String(body)) as ReportedOperation);
      if (name === TARGET_NOTE) this.#noteTarget(JSON.parse(String(body)) as TargetNote);
    }
    if (projectOf(test) === 'preflight') {
      if (result.error) this.#messages.add(result.error.message ?? 'the preflight failed');
    } else if (projectOf(test) === 'conformance' && result.status !== 'interrupted') {
      for (const rule of rulesOf(test.title)) this.#ended.add(cellId({ rule, operation: test.parent.title }));
    }
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] }> {
    clearInterval(this.#watching);
    this.#progress.clear();
    this.#signals.beginWriting();
    // Whatever goes wrong from here on, it is not the target that violates.
    endWith(2);
    if (result.status === 'interrupted' && this.#operations.size === 0) {
      // What fails meanwhile, such as a mock that ends before it is ready, fails of the interruption.
      this.#messages.clear();
      this.#messages.add('The run was interrupted before anything was judged.');
    }
    const nothingRan = this.#unwritten !== undefined && this.#operations.size === 0;
    const verdict = this.#messages.size > 0 || nothingRan ? 'error' : await this.#reported(result);
    endWith(this.#code ?? exitCode(verdict));
    return { status: verdict === 'conforms' ? 'passed' : 'failed' };
  }

  /** After every reporter has written: Playwright waits for it. */
  async onExit(): Promise<void> {
    silenceHtmlHint();
    const problem = this.#messages.size > 0 || this.#unwritten !== undefined ? undefined : await this.#allure();
    if (this.#messages.size === 0 && this.#unwritten === undefined) this.#replaceReports();
    if (this.#messages.size > 0 || this.#unwritten !== undefined) await this.#leaveReports();
    else this.#nameReports();
    if (problem !== undefined) process.stderr.write(`${problem}\n`);
    if (problem !== undefined || this.#unwritten !== undefined || this.#messages.size > 0) endWith(2);
    this.#reports.close();
  }

  printsToStdio(): boolean {
    return true;
  }

  /** Merged blob reports repeat an operation whose tests were spread over workers. */
  #noteOperation(note: ReportedOperation): void {
    this.#operations.set(note.operation, note);
  }

  /** Each shard asks the target for itself before it begins. */
  #noteTarget(note: TargetNote): void {
    this.#target = { ...note, requests: note.requests + (this.#target?.requests ?? 0) };
  }

  /** Shards are merged where no setup has looked at the settings: what is wrong with them is said here. */
  async #reported(result: FullResult): Promise<Verdict> {
    try {
      return await this.#report(result);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      this.#messages.add(error.message);
      return 'error';
    }
  }

  async #report({ startTime, duration, status }: FullResult): Promise<Verdict> {
    const configuration = await runConfiguration();
    const { contract, settings } = configuration;
    const found = composeReport({
      ...{
        contract,
        catalogue,
        operations: this.#operations,
        ended: this.#ended,
        target: this.#target,
        version: suite.version,
      },
      ...{ startedAt: startTime, durationMs: duration, strict: this.#strictness(settings.strict) },
      edition: settings.edition,
      ...{ known: runKnownFailures(configuration), today: today() },
      interrupted: status === 'interrupted' || status === 'timedout',
      // Who asks for a part gets a verdict on the part; merged reports are to hold the whole.
      planned: this.#isMerging ? contract.operations.length * catalogue.rules.length : this.#asked,
      ...(this.#shard && { shard: this.#shard }),
      merged: this.#isMerging,
    });
    if (this.#isMerging) this.#showComparisons(found);
    const { report, missing } = compared(found, this.#folder, settings.previous);
    if (missing !== undefined) process.stdout.write(`${variableNames(contract.id).previous}: ${missing}\n`);
    const past = runsOfTarget(readHistory(join(this.#folder, 'history')), report);
    process.stdout.write(`${terminalSummary(report)}\n`);
    this.#isJudged = true;
    const isWhole = status !== 'interrupted' && status !== 'timedout' && !(this.#isMerging && report.partial);
    if (settings.failOn === 'new' && isWhole) this.#endForNew(report, variableNames(contract.id).failOn);
    this.#try(() => writeReports(this.#staging, report));
    if (this.#makesAllure) this.#try(() => writeAllureResults(join(this.#staging, 'allure-results'), report, past));
    return report.verdict;
  }

  #endForNew(report: Conformance, variable: string): void {
    const { code, sentence } = endForNew(report, variable);
    this.#code = code;
    if (sentence !== undefined) process.stdout.write(`${sentence}\n`);
  }

  /** Each shard brings a test that compared its own operations: the first of them says what is known of all. */
  #showComparisons({ cells, rules, strict = [] }: Conformance): void {
    const sources = new Map(rules.map((rule) => [rule.id, rule]));
    for (const rule of catalogue.crossOperationRules) {
      const [first, ...others] = this.#comparisons.filter(({ title }) => title === comparisonTitle(rule));
      const own = cells.filter((cell) => cell.rule === rule.id);
      const end = endOfTest(own, strict.includes('should'));
      if (first) replaceResult(first, end, failureText(end, sources));
      for (const test of others)
        replaceResult(test, { skipped: 'judged once for all shards', annotations: [], failing: [] });
    }
  }

  /** @returns why there is no Allure report, where there could be one */
  async #allure(): Promise<string | undefined> {
    const results = join(this.#staging, 'allure-results');
    const output = join(this.#staging, 'allure');
    if (!existsSync(results)) return undefined;
    const problem = await makeAllureReport(results, output, this.#signals.whileWriting);
    if (problem !== undefined) rmSync(output, { recursive: true, force: true });
    return problem;
  }

  #replaceReports(): void {
    this.#try(() => this.#reports.replace(this.#isMerging ? ['blobs'] : []));
  }

  #nameReports(): void {
    const files = [...REPORT_FILES, 'html/index.html', 'allure/index.html', 'blobs'];
    const written = files.map((file) => join(this.#folder, file)).filter((file) => existsSync(file));
    process.stdout.write(`reports: ${written.join(', ')}\n${join(this.#folder, 'conformance.html')}\n`);
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
      const known = unwritable(this.#folder, error);
      if (!(known instanceof UnwritableError)) throw error;
      const { path, code = '' } = error as NodeJS.ErrnoException;
      this.#unwritten ??= error === known ? known.message : this.#sentenceAbout(path, code);
    }
  }

  #sentenceAbout(path: string | undefined, code: string): string {
    if (path?.startsWith(runFolder())) return unwritableSentence(path, code, 'TMPDIR');
    return unwritableSentence(path === undefined ? this.#folder : this.#reports.placeOf(path), code, REPORTS);
  }

  /** A configuration can be strict by itself, as the gate's is. */
  #strictness(asked: ReadonlySet<Strictness>): ReadonlySet<Strictness> {
    return new Set([...asked, ...((this.#metadata['strict'] ?? []) as Strictness[])]);
  }
}

function projectOf(test: TestCase): string | undefined {
  return test.parent.project()?.name;
}

/** Playwright colours and prefixes what a setup threw; a person wants the sentence. */
function plain(message: string): string {
  return stripVTControlCharacters(message).replace(/^(?:ConfigurationError|ContractError|UnwritableError|Error): /, '');
}

/** What a person is to read. */
async function inWords(message: string): Promise<string> {
  return plain(message) === 'No tests found' ? nothingFound() : plain(message);
}

/** Playwright says that it has no tests, to people who asked for cells. */
async function nothingFound(): Promise<string> {
  const { contract, settings } = await runConfiguration();
  const isByCell = testsOfAnOperation(contract, settings).length > 1;
  const hint = ` A test is an operation here: to ask for a rule, set ${variableNames(contract.id).testPer}=cell.`;
  return `No test matches what was asked for: \`${commandText('conformance', '--list')}\` shows what there is.${isByCell ? '' : hint}`;
}
