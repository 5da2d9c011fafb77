import { createRequire } from 'node:module';
import process from 'node:process';

/*
 * Playwright's command line, in this process. For an option that it does not know it ends with 1, which of a run of the suite
 * says that the API violates. Where no run has begun nothing was judged, and that is 2. A reporter that has judged says so
 * later than this, and wins.
 */
process.on('exit', (code) => {
  // eslint-disable-next-line no-restricted-properties -- src/config/variables.ts sets it, which Node 20 cannot load here
  const hasBegun = process.env['CONFORMANCE_BEGUN'] !== undefined;
  if (code === 1 && !hasBegun) process.exitCode = 2;
});
createRequire(import.meta.url)('@playwright/test/cli');
