import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { parseArgs } from 'node:util';

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

const [command, ...args] = process.argv.slice(2);
const isMerging = command === 'merge-reports';
const name = isMerging ? 'merge' : args.includes('gate.config.ts') ? 'gate' : 'conformance';

if (args.some((word) => word === '--help' || word === '-h')) {
  (await import('tsx/esm/api')).register();
  const { helpOfRunnerCommand } = await import('../src/config/command-line.ts');
  process.stdout.write(helpOfRunnerCommand(name));
} else {
  const problem = isMerging ? problemOfBlobs(args) : undefined;
  if (problem === undefined) createRequire(import.meta.url)('@playwright/test/cli');
  else {
    process.stderr.write(`${problem}\n`);
    process.exitCode = 2;
  }
}

/**
 * Playwright shows a stack where there is nothing to merge.
 *
 * @param {string[]} given
 */
function problemOfBlobs(given) {
  const { positionals } = parseArgs({
    args: given,
    strict: false,
    allowPositionals: true,
    options: { config: { type: 'string', short: 'c' }, reporter: { type: 'string' } },
  });
  const [folder] = positionals;
  if (folder === undefined)
    return 'Name the folder that holds the reports of the shards: npm run merge -- reports/blobs.';
  const remedy = 'name the folder that reports/blobs of every shard was copied to.';
  if (!existsSync(folder)) return `${folder} is not there: ${remedy}`;
  try {
    return readdirSync(folder).some((file) => file.endsWith('.zip'))
      ? undefined
      : `${folder} holds no report of a shard: ${remedy}`;
  } catch {
    return `${folder} is no folder: ${remedy}`;
  }
}
