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
  // What the tests of the defects find is held against the suite as a whole when they are done.
  projects: [
    { name: 'units', testIgnore: ['defects.spec.ts', 'weakenings.spec.ts'] },
    { name: 'defects', testMatch: '**/selftest/defects.spec.ts' },
    { name: 'weakenings', testMatch: 'weakenings.spec.ts', dependencies: ['defects'] },
  ],
  reporter: [['list'], ['junit', { outputFile: '../../reports/selftest.xml' }]],
});
