import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportName } from '../model/target.ts';
import { badge } from './badge.ts';
import { runsOfTarget, withPast } from './changes.ts';
import type { Conformance } from './conformance.ts';
import { junit } from './junit.ts';
import { keepRun, readHistory, readRun, type RememberedRun } from './history.ts';
import { lastRun } from './last-run.ts';
import { conformancePage } from './page/page.ts';
import { type FullReport, fullReport, NOTICE_FILE, type View, VIEW_FILES } from './report-files.ts';
import { sarif } from './sarif.ts';
import { summaryMarkdown } from './summary-markdown.ts';
import { writeJson } from './write-json.ts';

/** How each view is made. The summary sends its readers to the report that has everything. */
const VIEWS: Readonly<Record<View, (report: Conformance, full: FullReport) => string>> = {
  html: conformancePage,
  summary: summaryMarkdown,
  sarif: (report) => pretty(sarif(report)),
  junit,
  badge: (report) => pretty(badge(report)),
};

const ALL_VIEWS = Object.keys(VIEWS) as readonly View[];

/** Writes the views that are wanted of a report beside it. */
function writeViews(folder: string, report: Conformance, reports: ReadonlySet<ReportName>): void {
  for (const name of ALL_VIEWS)
    if (reports.has(name)) write(join(folder, VIEW_FILES[name]), VIEWS[name](report, fullReport(reports)));
}

/**
 * Makes every view of a report again, beside it: all of them, or none.
 *
 * @throws Error of the file system, with the file's path
 */
export function replaceViews(folder: string, report: Conformance): void {
  const made = ALL_VIEWS.map((name) => ({
    place: join(folder, VIEW_FILES[name]),
    beside: join(folder, `.${VIEW_FILES[name]}.${process.pid}`),
    text: VIEWS[name](report, 'conformance.html'),
  }));
  try {
    for (const { place } of made) if (existsSync(place)) closeSync(openSync(place, 'r+'));
    for (const { beside, text } of made) write(beside, text);
    for (const { beside, place } of made) renameSync(beside, place);
  } finally {
    for (const { beside } of made) rmSync(beside, { force: true });
  }
}

/** What the page of a CI job shows of the last run: its summary, made here where the run made none, or why it has none. */
export function jobSummary(folder: string): string {
  const file = [NOTICE_FILE, VIEW_FILES.summary].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file !== undefined) return readFileSync(file, 'utf8');
  const run = lastRun(folder);
  if ('notice' in run) return `## Nothing was judged\n\n${run.notice}\n`;
  return summaryMarkdown(run, existsSync(join(folder, VIEW_FILES.html)) ? 'conformance.html' : 'conformance.json');
}

/**
 * Writes a run's report and the views of it that are wanted, and keeps the run for the next one to compare with.
 *
 * @throws Error of the file system, with the file's path
 */
export function writeReports(folder: string, report: Conformance, reports: ReadonlySet<ReportName>): void {
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, 'conformance.json'), report);
  writeViews(folder, report, reports);
  keepRun(join(folder, 'history'), report);
}

/** A write into an open file fails without the file's name: it is told here. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    if (error instanceof Error) Object.assign(error, { path: file });
    throw error;
  }
}

/**
 * The report, compared with an earlier run: with the one that is named, or with the last of the same target.
 *
 * @returns with `missing` where the one that is named cannot be read as a run
 */
export function compared(
  report: Conformance,
  folder: string,
  previous: string | undefined,
): { readonly report: Conformance; readonly missing?: string } {
  if (previous === undefined)
    return { report: withPast(report, runsOfTarget(readHistory(join(folder, 'history')), report)) };
  const run = readRun(previous);
  const why = existsSync(previous) ? unfit(run, report) : 'is not there';
  if (run && why === undefined) return { report: withPast(report, [run]) };
  return { report: withPast(report, []), missing: `${previous} ${why}: nothing is compared.` };
}

function unfit(run: RememberedRun | undefined, { contract }: Conformance): string | undefined {
  if (!run) return 'is no report of a run';
  return run.contract.id === contract.id ? undefined : `is about the contract ${run.contract.id}`;
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
