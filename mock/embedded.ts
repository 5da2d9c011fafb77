import { env } from 'node:process';
import { mockCommand } from './command.ts';

/** The mock of a run, which names the contract and the file in variables: whatever they hold, no shell reads it. */
const { CONFORMANCE_MOCK_CONTRACT: contract = '', CONFORMANCE_MOCK_SETTINGS: settingsFile = '' } = env;
await mockCommand([`--contract=${contract}`, `--settings-file=${settingsFile}`, '--end-with-input']);
