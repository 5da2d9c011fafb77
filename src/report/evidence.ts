import type { Evidence, ReportedCase, ReportedCell } from './conformance.ts';

/** What a failing test says: each complaint, and how to see it oneself. */
export function evidenceText(cell: ReportedCell, source?: { readonly text: string; readonly url: string }): string {
  const cases = cell.cases.filter(({ outcome }) => outcome === cell.outcome);
  const promise = source ? [`"${source.text}" (${source.url})`, ''] : [];
  return [...promise, ...cases.map(caseText)].join('\n');
}

function caseText({ case: id, expected, actual, reason, evidence }: ReportedCase): string {
  return [
    `case ${id}`,
    ...(expected === undefined ? [`  ${reason}`] : [`  expected ${expected}`, `  actual   ${actual}`]),
    ...(evidence ? exchangeText(evidence) : []),
    '',
  ].join('\n');
}

function exchangeText({ request, answer, fault, controlStatus, curl }: Evidence): string[] {
  return [
    '',
    `  > ${request.method} ${request.url}`,
    ...request.headers.map((line) => `  > ${line}`),
    ...(request.body === undefined ? [] : ['  >', `  > ${request.body}`]),
    ...(answer
      ? [`  < ${answer.status}`, ...answer.headers.map((line) => `  < ${line}`), '  <', `  < ${answer.body}`]
      : []),
    ...(fault === undefined ? [] : [`  ! ${fault}`]),
    ...(controlStatus === undefined
      ? []
      : [`  the same request with the full-access key is answered ${controlStatus}`]),
    `  ${curl}`,
  ];
}
