import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FullResult, Reporter, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { writeAllureReport } from '../src/report/allure.ts';
import {
  type Conformance,
  count,
  exitCode,
  reportRule,
  type ReportedCell,
  type Verdict,
  verdictOf,
} from '../src/report/conformance.ts';
import {
  OPERATION_NOTE,
  type ReportedOperation,
  TARGET_NOTE,
  type TargetNote,
} from '../src/report/playwright-notes.ts';
import { terminalSummary } from '../src/report/summary.ts';
import { readVariables, strictness } from '../src/target/variables.ts';
import suite from '../package.json' with { type: 'json' };
import { cases } from './cases/index.ts';
import { rules } from './rules/index.ts';
import { runContract } from './run.ts';

const FOLDER = 'reports';

/**
 * Turns what the tests found into `conformance.json` and the reports that are made from it, and the verdict into the
 * exit code. Playwright knows passed and failed; whether a run could judge at all is known here.
 */
export default class ConformanceReporter implements Reporter {
  readonly #operations = new Map<string, ReportedOperation>();
  /** `operation › rule` of the cells whose tests ran to their end. */
  readonly #ended = new Set<string>();
  readonly #messages: string[] = [];
  #target: TargetNote | undefined;
  #listing = false;

  onBegin(): void {
    this.#listing = process.argv.includes('--list');
    if (!this.#listing) rmSync(join(FOLDER, 'allure-results'), { recursive: true, force: true });
  }

  onError(error: TestError): void {
    this.#messages.push(error.message ?? error.value ?? 'an error without a message');
  }

  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const { name, body } of result.attachments) {
      if (name === OPERATION_NOTE) this.#noteOperation(JSON.parse(String(body)) as ReportedOperation);
      if (name === TARGET_NOTE) this.#target = JSON.parse(String(body)) as TargetNote;
    }
    if (result.status !== 'interrupted') this.#ended.add(cellName(test.parent.title, test.title.split(':')[0] ?? ''));
    if (test.parent.project()?.name === 'preflight' && result.error) this.#messages.push(result.error.message ?? '');
  }

  #noteOperation(note: ReportedOperation): void {
    this.#operations.set(note.operation, note);
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] } | undefined> {
    if (this.#listing) return undefined;
    const report = this.#messages.length > 0 ? undefined : await this.#compose(result);
    const verdict: Verdict = report?.verdict ?? 'error';
    if (report) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(join(FOLDER, 'conformance.json'), `${JSON.stringify(report, null, 2)}\n`);
      process.stdout.write(`${terminalSummary(report)}\n`);
    }
    for (const message of this.#messages) process.stderr.write(`${message}\n`);
    leaveWith(exitCode(verdict));
    return { status: verdict === 'conforms' ? 'passed' : 'failed' };
  }

  /** After every reporter has written: Playwright waits for it. */
  async onExit(): Promise<void> {
    if (this.#listing || this.#messages.length > 0) return;
    await writeAllureReport(join(FOLDER, 'allure-results'), join(FOLDER, 'allure'));
    process.stdout.write(
      `reports: ${FOLDER}/conformance.json, ${FOLDER}/html/index.html, ${FOLDER}/allure/index.html, ${FOLDER}/junit.xml\n`,
    );
  }

  printsToStdio(): boolean {
    return true;
  }

  async #compose({ startTime, duration, status }: FullResult): Promise<Conformance> {
    const contract = await runContract();
    const cells = this.#cells(contract.operations.map(({ id }) => id));
    const planned = contract.operations.length * rules.length;
    const counts = count(cells);
    return {
      suite: { version: suite.version },
      contract: {
        id: contract.id,
        title: contract.title,
        version: contract.version,
        file: contract.file,
        sha256: contract.sha256,
      },
      target: { baseUrl: this.#target?.baseUrl ?? '', environment: this.#target?.environment ?? '' },
      startedAt: startTime.toISOString(),
      durationMs: Math.round(duration),
      requests: [...this.#operations.values()].reduce(
        (sum, { requests }) => sum + requests,
        this.#target?.requests ?? 0,
      ),
      verdict: verdictOf(counts, strictness(readVariables(), contract.id)),
      partial: status === 'interrupted' || cells.length < planned,
      counts,
      rules: rules.map((rule) => reportRule(rule, contract)),
      cases: cases.map(({ id, title, group }) => ({ id, title, group })),
      operations: contract.operations.map(({ id, line }) => ({ id, line })),
      promises: contract.promises,
      cells,
    };
  }

  /** In the order of the contract and of the catalogue, whatever order the tests ran in. */
  #cells(operations: readonly string[]): ReportedCell[] {
    return operations.flatMap((operation) => {
      const cells = this.#operations.get(operation)?.cells ?? [];
      return cells.filter(({ rule }) => this.#ended.has(cellName(operation, rule)));
    });
  }
}

function cellName(operation: string, rule: string): string {
  return `${operation} › ${rule}`;
}

/** Playwright ends with 1 for whatever failed; the verdict knows three ends. */
function leaveWith(code: number): void {
  process.on('exit', () => {
    process.exitCode = code;
  });
}
