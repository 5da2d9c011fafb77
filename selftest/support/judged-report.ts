import { type MockOptions, startMock } from '../../mock/start.ts';
import { excuse, type KnownFailure } from '../../src/config/known-failures.ts';
import type { Contract } from '../../src/model/contract.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { Strictness } from '../../src/model/target.ts';
import type { SenderOptions } from '../../src/http/sender.ts';
import { cellId } from '../../src/model/cell-id.ts';
import { composeReport } from '../../src/reporting/compose.ts';
import { type Conformance, exitCode } from '../../src/reporting/conformance.ts';
import { type ReportedOperation, reportOperation } from '../../src/reporting/playwright-notes.ts';
import { terminalSummary } from '../../src/reporting/summary.ts';
import { Engine } from '../../src/run/engine.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { huechat, mockOf } from './contracts.ts';
import { intercept, type Meddle } from './interceptor.ts';

export interface JudgedReportOptions extends Omit<MockOptions, 'document' | 'name'> {
  readonly environment?: 'sandbox' | 'production';
  /** Changes the variables that the mock prints. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Absent: the first one. */
  readonly contract?: Contract;
  /** Ids of the operations that the contract has; the first one unless said. */
  readonly operations?: readonly string[];
  /** Ids of the rules whose tests are asked for, as with `-g`; absent: all. */
  readonly only?: readonly string[];
  readonly strict?: readonly Strictness[];
  readonly known?: readonly KnownFailure[];
  readonly wire?: Partial<SenderOptions>;
  /** Answers some requests before the mock does. */
  readonly meddle?: Meddle;
  /** The day in UTC, such as `2026-06-15`. */
  readonly today?: string;
}

export interface JudgedReport {
  readonly report: Conformance;
  /** What the run would end with. */
  readonly code: 0 | 1 | 2;
  /** What the run would print at its end. */
  readonly text: string;
}

/** A run without the runner: asked, judged, composed and summed up as the reporter does it, with nothing written. */
export async function judgedReport(options: JudgedReportOptions): Promise<JudgedReport> {
  const {
    environment = 'sandbox',
    variables = {},
    operations: ids = ['GET /contacts'],
    only,
    strict = [],
    known = [],
    today = '2026-06-15',
    meddle,
    wire = {},
    contract: chosen,
    ...mockOptions
  } = options;
  const whole = chosen ?? (await huechat());
  const contract = { ...whole, operations: whole.operations.filter(({ id }) => ids.includes(id)) };
  const mock = await startMock({ ...mockOf(whole), ...mockOptions });
  const before = meddle && (await intercept(mock, { environment, meddle }));
  // A variable that is set to nothing is not set, as on the command line.
  const given = Object.entries({ ...(before?.settings ?? mock.settings(environment)), ...variables }).filter(
    ([, value]) => value !== '',
  );
  const target = readTarget(contract, Object.fromEntries(given));
  const engine = new Engine(contract, target, catalogue, { tries: 2, backoff: 1, ...wire });
  try {
    const operations = new Map<string, ReportedOperation>();
    for (const operation of contract.operations) {
      const found = await engine.run(operation);
      operations.set(
        operation.id,
        reportOperation(found, (cell) => excuse(cell, environment, known, today)),
      );
    }
    const asked = catalogue.rules.filter(({ id }) => only?.includes(id) ?? true);
    const ended = new Set(
      [...operations.keys()].flatMap((id) => asked.map((rule) => cellId({ rule: rule.id, operation: id }))),
    );
    const report = composeReport({
      ...{ contract, catalogue, operations, ended },
      ...{ version: '1.2.3', startedAt: new Date(), durationMs: 1, interrupted: false, planned: ended.size },
      target: { baseUrl: target.baseUrl, environment, requests: 0 },
      ...{ strict: new Set(strict), known, today },
    });
    return { report, code: exitCode(report.verdict), text: terminalSummary(report) };
  } finally {
    await engine.close();
    await before?.close();
    await mock.close();
  }
}
