import { join } from 'node:path';
import { ConfigurationError } from '../config/configuration-error.ts';
import type { RunConfiguration } from '../config/run-configuration.ts';
import { today } from '../config/today.ts';
import { UnwritableError } from '../config/unwritable.ts';
import { variableNames } from '../config/variables.ts';
import { writeAllureResults } from '../reporting/allure-results.ts';
import { runsOfTarget } from '../reporting/changes.ts';
import { composeReport, type Findings, type ReportedCatalogue } from '../reporting/compose.ts';
import type { Conformance } from '../reporting/conformance.ts';
import { compared, writeReports } from '../reporting/files.ts';
import { readHistory } from '../reporting/history.ts';
import { endForNew } from '../reporting/new-failures.ts';
import { fullReport } from '../reporting/report-files.ts';
import { unwritable } from '../reporting/report-folder.ts';
import { terminalSummary } from '../reporting/summary.ts';
import { runKnownFailures } from './known-failures.ts';
import type { Reported, Unwritten } from './messages.ts';

export interface RunReports extends Reported {
  /** Absent: the settings cannot be used. */
  readonly report?: Conformance;
  /** Whether there are results that Allure can make a report of. */
  readonly hasAllureResults: boolean;
}

/** What was found, without what the configuration says. */
export type Found = Omit<Findings, 'contract' | 'catalogue' | 'version' | 'known' | 'today' | 'edition' | 'strict'> & {
  /** What the runner's own configuration fails for, as the gate's does. */
  readonly strict: readonly ('should' | 'proven')[];
};

export interface WrittenTo {
  /** The folder of the reports, where those of earlier runs are. */
  readonly folder: string;
  /** Where this run writes its own until they are put in place. */
  readonly staging: string;
  readonly allure: boolean;
}

/** Composes the report of a run and writes it with everything that is made of it. */
export function reportRun(
  configuration: RunConfiguration,
  catalogue: ReportedCatalogue,
  version: string,
  found: Found,
  { folder, staging, allure }: WrittenTo,
): RunReports {
  try {
    const { contract, settings } = configuration;
    const known = runKnownFailures(configuration, catalogue);
    const strict = new Set([...settings.strict, ...found.strict]);
    const composed = composeReport({
      ...found,
      ...{ contract, catalogue, version, strict, known, today: today(), edition: settings.edition },
    });
    const lines: string[] = [];
    const { report, missing } = compared(composed, folder, settings.previous);
    const names = variableNames(contract.id);
    if (missing !== undefined) lines.push(`${names.previous}: ${missing}`);
    const { reports } = settings;
    lines.push(terminalSummary(report, reports.has('html') ? undefined : join(folder, 'conformance.json')));
    const isWhole = !found.interrupted && !(found.merged === true && report.partial);
    const end = settings.failOn === 'new' && isWhole ? endForNew(report, names.failOn) : undefined;
    if (end?.sentence !== undefined) lines.push(end.sentence);
    const past = runsOfTarget(readHistory(join(folder, 'history')), report);
    let unwritten = whatWasNotWritten(folder, () => writeReports(staging, report, reports));
    if (allure)
      unwritten ??= whatWasNotWritten(folder, () =>
        writeAllureResults(join(staging, 'allure-results'), report, past, fullReport(reports)),
      );
    return {
      report,
      verdict: report.verdict,
      ...(end && { code: end.code }),
      text: `${lines.join('\n')}\n`,
      ...(unwritten && { unwritten }),
      hasAllureResults: allure && unwritten === undefined,
    };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { problem: error.message, text: '', hasAllureResults: false };
  }
}

function whatWasNotWritten(folder: string, write: () => void): Unwritten | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    const known = unwritable(folder, error);
    if (!(known instanceof UnwritableError)) throw error;
    const { path, code = '' } = error as NodeJS.ErrnoException;
    return error === known ? { sentence: known.message } : { path, code };
  }
}
