import { test } from '@playwright/test';
import { ensureChromium } from '../support/report-browser.ts';

test('there is a browser for the tests of the report', () => {
  test.setTimeout(600_000);
  ensureChromium();
});
