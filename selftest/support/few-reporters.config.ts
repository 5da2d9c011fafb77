import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import conformance from '../../playwright.config.ts';
import { reportsFolder } from '../../src/config/variables.ts';

/** The run of every user with the reports that a test reads: the suite's own and JUnit. HTML and Allure take seconds each. */
export default defineConfig({
  ...conformance,
  testDir: '../../tests',
  globalSetup: '../../tests/playwright/global-setup.ts',
  reporter: [
    ['../../tests/playwright/reporter.ts'],
    ['junit', { outputFile: join(reportsFolder(), '..', 'playwright-junit.xml') }],
  ],
});
