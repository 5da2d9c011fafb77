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
  reporter: [['list'], ['junit', { outputFile: '../../reports/selftest.xml' }]],
});
