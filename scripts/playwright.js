import { fork } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * Playwright's command line, in this process. For an option that it does not know it ends with 1, which of a run of the
 * suite says that the API violates. Where no run has begun nothing was judged, and that is 2. A reporter that has judged
 * says so later than this, and wins.
 *
 * @param {string} command `test` or `merge-reports`
 * @param {string} config path of the configuration, where no other one is named
 * @param {string[]} args
 * @param {string} asking path of the module of the process that asks the target
 */
export function runPlaywright(command, config, args, asking) {
  process.on('exit', (code) => {
    // eslint-disable-next-line no-restricted-properties -- src/config/variables.ts sets it, which Node 20 cannot load here
    const hasBegun = process.env['CONFORMANCE_BEGUN'] !== undefined;
    if (code === 1 && !hasBegun) process.exitCode = 2;
  });
  const problem = command === 'merge-reports' ? problemOfBlobs(args) : undefined;
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    process.exitCode = 2;
    return;
  }
  if (command === 'test') startAsking(asking, args);
  const isConfigured = args.some((word) => /^(?:--config|-c)(?:=|$)/.test(word));
  process.argv.splice(2, Infinity, command, ...(isConfigured ? [] : ['--config', config]), ...args);
  createRequire(import.meta.url)('@playwright/test/cli');
}

/** Starts a module, of a clone or of the package. */
const START = fileURLToPath(new URL('start.js', import.meta.url));

/** Where nothing is asked, or not by the runner. */
const WITHOUT_ASKING = ['--help', '-h', '--version', '-V', '--list', '--ui', '--reporter'];

/**
 * Starts the process that asks the target before Playwright, which takes as long to load as it does. The suite's reporter
 * takes it over (`tests/playwright/run-asker.ts`).
 *
 * @param {string} module
 * @param {readonly string[]} args
 */
function startAsking(module, args) {
  if (args.some((word) => WITHOUT_ASKING.some((option) => word === option || word.startsWith(`${option}=`)))) return;
  const child = fork(START, [module], {
    execArgv: [],
    // What a process says that nobody takes over is not for the user.
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  // Where the reporter does not come to take it, nobody waits for it.
  child.on('error', () => undefined).unref();
  child.channel?.unref();
  /** @type {import('node:net').Socket} */ (child.stderr).unref();
  process.on('exit', () => child.kill('SIGKILL'));
  Object.assign(globalThis, { [Symbol.for('auth-conformance.asking-process')]: child });
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
  const remedy = 'name the folder that reports/blobs of every shard was copied to.';
  if (folder === undefined) return `No folder is named: ${remedy}`;
  if (!existsSync(folder)) return `${folder} is not there: ${remedy}`;
  try {
    return readdirSync(folder).some((file) => file.endsWith('.zip'))
      ? undefined
      : `${folder} holds no report of a shard: ${remedy}`;
  } catch {
    return `${folder} is no folder: ${remedy}`;
  }
}
