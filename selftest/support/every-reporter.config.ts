import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import conformance from '../../playwright.config.ts';
import { stagingFolder } from '../../src/config/variables.ts';

const reports = stagingFolder();

/** The run of every user, with every reporter that they might add to it. */
export default defineConfig({
  ...conformance,
  testDir: '../../tests',
  globalSetup: '../../tests/playwright/global-setup.ts',
  reporter: [
    ['../../tests/playwright/reporter.ts', { allure: true }],
    ['list'],
    ['html', { outputFolder: join(reports, 'html'), open: 'never' }],
    ['junit', { outputFile: join(reports, 'playwright-junit.xml'), includeProjectInTestName: true }],
    ['json', { outputFile: join(reports, 'playwright.json') }],
    ['blob', { outputDir: join(reports, 'blob') }],
    ['allure-playwright', { resultsDir: join(reports, 'allure-playwright'), detail: true }],
  ],
});
