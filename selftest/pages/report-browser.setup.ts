import { test } from '@playwright/test';
import { makePageReport } from '../support/page-report.ts';
import { ensureChromium } from '../support/report-browser.ts';

test('there is a browser for the tests of the report', () => {
  test.setTimeout(600_000);
  ensureChromium();
});

test('there is a report of cells that were really judged', async () => {
  test.setTimeout(180_000);
  await makePageReport();
});
