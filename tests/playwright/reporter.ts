import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
import { exitCode, type Verdict } from '../../src/reporting/conformance.ts';
import { compared, REPORT_FILES, writeReports } from '../../src/reporting/files.ts';
import { readHistory } from '../../src/reporting/history.ts';
import {
  OPERATION_NOTE,
  type ReportedOperation,
  TARGET_NOTE,
  type TargetNote,
} from '../../src/reporting/playwright-notes.ts';
import { terminalSummary } from '../../src/reporting/summary.ts';
import { many } from '../../src/reporting/wording.ts';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { announceReporter, variableNames } from '../../src/config/variables.ts';
import type { Strictness } from '../../src/model/target.ts';
import suite from '../../package.json' with { type: 'json' };
import { catalogue } from '../catalogue/index.ts';
import { runKnownFailures } from './known-failures.ts';
import { Progress } from './progress.ts';
import { notedRequests, noteRules, runConfiguration, runEnvironment, today } from './run.ts';
import { rulesOf, testsOfAnOperation } from './test-units.ts';
import { endWith, isFirstReporter, showAsFailure } from './workarounds.ts';

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
  readonly #isMerging = process.argv.includes('merge-reports');
  readonly #folder = runEnvironment().reportsFolder;
  readonly #progress = new Progress({
    isTerminal: process.stdout.isTTY,
    write: (text) => void process.stdout.write(text),
  });
  #watching: NodeJS.Timeout | undefined;
  #metadata: FullConfig['metadata'] = {};
  #shard: FullConfig['shard'] = null;
  #asked = 0;
  #target: TargetNote | undefined;

  onBegin(config: FullConfig, root: Suite): void {
    if (isFirstReporter(config, import.meta.url)) announceReporter();
    this.#metadata = config.metadata;
    this.#shard = config.shard;
    const judging = root.allTests().filter((test) => test.parent.project()?.name !== 'preflight');
    this.#asked = judging.reduce((sum, { title }) => sum + rulesOf(title).length, 0);
    if (this.#isMerging) return;
    const chosen = new Set(judging.flatMap(({ title }) => rulesOf(title)));
    noteRules(chosen);
    const operations = new Set(judging.map(({ parent }) => parent.title)).size;
    // What is sent beside it has been said by the setup, which does not hear what was chosen on the command line.
    if (chosen.size < catalogue.rules.length)
      process.stdout.write(
        `chosen: ${many(chosen.size, 'rule')} on ${many(operations, 'operation')}; only what they need is sent\n`,
      );
    this.#progress.begin(operations);
    this.#watching = setInterval(() => this.#progress.sent(notedRequests()), 1000).unref();
    rmSync(join(this.#folder, 'allure-results'), { recursive: true, force: true });
  }

  onError(error: TestError): void {
    this.#messages.add(error.message ?? error.value ?? 'an error without a message');
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
    if (test.parent.project()?.name === 'preflight') {
      if (result.error) this.#messages.add(result.error.message ?? 'the preflight failed');
    } else if (result.status !== 'interrupted') {
      for (const rule of rulesOf(test.title)) this.#ended.add(cellId({ rule, operation: test.parent.title }));
    }
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] }> {
    clearInterval(this.#watching);
    this.#progress.clear();
    this.#removeReports();
    const verdict = this.#messages.size > 0 ? 'error' : await this.#reported(result);
    for (const message of this.#messages)
      process.stderr.write(`${plain(message) === 'No tests found' ? await nothingFound() : plain(message)}\n`);
    endWith(exitCode(verdict));
    return { status: verdict === 'conforms' ? 'passed' : 'failed' };
  }

  /** After every reporter has written: Playwright waits for it. */
  async onExit(): Promise<void> {
    const folder = this.#folder;
    if (this.#messages.size > 0) return;
    const results = join(folder, 'allure-results');
    const problem = existsSync(results) ? await makeAllureReport(results, join(folder, 'allure')) : undefined;
    if (problem !== undefined) process.stderr.write(`${problem}\n`);
    const files = [...REPORT_FILES, 'html/index.html', 'allure/index.html', 'blobs'];
    const written = files.map((file) => join(folder, file)).filter((file) => existsSync(file));
    process.stdout.write(`reports: ${written.join(', ')}\n${join(folder, 'conformance.html')}\n`);
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
      ...{ known: runKnownFailures(configuration), today: today() },
      interrupted: status === 'interrupted' || status === 'timedout',
      // Who asks for a part gets a verdict on the part; merged reports are to hold the whole.
      planned: this.#isMerging ? contract.operations.length * catalogue.rules.length : this.#asked,
      ...(this.#shard && { shard: this.#shard }),
      merged: this.#isMerging,
    });
    const { report, missing } = compared(found, this.#folder, settings.previous);
    if (missing !== undefined) process.stdout.write(`${variableNames(contract.id).previous}: ${missing}\n`);
    const past = runsOfTarget(readHistory(join(this.#folder, 'history')), report);
    writeReports(this.#folder, report);
    writeAllureResults(join(this.#folder, 'allure-results'), report, past);
    process.stdout.write(`${terminalSummary(report)}\n`);
    return report.verdict;
  }

  /** What an earlier run found says nothing about this one. */
  #removeReports(): void {
    for (const name of [...REPORT_FILES, 'allure']) rmSync(join(this.#folder, name), { recursive: true, force: true });
  }

  /** A configuration can be strict by itself, as the gate's is. */
  #strictness(asked: ReadonlySet<Strictness>): ReadonlySet<Strictness> {
    return new Set([...asked, ...((this.#metadata['strict'] ?? []) as Strictness[])]);
  }
}

/** Playwright colours and prefixes what a setup threw; a person wants the sentence. */
function plain(message: string): string {
  // eslint-disable-next-line no-control-regex -- that is what it takes away
  return message.replace(/\u001b\[\d+m/g, '').replace(/^(ConfigurationError|ContractError|Error): /, '');
}

/** Playwright says that it has no tests, to people who asked for cells. */
async function nothingFound(): Promise<string> {
  const { contract, settings } = await runConfiguration();
  const isByCell = testsOfAnOperation(contract, settings).length > 1;
  const hint = ` A test is an operation here: to ask for a rule, set ${variableNames(contract.id).testPer}=cell.`;
  return `No test matches what was asked for: \`npm run conformance -- --list\` shows what there is.${isByCell ? '' : hint}`;
}
