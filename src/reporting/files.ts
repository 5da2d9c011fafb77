import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badge } from './badge.ts';
import { runsOfTarget, withPast } from './changes.ts';
import type { Conformance } from './conformance.ts';
import { junit } from './junit.ts';
import { keepRun, readHistory, readRun, type RememberedRun } from './history.ts';
import { conformancePage } from './page/page.ts';
import { sarif } from './sarif.ts';
import { summaryMarkdown } from './summary-markdown.ts';

/** Every report that is made from `conformance.json` and from nothing else, by its file's name. */
const VIEWS: Readonly<Record<string, (report: Conformance) => string>> = {
  'conformance.html': conformancePage,
  'summary.md': summaryMarkdown,
  'conformance.sarif': (report) => pretty(sarif(report)),
  'junit.xml': junit,
  'badge.json': (report) => pretty(badge(report)),
};

/** What a run writes besides Playwright's own reports. */
export const REPORT_FILES = ['conformance.json', ...Object.keys(VIEWS)];

/** Writes what is made from a report beside it, and says where its page is. */
export function writeViews(folder: string, report: Conformance): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, view] of Object.entries(VIEWS)) writeFileSync(join(folder, name), view(report));
  return join(folder, 'conformance.html');
}

/** What the page of a CI job shows of the last run: its `summary.md`, or that there was nothing to judge. */
export function jobSummary(folder: string): string {
  const file = join(folder, 'summary.md');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  return '## Nothing was judged\n\nThe run ended before it had anything to judge. The log of the job says why.\n';
}

/** Writes a run's report and all that is made from it, and keeps the run for the next one to compare with. */
export function writeReports(folder: string, report: Conformance): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'conformance.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeViews(folder, report);
  keepRun(join(folder, 'history'), report);
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
