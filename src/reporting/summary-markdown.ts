import { bugsWithoutCause, causesOfReport } from './causes.ts';
import { byRule } from './changes.ts';
import type { ChangedCell, Conformance, ReportedCase } from './conformance.ts';
import { coverageOf, promisesInWords } from './coverage.ts';
import { cellsByVariable, gapsOf } from './gaps.ts';
import { OUTCOMES, symbolOf } from './outcomes.ts';
import type { FullReport } from './report-files.ts';
import { keyLineInWords, keysInWords } from './reported-keys.ts';
import { inLine } from '../visible-text.ts';
import { duration, following, grouped, headline, many, moment, NEWER, notices, verdictInWords } from './wording.ts';

/** A comment on GitHub takes 65,536 characters; a job's summary more. */
const MOST_BYTES = 58_000;
const LONGEST = 300;
const LONGEST_SENTENCE = 600;
const LONGEST_LINE = 1000;
const MOST_FINDINGS = 300;

/** `summary.md`: for a job's summary or a comment. Whatever is found, it fits: what finds no room is counted. */
export function summaryMarkdown(report: Conformance, full: FullReport = 'conformance.html'): string {
  const blocks = [
    top(report),
    ...changes(report),
    ...causes(report),
    ...findings(report, full),
    ...gaps(report),
    ...keysOverTime(report),
    ...promises(report),
  ];
  const kept: string[] = [];
  let room = MOST_BYTES;
  for (const block of blocks) {
    const size = Buffer.byteLength(block) + 2;
    if (size > room) break;
    room -= size;
    kept.push(block);
  }
  const left = blocks.length - kept.length;
  const more = left > 0 ? [`… and ${many(left, 'more part')}, all in \`${full}\`.`] : [];
  return `${[...kept, ...more].join('\n\n')}\n`;
}

function top(report: Conformance): string {
  const { verdict, contract, target, counts, requests, durationMs, startedAt, rules, operations } = report;
  const symbol = verdict === 'error' ? '!' : symbolOf(verdict);
  return [
    `## ${symbol} Authentication: ${verdictInWords(report)}`,
    `${plain(headline(report))}.`,
    ...notices(report).map((notice) => `> ${plain(notice)}`),
    [
      `| ${OUTCOMES.map(({ symbol: sign, outcome }) => `${sign} ${outcome}`).join(' | ')} |`,
      `| ${OUTCOMES.map(() => '---:').join(' | ')} |`,
      `| ${OUTCOMES.map(({ count }) => grouped(counts[count])).join(' | ')} |`,
    ].join('\n'),
    `${target.mock === true ? 'the embedded mock, ' : ''}${code(target.baseUrl === '' ? 'no target' : target.baseUrl)} (${plain(target.environment)}) by ${plain(contract.title)} ${plain(contract.version)}, ${code(contract.file)} \`${contract.sha256.slice(0, 12)}\`: ${many(operations.length, 'operation')} × ${many(rules.length, 'rule')}, ${many(requests, 'request')} in ${duration(durationMs)}, ${moment(startedAt)}.`,
  ].join('\n\n');
}

function changes({ changes: found }: Conformance): string[] {
  if (!found) return [];
  const list = (words: string, cells: readonly ChangedCell[]): string[] => {
    if (cells.length === 0) return [];
    const groups = byRule(cells);
    const shown = groups.slice(0, 15).map(([first, ...others]) => {
      const on = others.length === 0 ? code(first.operation) : many(others.length + 1, 'operation');
      return `${code(first.rule)} on ${on}`;
    });
    const more = groups.length > 15 ? [`and ${groups.length - 15} more`] : [];
    return [`- **${grouped(cells.length)} ${words}**: ${[...shown, ...more].join(', ')}`];
  };
  return [
    [
      `### Since ${moment(found.since)}`,
      [
        ...list('newly failing', found.new),
        ...list('fixed', found.fixed),
        ...list('failed before and could not be judged now', found.lost),
        `- ${grouped(found.stillFailing)} still failing`,
        ...(found.contractChanged ? ['- the contract has changed in between'] : []),
      ].join('\n'),
    ].join('\n\n'),
  ];
}

