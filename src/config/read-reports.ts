import type { ReportName } from '../model/target.ts';

/** Every report that a run can do without. `conformance.json` is none of them: the commands read it. */
const REPORT_NAMES: readonly ReportName[] = ['html', 'summary', 'sarif', 'junit', 'badge', 'playwright', 'allure'];

/** A word that a message may show: a key that was put here by mistake is longer, or has a digit. */
const SHOWN = /^[A-Za-z./-]{1,20}$/;

/**
 * Reads which reports a run makes. The runner needs it before it has read the contract: this module loads nothing for it.
 *
 * @param value such as `html,junit`; undefined: all of them
 * @param problems takes a sentence about a value that cannot be used, which counts as not set
 */
export function readReports(value: string | undefined, name: string, problems: string[]): ReadonlySet<ReportName> {
  if (value === undefined) return new Set(REPORT_NAMES);
  const entries = value.split(',').map((entry) => entry.trim());
  const wrong = entries.flatMap((entry, index) => {
    if (REPORT_NAMES.some((known) => known === entry)) return [];
    const shown = SHOWN.test(entry) ? entry : `entry ${index + 1}`;
    return [`${shown} is ${entry === '' ? 'empty' : 'no report'}`];
  });
  if (wrong.length === 0) return new Set(REPORT_NAMES.filter((known) => entries.includes(known)));
  const what = entries.some((entry) => entry !== '') ? `cannot be used, ${wrong.join(' and ')}` : 'names no report';
  problems.push(
    `${name} ${what}: give one or more of ${REPORT_NAMES.join(', ')}, joined by commas, or remove it for all of them.`,
  );
  return new Set(REPORT_NAMES);
}
