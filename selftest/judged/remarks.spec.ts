import { expect, test } from '@playwright/test';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { conformancePage } from '../../src/reporting/page/page.ts';
import { terminalSummary } from '../../src/reporting/summary.ts';
import { summaryMarkdown } from '../../src/reporting/summary-markdown.ts';
import type { Meddle } from '../support/interceptor.ts';
import { type JudgedReport, judgedReport } from '../support/judged-report.ts';
import { sample } from '../support/report-samples.ts';
import { contractForVariant } from '../support/variant-contracts.ts';

/** What a run saw beside its cells stands in every report in the same words, and nowhere if there is nothing to say. */

const LIST = 'GET /contacts';
const CHANGE = 'PUT /contact/{identifier}';

const UNPROVEN = /For ([\d,]+) of [\d,]+ requests no response has shown that they change nothing/;

test('requests that no control has shown to be harmless are counted in every report', async () => {
  const sound = await judgedReport({ operations: [LIST, CHANGE] });
  const some = sound.report.unprovenHarmless ?? 0;
  expect(some).toBeGreaterThan(0);
  expectSaid(
    sound,
    new RegExp(`For ${some} of ${sound.report.requests} requests no response has shown that they change nothing`),
  );

  await test.step('all of them where the control is answered with a success', async () => {
    const { report } = await judgedReport({ operations: [LIST, CHANGE], meddle: succeeds });
    expect(report.unprovenHarmless).toBeGreaterThan(some + 50);
  });

  await test.step('without a word where there are none', async () => {
    const report = await sample();
    expect(report.unprovenHarmless).toBe(0);
    expect([terminalSummary(report), ...others(report)].filter((each) => UNPROVEN.test(each))).toEqual([]);
  });
});

test('which of 401 and 403 the API gives is said where the contract names no refusal', async ({}, info) => {
  const contract = await contractForVariant('everyone-refused-alike', info.outputPath.bind(info));
  const found = await judgedReport({ contract, variant: 'everyone-refused-alike', operations: [LIST, CHANGE] });
  expect(found.report.openRefusals).toEqual({
    documented: false,
    observed: [
      { case: 'no-key', status: 403, operations: 2 },
      { case: 'never-issued-key', status: 403, operations: 2 },
    ],
  });
  expectSaid(
    found,
    /The contract documents no refusal; the API answers 403 to a request without a key \(2 operations\), 403 to a key that was never issued \(2 operations\)\./,
  );

  const { report } = await judgedReport({ operations: [LIST] });
  expect(report.openRefusals).toBeUndefined();
});

function expectSaid({ report, text }: JudgedReport, sentence: RegExp): void {
  for (const each of [text, ...others(report)]) expect(each.replaceAll('\\', '')).toMatch(sentence);
}

function others(report: Conformance): readonly string[] {
  return [summaryMarkdown(report), conformancePage(report).split('<dialog')[0] ?? ''];
}

/** A request without effect that is answered as if it had one. */
const succeeds: Meddle = ({ method, via, head }, socket) => {
  if (method !== 'PUT' || via !== 'base' || !/\((valid|scoped)-key/.test(head)) return 'pass';
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');
  return 'answered';
};

test('a key that is forbidden is said to lack the scope, perhaps; one that is called invalid is not', async () => {
  for (const [status, actual] of [
    [403, 'status 403: either the key lacks the scope of the operation, or the server denies it all the same'],
    [401, 'status 401'],
  ] as const) {
    const { report } = await judgedReport({
      operations: [LIST],
      only: ['valid-key', 'sufficient-scope'],
      meddle: ({ head }, socket) => {
        if (!/\((?:valid|scoped)-key;/.test(head)) return 'pass';
        socket.write(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
        return 'answered';
      },
    });
    for (const rule of ['valid-key', 'sufficient-scope']) {
      const cell = report.cells.find((one) => one.rule === rule);
      expect(cell?.cases[0]).toMatchObject({ outcome: 'violates', actual });
    }
  }
});
