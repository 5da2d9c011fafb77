import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { reportsFolder } from './src/target/variables.ts';
import { chosenContract, isEmbedded, mockSettingsFile } from './tests/run.ts';

export default defineConfig({
  testDir: 'tests',
  testIgnore: 'selftest/**',
  globalSetup: './tests/global-setup.ts',
  // One worker asks at one pace; past one machine there is --shard.
  workers: 1,
  fullyParallel: true,
  // The wire retries what the network failed; a second try of a verdict would hide it.
  retries: 0,
  forbidOnly: true,
  outputDir: join(reportsFolder(), 'test-results'),
  // A trace records headers, and with them keys.
  use: { trace: 'off' },
  reporter: [
    ['./tests/reporter.ts'],
    ['html', { outputFolder: join(reportsFolder(), 'html'), open: 'never' }],
    ['junit', { outputFile: join(reportsFolder(), 'junit.xml') }],
    ['allure-playwright', { resultsDir: join(reportsFolder(), 'allure-results'), detail: false }],
  ],
  projects: [
    { name: 'preflight', testMatch: 'preflight.spec.ts' },
    { name: 'conformance', testMatch: 'contract.spec.ts', dependencies: ['preflight'] },
  ],
  ...(isEmbedded() && {
    webServer: {
      command: `node --import tsx mock/cli.ts --contract "${chosenContract()}" --settings-file "${mockSettingsFile()}"`,
      wait: { stdout: /^ready$/m },
      gracefulShutdown: { signal: 'SIGTERM', timeout: 2000 },
      timeout: 30_000,
    },
  }),
});
