import { expect, test } from '@playwright/test';
import { allureResults } from '../../src/reporting/allure-results.ts';
import type { ReportedCell } from '../../src/reporting/conformance.ts';
import { junit } from '../../src/reporting/junit.ts';
import { conformancePage } from '../../src/reporting/page/page.ts';
import { sarif } from '../../src/reporting/sarif.ts';
import { summaryMarkdown } from '../../src/reporting/summary-markdown.ts';
import { judgedReport, type JudgedReportOptions } from '../support/judged-report.ts';
import {
  countsInAllure,
  countsInJunit,
  countsInPage,
  countsInSarif,
  countsInSummary,
  countsInTerminal,
  expectSame,
  totalsInJunit,
} from '../support/report-counts.ts';

const known = {
  ...{ rule: 'partial-key', operation: '*', environment: 'sandbox' },
  ...{ reason: 'the gateway forgives', owner: 'team', link: 'https://example.com/1', expires: '2999-12-31' },
};

/** Runs of each kind, judged in this process: every view of each has the same numbers. */
const RUNS: Readonly<Record<string, JudgedReportOptions>> = {
  violating: { defect: { id: 'missing-key-accepted' }, operations: ['GET /contacts', 'GET /conversations'] },
  'deviating, where that is to fail': {
    ...{ defect: { id: 'header-name-case-sensitive' }, strict: ['should'] },
  },
  'not proven': { variables: { HUECHAT_REVOKED_KEY: '', HUECHAT_SCOPED_KEYS: '' }, strict: ['proven'] },
  partial: { only: ['missing-key', 'valid-key'] },
  'known to fail': { defect: { id: 'bare-prefix-accepted' }, known: [known] },
  'unlike on one of its operations': {
    ...{ defect: { id: 'one-operation-answers-another-body', operation: 'GET /contacts' }, strict: ['should'] },
    operations: ['GET /contacts', 'GET /conversations', 'GET /contact/{identifier}'],
  },
};

/** A cell that such a run has. */
const SHOWS: Readonly<Record<string, (cell: ReportedCell) => boolean>> = {
  violating: ({ outcome }) => outcome === 'violates',
  'deviating, where that is to fail': ({ outcome }) => outcome === 'deviates',
  'not proven': ({ outcome }) => outcome === 'not proven',
  partial: ({ rule }) => rule === 'missing-key',
  'known to fail': ({ known: excuse }) => excuse !== undefined,
  'unlike on one of its operations': ({ rule, outcome }) => rule === 'uniform-errors' && outcome === 'deviates',
};

for (const [kind, options] of Object.entries(RUNS)) {
  test(`every view of a run that is ${kind} has the same counts`, async () => {
    const { report, text } = await judgedReport(options);
    const { counts, cells, strict = [] } = report;
    expect(cells.some(SHOWS[kind] ?? (() => false)), 'it is such a run').toBe(true);
    const fails = cells.filter(
      ({ outcome, known: excuse }) =>
        !excuse && (outcome === 'violates' || (outcome === 'deviates' && strict.includes('should'))),
    );
    const junitXml = junit(report);
    const allure = allureResults(report);
    expectSame(counts, countsInTerminal(text), 'terminal');
    expectSame(counts, countsInPage(conformancePage(report)), 'page');
    expectSame(counts, countsInSummary(summaryMarkdown(report)), 'summary');
    expectSame(counts, countsInSarif(sarif(report)), 'SARIF');
    expectSame(counts, countsInJunit(junitXml), 'JUnit');
    expectSame(counts, countsInAllure(allure), 'Allure');
    expect(totalsInJunit(junitXml)).toEqual({
      ...{ tests: cells.length, failures: fails.length, errors: counts.error },
      skipped: counts.notProven + counts.notApplicable + counts.known,
    });
    expect(allure.filter(({ status }) => status === 'failed')).toHaveLength(fails.length + counts.known);
    for (const { operation, rule } of fails) {
      const [, its = ''] =
        new RegExp(`<testcase name="${rule}: [^>]* classname="${operation}"(.*?)</testcase>`, 's').exec(junitXml) ?? [];
      expect(its, `${operation} ${rule}`).toMatch(/<failure message="[^"]*expected [^"]*, received /);
      expect(its).toMatch(/ {2}expected .*\n {2}actual /);
    }
  });
}
