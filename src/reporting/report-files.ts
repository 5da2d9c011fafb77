/** Every report that is made from `conformance.json` and from nothing else. */
const VIEWS = ['conformance.html', 'summary.md', 'conformance.sarif', 'junit.xml', 'badge.json'] as const;

export type View = (typeof VIEWS)[number];

/** What a run writes besides Playwright's own reports. */
export const REPORT_FILES: readonly string[] = ['conformance.json', ...VIEWS];

/** Says why the reports in a folder are of an earlier run: the last one had none, or could not put them in place. */
export const NOTICE_FILE = 'notice.md';
