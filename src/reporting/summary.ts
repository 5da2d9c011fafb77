import { bugsWithoutCause, causesOfReport } from './causes.ts';
import { byRule } from './changes.ts';
import { type ChangedCell, type Conformance, canFail } from './conformance.ts';
import { gapsOf } from './gaps.ts';
import type { Bug } from './grouped-findings.ts';
import { nextSteps } from './next-steps.ts';
import { OUTCOMES } from './outcomes.ts';
import type { FullReport } from './report-files.ts';
import { keysInWords } from './reported-keys.ts';
import { inLine, readable } from '../visible-text.ts';
import { following, many, mockInWords, moment, NEWER, remarks, verdictInWords } from './wording.ts';

/** Lines of the end of a run. The reporter adds where the files are, and with that the screen has at most forty. */
export const MOST_LINES = 36;

const MOST_CAUSES = 5;
const MOST_FINDINGS = 10;
const MOST_GAPS = 6;
const MOST_NAMES = 5;
const LONGEST = 400;

/**
 * The end of a run in the terminal: the causes, what is wrong beside them, what is missing, the verdict, and what to do
 * next. Whatever was found, it is no more than `MOST_LINES` lines, and says what finds no room and where that is.
 *
 * @param file path of the report itself, where the run makes no page of it
 */
export function terminalSummary(report: Conformance, file?: string): string {
  const full: FullReport = file === undefined ? 'conformance.html' : 'conformance.json';
  const causes = causeLines(report, full);
  const end = [
    ...gapLines(report, full),
    ...remarks(report).map(line),
    ...(report.keyLifecycle ? [line(`keys over time: ${keysInWords(report.keyLifecycle)}`)] : []),
    countsLine(report),
    ...changesLine(report),
    ...(report.target.mock === true ? [line(mockInWords(report))] : []),
    verdictLine(report),
    ...nextSteps(report, file).map((step) => `next: ${step}`),
  ];
  const findings = findingLines(report, MOST_LINES - causes.length - end.length, full);
  return [...causes, ...findings, ...end].join('\n');
}

/** A sentence, what follows from it with what to do, and the line that repeats it: what has most cells first. */
function causeLines(report: Conformance, full: FullReport): string[] {
  const all = causesOfReport(report);
  const lines = all.slice(0, MOST_CAUSES).flatMap((cause) => [
    line(`cause: ${cause.sentence}.`),
    line(`    ${following(cause.counts)} from it. ${cause.remedy}`),
    // A line that is to be copied stays as it is, or stays away.
    ...(isOneLine(cause.example.repeat) ? [`    ${cause.example.repeat}`] : []),
  ]);
  const left = all.length - MOST_CAUSES;
  return [...lines, ...(left > 0 ? [`… and ${many(left, 'more cause')}, in ${full}`] : [])];
}

function isOneLine(text: string): boolean {
  return readable(text) === text && !text.includes('\n');
}

/** Two lines for each finding that no cause explains: first what is on most operations. */
function findingLines(report: Conformance, room: number, full: FullReport): string[] {
  const all = bugsWithoutCause(report);
  const worst = (bug: Bug): number => OUTCOMES.findIndex(({ outcome }) => outcome === bug.outcome);
  const sorted = all.toSorted(
    (a, b) =>
      Number(!canFail(a.cells[0])) - Number(!canFail(b.cells[0])) ||
      worst(a) - worst(b) ||
      b.cells.length - a.cells.length,
  );
  const fitting = Math.min(MOST_FINDINGS, Math.floor((room - 1) / 2));
  const left = sorted.slice(fitting);
  const cells = left.reduce((sum, bug) => sum + bug.cells.length, 0);
  const more = `… and ${many(left.length, 'more finding')} in ${many(cells, 'cell')}, in ${full}`;
  return [...sorted.slice(0, fitting).flatMap(finding), ...(left.length > 0 ? [more] : [])];
}

function finding({ rule, outcome, cells: [first, ...others] }: Bug): string[] {
  const { level, operation, known, newer, reason } = first;
  const on = others.length === 0 ? operation : `${operation} and ${many(others.length, 'more operation')}`;
  const excuse = known
    ? `  (known until ${known.expires}: ${known.owner}, ${known.link})`
    : newer
      ? `  (${NEWER})`
      : '';
  const failing = first.cases.filter((each) => each.outcome === outcome);
  const [shown] = failing;
  const what =
    shown?.expected === undefined
      ? (shown?.reason ?? reason ?? 'no reason given')
      : `expected ${shown.expected}, received ${shown.actual}`;
  const more = failing.length > 1 ? ` (and ${many(failing.length - 1, 'more case')})` : '';
  return [
    line(`${outcome} ${level}  ${on}  ${rule}${excuse}`),
    line(`    ${shown === undefined ? '' : `${shown.case}${more}: `}${what}`),
  ];
}

function gapLines(report: Conformance, full: FullReport): string[] {
  const all = gapsOf(report);
  const shown = all.slice(0, MOST_GAPS).map(({ reason, cells, operation }) => {
    const of = operation === undefined || reason.includes(operation) ? '' : ` of ${operation}`;
    return line(`not proven (${many(cells, 'cell')}${of}): ${reason}`);
  });
  const left = all.length - shown.length;
  return [...shown, ...(left > 0 ? [`… and ${many(left, 'more reason')} why cells are not proven, in ${full}`] : [])];
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
  return [readable(`since ${moment(changes.since)}: ${parts.join(', ')}`)];
}

function nameOf([first, ...others]: readonly [ChangedCell, ...ChangedCell[]]): string {
  return `${first.rule} on ${others.length === 0 ? first.operation : many(others.length + 1, 'operation')}`;
}

function countsLine({ counts, cells, requests, durationMs }: Conformance): string {
  const asked = {
    operations: new Set(cells.map(({ operation }) => operation)),
    rules: new Set(cells.map(({ rule }) => rule)),
  };
  const known = (outcome: 'violates' | 'deviates'): string[] => {
    const excused = cells.filter((cell) => cell.outcome === outcome && cell.known !== undefined).length;
    return excused > 0 ? [`${excused} of them known`] : [];
  };
  const parts = [
    `${counts.conforms} conform`,
    `${counts.violates} violate`,
    ...known('violates'),
    `${counts.deviates} deviate`,
    ...known('deviates'),
    `${counts.notProven} not proven`,
    `${counts.notApplicable} not applicable`,
    `${counts.error} error`,
  ];
  return `${many(asked.operations.size, 'operation')} × ${many(asked.rules.size, 'rule')}: ${parts.join(', ')}; ${requests} ${requests === 1 ? 'request' : 'requests'} in ${(durationMs / 1000).toFixed(1)} s`;
}

function verdictLine(report: Conformance): string {
  const { partial, counts, reason, target } = report;
  const known = counts.known > 0 ? `, without ${many(counts.known, 'known failure')}` : '';
  return readable(
    `verdict: ${verdictInWords(report)}${partial ? ' (partial)' : ''}${target.mock === true ? ', of the embedded mock' : ''}${known}${reason === undefined ? '' : `: ${reason}`}`,
  );
}

function line(text: string): string {
  const indent = /^ */.exec(text)?.[0] ?? '';
  // Two spaces part the columns of a finding; within a text they mean nothing.
  return (
    indent +
    text
      .slice(indent.length)
      .split('  ')
      .map((part) => inLine(part, LONGEST))
      .join('  ')
  );
}
