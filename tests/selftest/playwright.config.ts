import { defineConfig } from '@playwright/test';

/** Proof that the suite tells right from wrong: its own targets, no keys of yours, no network beyond this machine. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../reports/selftest-results',
  fullyParallel: true,
  workers: '100%',
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  use: { trace: 'off' },
  globalSetup: './start.ts',
  projects: [
    { name: 'units', testIgnore: ['defects.spec.ts', 'weakenings.spec.ts', '**/pages/*'] },
    // A page is tested in a browser: where there is none it is installed, or the tests fail and say how.
    { name: 'browser', testMatch: 'report-browser.setup.ts' },
    { name: 'pages', testMatch: '**/pages/*.spec.ts', dependencies: ['browser'] },
    { name: 'defects', testMatch: '**/selftest/defects.spec.ts' },
    // What the tests of the defects find, held against the suite as a whole: would it notice to be weakened?
    { name: 'weakenings', testMatch: 'weakenings.spec.ts', dependencies: ['defects'] },
  ],
  reporter: [['list'], ['junit', { outputFile: '../../reports/selftest.xml' }]],
});