function causes(report: Conformance): string[] {
  const all = causesOfReport(report).map(({ sentence, remedy, example, counts }) =>
    [
      `- **${plain(sentence, LONGEST_SENTENCE)}.** ${following(counts)} from it. ${plain(remedy)}`,
      // A line that is cut would repeat something else.
      ...(example.repeat.length <= LONGEST_LINE ? [`  - ${code(example.repeat, LONGEST_LINE)}`] : []),
    ].join('\n'),
  );
  return all.length === 0 ? [] : ['### Common causes', ...all];
}

function findings(report: Conformance, full: FullReport): string[] {
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const all = bugsWithoutCause(report);
  const bugs = all.slice(0, MOST_FINDINGS).map(({ rule: id, outcome, cells }) => {
    const [first] = cells;
    const rule = rules.get(id);
    const failing = first.cases.filter((each) => each.outcome === outcome);
    const known = first.known
      ? `  \n  known: ${plain(first.known.reason)}, until ${plain(first.known.expires)}`
      : first.newer
        ? `  \n  ${NEWER}`
        : '';
    return [
      `- ${symbolOf(outcome)} **${outcome}** \`${id}\` (${first.level}): ${plain(rule?.title ?? '')}${known}`,
      `  on ${operations(cells.map(({ operation }) => operation))}`,
      ...(rule?.source.promise === undefined ? [] : [`  > ${plain(rule.source.text)}`, '']),
      ...failing.slice(0, 2).map(caseText),
      ...(failing.length > 2 ? [`  - and ${many(failing.length - 2, 'more case')}`] : []),
      ...(failing.length === 0 && first.reason !== undefined ? [`  - ${code(first.reason)}`] : []),
    ].join('\n');
  });
  const more = all.length - bugs.length;
  const end = more > 0 ? [`… and ${many(more, 'more finding')}, all in \`${full}\`.`] : [];
  return bugs.length === 0 ? [] : ['### What is wrong', ...bugs, ...end];
}

function caseText({ case: id, expected, actual, reason }: ReportedCase): string {
  return expected === undefined
    ? `  - ${code(id)}: ${code(reason ?? '')}`
    : `  - ${code(id)}: expected ${code(expected)}, received ${code(actual ?? '')}`;
}

function operations(ids: readonly string[]): string {
  const shown = ids.slice(0, 10).map(code).join(', ');
  return ids.length > 10 ? `${shown} and ${many(ids.length - 10, 'more operation')}` : shown;
}

function gaps(report: Conformance): string[] {
  const found = gapsOf(report);
  if (found.length === 0) return [];
  const variables = [...cellsByVariable(found)].map(
    ([variable, cells]) => `- set ${code(variable)} to prove ${many(cells, 'cell')}`,
  );
  const others = found
    .filter(({ variable }) => variable === undefined)
    .slice(0, 10)
    .map(({ reason, cells }) => `- ${code(reason)}: ${many(cells, 'cell')}`);
  return [`### What could not be proven\n\n${[...variables, ...others].join('\n')}`];
}

function keysOverTime({ keyLifecycle }: Conformance): string[] {
  if (!keyLifecycle) return [];
  const lines = keyLifecycle.keys.map((key) => `- ${plain(keyLineInWords(key))}`);
  return [`### Keys over time\n\n${plain(keysInWords(keyLifecycle))}.\n\n${lines.join('\n')}`];
}

function promises(report: Conformance): string[] {
  const covered = coverageOf(report);
  if (covered.length === 0) return [];
  return [promisesInWords(covered)];
}

/** Text that is not ours: in a code span nothing is markup, no name is called and no number becomes a link. */
function code(text: string, most = LONGEST): string {
  const shown = inLine(text, most);
  if (shown === '') return '(nothing)';
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Text of the contract or ours, between words: nothing in it is markup. */
function plain(text: string, most = LONGEST): string {
  return inLine(text, most)
    .replace(/[\\`*_[\]|~#]/g, (character) => `\\${character}`)
    .replace(/[&<>@]/g, (character) => `&#${character.charCodeAt(0)};`);
}
