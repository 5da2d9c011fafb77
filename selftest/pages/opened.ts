import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Page, test as base } from '@playwright/test';
import axe from 'axe-core';
import { AllureGenerator } from '../../src/reporting/allure.ts';
import { writeAllureResults } from '../../src/reporting/allure-results.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import type { RememberedRun } from '../../src/reporting/history.ts';
import { conformancePage } from '../../src/reporting/page/page.ts';
import { pageReport } from '../support/page-report.ts';
import { BROWSER_ARGS, findChromium } from '../support/report-browser.ts';

export { expect } from '@playwright/test';

declare global {
  interface Window {
    /** What a hostile answer would set if anything of it ran. */
    taken?: number;
    axe: typeof axe;
  }
}

interface Opened {
  /** What the browser may complain of; anything else fails the test. */
  readonly tolerated: RegExp | undefined;
  /** Writes the page of a report and opens it as a person does: from the disk. */
  readonly open: (report: Conformance, hash?: string) => Promise<string>;
  /** Makes Allure's page of a report and opens it from the disk. */
  readonly openAllure: (report: Conformance, past: readonly RememberedRun[]) => Promise<void>;
}

/** A page that was opened, and that neither fetched anything nor made the browser complain. */
export const test = base.extend<Opened>({
  launchOptions: [
    async ({}, use) => {
      const executablePath = findChromium();
      await use({ args: BROWSER_ARGS, ...(executablePath !== undefined && { executablePath }) });
    },
    { scope: 'worker' },
  ],
  tolerated: [undefined, { option: true }],
  open: async ({ page, tolerated }, use, info) => {
    mkdirSync(info.outputDir, { recursive: true });
    const file = info.outputPath('conformance.html');
    const address = pathToFileURL(file).href;
    const said = complaints(page, (url) => url.startsWith(address));
    await use(async (report, hash = '') => {
      writeFileSync(file, conformancePage(report));
      await page.goto(address + hash);
      return file;
    });
    base.expect(said.filter((each) => tolerated?.test(each) !== true)).toEqual([]);
  },
  openAllure: async ({ page }, use, info) => {
    const results = info.outputPath('allure-results');
    const output = info.outputPath('allure');
    const address = pathToFileURL(join(output, 'index.html')).href;
    // What the page holds itself is read as a request too.
    const said = complaints(page, (url) => url.startsWith(address) || /^(?:data|blob):/.test(url));
    await use(async (report, past) => {
      writeAllureResults(results, report, past);
      base.expect(await new AllureGenerator().make(results, output)).toBeUndefined();
      await page.goto(address);
    });
    base.expect(said).toEqual([]);
  },
});

/** Collects what the browser says of a page, and each request that is not one of the page's own. */
function complaints(page: Page, isOwn: (url: string) => boolean): string[] {
  const said: string[] = [];
  page.on('console', (message) => void said.push(message.text()));
  page.on('pageerror', (error) => void said.push(error.message));
  page.on('dialog', (dialog) => void (said.push('a dialog'), dialog.dismiss()));
  page.on('request', (request) => {
    if (!isOwn(request.url())) said.push(request.url());
  });
  return said;
}

/** What axe finds, by all of its rules. */
export async function foundByAxe(page: Page): Promise<unknown[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => [
      id,
      nodes.slice(0, 5).map(({ html, failureSummary }) => html + (failureSummary ?? '')),
    ]);
  });
}

/** How far the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Goes to a cell as a link of the page does. */
export function goTo(page: Page, hash: string): Promise<void> {
  return page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);
}

/** Everything that there is to show. */
export const full = pageReport;
