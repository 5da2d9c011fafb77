import { writeFile } from 'node:fs/promises';
import { env } from 'node:process';
import { mockCommand } from './command.ts';

/**
 * The mock of a run, which names the contract and the file in variables: whatever they hold, no shell reads it. Where no mock
 * can be made of the contract the run says why: so it finds the reason in a file beside the settings, and a process that
 * lives for as long as a mock would.
 */
const { CONFORMANCE_MOCK_CONTRACT: contract = '', CONFORMANCE_MOCK_SETTINGS: settingsFile = '' } = env;
const problem = await mockCommand([`--contract=${contract}`, `--settings-file=${settingsFile}`, '--end-with-input']);
if (problem !== undefined) {
  await writeFile(`${settingsFile}.problem`, `${problem}\n`, { mode: 0o600 });
  process.stdout.write('ready\n');
  process.stdin.resume();
}
