import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ReporterDescription } from '@playwright/test';
import { embeddedMockVariables, stagingFolder } from './src/config/variables.ts';
import { mockSettingsFile, runEnvironment } from './tests/playwright/environment.ts';
import { orEnd } from './tests/playwright/workarounds.ts';

const { contractFolder, reports, reportsFolder, usesEmbeddedMock } = runEnvironment();
/** The suite's reporter puts in place what is written here. */
const staging = orEnd(stagingFolder);

/** A clone is TypeScript, the package JavaScript, and both are read from their own folder, wherever the run was started. */
const extension = extname(import.meta.url);
const mock = `mock/embedded${extension}`;

const said = (option: string): boolean => process.argv.some((word) => word.startsWith(option));

// No reporter of the suite's is there to say what is wrong.
if (said('--list')) await import('./tests/playwright/run.ts').then(({ endUnlessListable }) => endUnlessListable());

/** A listing leaves the reports of the last run alone; a shard hands over what `npm run merge` makes the reports of. */
function reporters(): ReporterDescription[] {
  if (said('--list')) return [['list']];
  const own: ReporterDescription = [`./tests/playwright/reporter${extension}`, { allure: !said('--shard') }];
  if (said('--shard')) return [own, ['blob', { outputDir: resolve(staging, 'blobs') }]];
  return reports.has('playwright') ? [own, ['html', { outputFolder: resolve(staging, 'html'), open: 'never' }]] : [own];
}

export default defineConfig({
  testDir: 'tests',
  globalSetup: `./tests/playwright/global-setup${extension}`,
  // One worker asks at one pace; past one machine there is --shard.
  workers: 1,
  fullyParallel: true,
  // The wire retries what the network failed; a second try of a verdict would hide it.
  retries: 0,
  // The wire gives up on an answer by itself, and a rate limit may ask for a wait of minutes.
  timeout: 0,
  forbidOnly: true,
  outputDir: resolve(reportsFolder, 'test-results'),
  // A trace records headers, and with them keys.
  use: { trace: 'off' },
  reporter: reporters(),
  projects: [{ name: 'conformance', testMatch: [`conformance.spec${extension}`, `key-lifecycle.spec${extension}`] }],
  ...(usesEmbeddedMock && {
    webServer: {
      // A shell reads it: so nothing of a setting or a document is in it.
      command: extension === '.ts' ? `node scripts/start.js ${mock}` : `node ${mock}`,
      env: embeddedMockVariables(resolve(contractFolder), mockSettingsFile()),
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      wait: { stdout: /^ready$/m },
      gracefulShutdown: { signal: 'SIGTERM', timeout: 2000 },
      timeout: 30_000,
    },
  }),
});
