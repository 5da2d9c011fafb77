import type { ReportName } from '../model/target.ts';

/** A report that is made from `conformance.json` and from nothing else. */
export type View = Exclude<ReportName, 'playwright' | 'allure'>;

/** The file of each view. */
export const VIEW_FILES: Readonly<Record<View, string>> = {
  html: 'conformance.html',
  summary: 'summary.md',
  sarif: 'conformance.sarif',
  junit: 'junit.xml',
  badge: 'badge.json',
};

/** What a run can write besides Playwright's own reports. */
export const REPORT_FILES: readonly string[] = ['conformance.json', ...Object.values(VIEW_FILES)];

/** The file that has everything, to which what is shorter sends its readers: the page, unless the run makes none. */
export type FullReport = 'conformance.html' | 'conformance.json';

export function fullReport(reports: ReadonlySet<ReportName>): FullReport {
  return reports.has('html') ? 'conformance.html' : 'conformance.json';
}

/** Says why the reports in a folder are of an earlier run: the last one had none, or could not put them in place. */
export const NOTICE_FILE = 'notice.md';
