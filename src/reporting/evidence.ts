import type { ReportedRequest, Evidence, ReportedCase, ReportedCell } from './conformance.ts';
import { readable } from './visible-text.ts';

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
