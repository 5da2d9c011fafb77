import type { Conformance, ReportedCell } from './conformance.ts';

const MOST_COMPLAINTS = 40;

/** The end of a run in the terminal: every complaint with expected and actual, what is missing, and the verdict. */
export function terminalSummary(report: Conformance): string {
  const complaints = report.cells.filter(
    ({ outcome }) => outcome === 'violates' || outcome === 'deviates' || outcome === 'error',
  );
  return [
    ...complaints.slice(0, MOST_COMPLAINTS).map(complaint),
    ...(complaints.length > MOST_COMPLAINTS
      ? [`… and ${complaints.length - MOST_COMPLAINTS} more, all in conformance.json`]
      : []),
    ...notProven(report),
    countsLine(report),
    `verdict: ${report.verdict}${report.partial ? ' (partial)' : ''}${report.reason === undefined ? '' : `: ${report.reason}`}`,
  ].join('\n');
}

function complaint(cell: ReportedCell): string {
  const lines = cell.cases
    .filter(({ outcome }) => outcome === cell.outcome)
    .map(({ case: id, expected, actual, reason }) =>
      expected === undefined
        ? `    ${id}: ${reason}`
        : `    ${id}\n      expected ${expected}\n      actual   ${actual}`,
    );
  const { known } = cell;
  const excuse = known ? `  (known until ${known.expires}: ${known.owner}, ${known.link})` : '';
  return [`${cell.outcome} ${cell.level}  ${cell.operation}  ${cell.rule}${excuse}`, ...lines].join('\n');
}

/** What could not be proven, once for each reason, with the variable that would change it. */
function notProven({ cells }: Conformance): string[] {
  const reasons = new Map<string, number>();
  for (const { outcome, cases } of cells) {
    if (outcome !== 'not proven') continue;
    const first = cases.find((verdict) => verdict.outcome === 'not proven');
    const why = first?.reason ?? 'no reason given';
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  return [...reasons].map(([why, cellsHit]) => `not proven (${cellsHit} ${cellsHit === 1 ? 'cell' : 'cells'}): ${why}`);
}

function countsLine({ counts, requests, durationMs, operations, rules }: Conformance): string {
  const parts = [
    `${counts.conforms} conform`,
    `${counts.violates} violate`,
    `${counts.deviates} deviate`,
    `${counts.notProven} not proven`,
    `${counts.notApplicable} not applicable`,
    `${counts.error} error`,
  ];
  return `${operations.length} operations × ${rules.length} rules: ${parts.join(', ')}; ${requests} requests in ${(durationMs / 1000).toFixed(1)} s`;
}
