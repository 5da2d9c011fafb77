import { byRule } from './changes.ts';
import type { ChangedCell, Conformance, ReportedCell } from './conformance.ts';
import { gapsOf } from './gaps.ts';
import { readable } from './visible-text.ts';
import { many, moment } from './wording.ts';

const MOST_COMPLAINTS = 40;
const MOST_NAMES = 5;

/** The end of a run in the terminal: every complaint with expected and actual, what is missing, and the verdict. */
export function terminalSummary(report: Conformance): string {
  const complaints = report.cells.filter(
    ({ outcome }) => outcome === 'violates' || outcome === 'deviates' || outcome === 'error',
  );
  const lines = [
    ...complaints.slice(0, MOST_COMPLAINTS).map(complaint),
    ...(complaints.length > MOST_COMPLAINTS
      ? [`… and ${complaints.length - MOST_COMPLAINTS} more, all in conformance.json`]
      : []),
    ...notProven(report),
    countsLine(report),
    ...changesLine(report),
    `verdict: ${report.verdict}${report.partial ? ' (partial)' : ''}${report.reason === undefined ? '' : `: ${report.reason}`}`,
  ];
  return readable(lines.join('\n'));
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

function notProven(report: Conformance): string[] {
  return gapsOf(report).map(({ reason, cells }) => `not proven (${many(cells, 'cell')}): ${reason}`);
}

/** One line, with the names of the first that are new or fixed. */
function changesLine({ changes }: Conformance): string[] {
  if (!changes) return [];
  const names = (cells: readonly ChangedCell[]): string => {
    const groups = byRule(cells);
    const shown = groups.slice(0, MOST_NAMES).map(nameOf);
    const more = groups.length > MOST_NAMES ? [`${groups.length - MOST_NAMES} more`] : [];
    return groups.length === 0 ? '' : ` (${[...shown, ...more].join(', ')})`;
  };
  const parts = [
    `${changes.new.length} new${names(changes.new)}`,
    `${changes.fixed.length} fixed${names(changes.fixed)}`,
    ...(changes.lost.length > 0 ? [`${changes.lost.length} not judged any more${names(changes.lost)}`] : []),
    `${changes.stillFailing} still failing`,
  ];
  return [`since ${moment(changes.since)}: ${parts.join(', ')}`];
}

function nameOf([first, ...others]: readonly [ChangedCell, ...ChangedCell[]]): string {
  return `${first.rule} on ${others.length === 0 ? first.operation : many(others.length + 1, 'operation')}`;
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
