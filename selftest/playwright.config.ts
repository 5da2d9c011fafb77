import { defineConfig } from '@playwright/test';

/** The suite's own tests: their own targets, no keys of yours, no network beyond this machine. */
export default defineConfig({
  testDir: '.',
  outputDir: '../reports/selftest-results',
  fullyParallel: true,
  // A fifth of the time a worker waits: for a process that it started, or for a response.
  workers: '150%',
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  use: { trace: 'off' },
  globalSetup: './start.ts',
  projects: [
    // A file for a worker: its modules are loaded once, which takes longer than its tests.
    { name: 'unit', testMatch: 'unit/*.spec.ts', fullyParallel: false },
    { name: 'mock', testMatch: 'mock/*.spec.ts' },
    { name: 'judged', testMatch: 'judged/*.spec.ts', testIgnore: 'judged/weakenings.spec.ts' },
    { name: 'runs', testMatch: 'runs/*.spec.ts' },
    // A page is tested in a browser: where there is none it is installed, or the tests fail and say how.
    { name: 'browser', testMatch: 'pages/report-browser.setup.ts' },
    { name: 'pages', testMatch: 'pages/*.spec.ts', dependencies: ['browser'] },
    // What the tests of the defects find, held against the suite as a whole: would it notice to be weakened?
    { name: 'weakenings', testMatch: 'judged/weakenings.spec.ts', dependencies: ['judged'] },
  ],
  reporter: [['list'], ['junit', { outputFile: '../reports/selftest.xml' }]],
});
