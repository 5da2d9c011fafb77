import type { EarlierRequest, Evidence, ReportedCase, ReportedCell } from './conformance.ts';
import { readable } from './readable.ts';

/** What a failing test says: each complaint, and how to see it oneself. */
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
  const first = before && [...headText(before), '  answered, and then'];
  return [
    '',
    ...(first ?? []),
    ...headText(request),
    ...(request.body === undefined ? [] : ['  >', `  > ${request.body}`]),
    ...(answer
      ? [`  < ${answer.status}`, ...answer.headers.map((line) => `  < ${line}`), '  <', `  < ${answer.body}`]
      : []),
    ...(fault === undefined ? [] : [`  ! ${fault}`]),
    ...(controlStatus === undefined
      ? []
      : [`  the same request with the full-access key is answered ${controlStatus}`]),
    ...(before ? ['  the second request, to be sent right after the first:'] : []),
  ];
}

function headText({ method, url, headers }: EarlierRequest): string[] {
  return [`  > ${method} ${url}`, ...headers.map((line) => `  > ${line}`)];
}
