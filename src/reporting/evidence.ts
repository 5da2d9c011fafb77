import {
  type Conformance,
  canFail,
  type ReportedRequest,
  type Evidence,
  type ReportedCase,
  type ReportedCell,
} from './conformance.ts';
import { cut, readable } from '../visible-text.ts';
import { many } from './wording.ts';

/** Whether the run fails for the cell: for a MUST, and for a SHOULD where it was asked to. */
export function isFatal(
  cell: Pick<ReportedCell, 'outcome' | 'known' | 'newer'>,
  { strict = [] }: Pick<Conformance, 'strict'>,
): boolean {
  if (!canFail(cell)) return false;
  const { outcome } = cell;
  return outcome === 'violates' || (outcome === 'deviates' && strict.includes('should'));
}

const LONGEST_FINDING = 600;

/** What was found, as one line: of what does not hold the first case, and how many more there are. */
export function findingText({ outcome, reason, cases }: ReportedCell): string {
  const failing = cases.filter((each) => each.outcome === outcome);
  const shown = failing.find(({ expected }) => expected !== undefined);
  const said = shown
    ? `${shown.case}: expected ${short(shown.expected)}, received ${short(shown.actual)}`
    : (reason ?? failing[0]?.reason ?? 'no reason given');
  const more = shown && failing.length > 1 ? ` (and ${many(failing.length - 1, 'more case')})` : '';
  return readable(`${said}${more}`).replace(/\s+/g, ' ');
}

function short(text = ''): string {
  const { text: shown, left } = cut(text, LONGEST_FINDING);
  return left > 0 ? `${shown}…` : shown;
}

/** The message of a failing test: for each case what was expected, what was sent and received, and the command that repeats it. */
export function evidenceText(cell: ReportedCell, source?: { readonly text: string; readonly url: string }): string {
  const cases = cell.cases.filter(({ outcome }) => outcome === cell.outcome);
  const promise = source ? [`"${source.text}" (${source.url})`, ''] : [];
  return [...promise, ...cases.map(caseText)].join('\n');
}

function caseText({ case: id, expected, actual, reason, evidence }: ReportedCase): string {
  const said = [
    `case ${id}`,
    ...(expected === undefined ? [`  ${reason}`] : [`  expected ${expected}`, `  actual   ${actual}`]),
    ...(evidence ? exchangeText(evidence) : []),
  ];
  // The command is to be copied: it stays as it is.
  return [readable(said.join('\n')), ...(evidence ? [`  ${evidence.curl}`] : []), ''].join('\n');
}

function exchangeText({ request, answer, fault, controlStatus }: Evidence): string[] {
  const { before } = request;
  const first = before && [...requestText(before), '  answered, and then'];
  return [
    '',
    ...(first ?? []),
    ...requestText(request),
    ...(answer
      ? [`  < ${answer.status}`, ...answer.headers.map((line) => `  < ${line}`), '  <', `  < ${answer.body}`]
      : []),
    ...(fault === undefined ? [] : [`  ! ${fault}`]),
    ...(controlStatus === undefined
      ? []
      : [`  the same request with the full-access key is answered ${controlStatus}`]),
    ...(before ? ['  both requests, the second right after the first:'] : []),
  ];
}

function requestText({ method, url, headers, body }: ReportedRequest): string[] {
  const head = [`${method} ${url}`, ...headers].map((line) => `  > ${line}`);
  return body === undefined ? head : [...head, '  >', `  > ${body}`];
}
