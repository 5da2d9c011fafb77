import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badge } from './badge.ts';
import { runsOfTarget, withPast } from './changes.ts';
import type { Conformance } from './conformance.ts';
import { junit } from './junit.ts';
import { keepRun, readHistory, readRun, type RememberedRun } from './history.ts';
import { conformancePage } from './page/page.ts';
import { NOTICE_FILE, type View } from './report-files.ts';
import { sarif } from './sarif.ts';
import { summaryMarkdown } from './summary-markdown.ts';
import { writeJson } from './write-json.ts';

/** Every report that is made from `conformance.json` and from nothing else, by its file's name. */
const VIEWS: Readonly<Record<View, (report: Conformance) => string>> = {
  'conformance.html': conformancePage,
  'summary.md': summaryMarkdown,
  'conformance.sarif': (report) => pretty(sarif(report)),
  'junit.xml': junit,
  'badge.json': (report) => pretty(badge(report)),
};

/** Writes what is made from a report beside it. */
function writeViews(folder: string, report: Conformance): void {
  for (const [name, view] of Object.entries(VIEWS)) write(join(folder, name), view(report));
}

/**
 * Makes what is made from a report again, beside it: all of it, or nothing.
 *
 * @throws Error of the file system, with the file's path
 */
export function replaceViews(folder: string, report: Conformance): void {
  const made = Object.entries(VIEWS).map(([name, view]) => ({
    place: join(folder, name),
    beside: join(folder, `.${name}.${process.pid}`),
    text: view(report),
  }));
  try {
    for (const { place } of made) if (existsSync(place)) closeSync(openSync(place, 'r+'));
    for (const { beside, text } of made) write(beside, text);
    for (const { beside, place } of made) renameSync(beside, place);
  } finally {
    for (const { beside } of made) rmSync(beside, { force: true });
  }
}

/** What the page of a CI job shows of the last run: its `summary.md`, or why it has none. */
export function jobSummary(folder: string): string {
  const file = [NOTICE_FILE, 'summary.md'].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file !== undefined) return readFileSync(file, 'utf8');
  return '## Nothing was judged\n\nThe run ended before it had anything to judge. The log of the job says why.\n';
}

/**
 * Writes a run's report and all that is made from it, and keeps the run for the next one to compare with.
 *
 * @throws Error of the file system, with the file's path
 */
export function writeReports(folder: string, report: Conformance): void {
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, 'conformance.json'), report);
  writeViews(folder, report);
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
