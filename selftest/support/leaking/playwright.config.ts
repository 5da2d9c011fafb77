import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { reportsFolder } from '../../../src/config/variables.ts';

const reports = reportsFolder();

/** A run that leaks on purpose, to see that the search for keys finds what there is. */
export default defineConfig({
  testMatch: 'on-purpose.ts',
  outputDir: join(reports, 'test-results'),
  reporter: [
    ['list'],
    ['html', { outputFolder: join(reports, 'html'), open: 'never' }],
    ['junit', { outputFile: join(reports, 'junit.xml') }],
    ['json', { outputFile: join(reports, 'playwright.json') }],
    ['blob', { outputDir: join(reports, 'blob') }],
    ['allure-playwright', { resultsDir: join(reports, 'allure-results') }],
  ],
});
