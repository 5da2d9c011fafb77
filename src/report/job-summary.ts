import type { Conformance, ReportedCell } from './conformance.ts';

/** A job's page is cut at a megabyte; nobody reads more than this. */
const MOST_ROWS = 50;
const LONGEST_TEXT = 200;

/** A run in Markdown, for the page of a workflow's run. */
export function jobSummary(report: Conformance): string {
  const { verdict, reason, partial, target, contract, counts, requests, durationMs } = report;
  const failing = report.cells.filter(({ outcome }) => ['violates', 'deviates', 'error'].includes(outcome));
  const unproven = new Map<string, number>();
  for (const { outcome, reason: why = 'no reason given' } of report.cells)
    if (outcome === 'not proven') unproven.set(why, (unproven.get(why) ?? 0) + 1);
  return [
    `## ${verdict}${partial ? ' (partial)' : ''}`,
    ...(reason === undefined ? [] : [plain(reason)]),
    `${plain(contract.title)} ${plain(contract.version)} on ${plain(target.baseUrl)} (${plain(target.environment)}): ${counts.conforms} conform, ${counts.violates} violate, ${counts.deviates} deviate, ${counts.notProven} not proven, ${counts.notApplicable} not applicable, ${counts.error} error, ${counts.known} known failures; ${requests} requests in ${(durationMs / 1000).toFixed(0)} s.`,
    ...table(['Outcome', 'Operation', 'Rule', 'Found'], failing.map(row)),
    ...table(
      ['Not proven', 'Cells'],
      [...unproven].map(([why, cells]) => [why, String(cells)]),
    ),
    '',
  ].join('\n\n');
}

function row(cell: ReportedCell): string[] {
  const { outcome, operation, rule, known, cases } = cell;
  const found = cases.find((one) => one.outcome === outcome);
  const excuse = known ? `, known until ${known.expires}` : '';
  return [`${outcome}${excuse}`, operation, rule, found?.actual ?? found?.reason ?? ''];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;
  const lines = [line(head), line(head.map(() => '---')), ...rows.slice(0, MOST_ROWS).map(line)];
  const more = rows.length - MOST_ROWS;
  return [lines.join('\n'), ...(more > 0 ? [`and ${more} more, all in conformance.json`] : [])];
}

/** Words of a server: no markup, no line break, no picture to be fetched. */
function plain(text: string): string {
  const short = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  return short.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|!#&@]/g, (character) => `&#${character.charCodeAt(0)};`);
}
