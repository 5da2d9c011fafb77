import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { RunConfiguration } from '../../src/config/run-configuration.ts';
import type { Variables } from '../../src/config/variables.ts';
import { ContractError } from '../../src/openapi/contract-error.ts';
import { mockSettingsFile, runEnvironment } from './environment.ts';

let configuration: Promise<RunConfiguration> | undefined;

/**
 * What this process goes by, read once.
 *
 * @throws ContractError
 */
export function runConfiguration(): Promise<RunConfiguration> {
  return (configuration ??= RunConfiguration.read(runEnvironment(), mockVariables));
}

/** @throws ConfigurationError where the mock cannot be made of the document */
function mockVariables(): Variables {
  const file = mockSettingsFile();
  if (!existsSync(file)) throw new ConfigurationError([readFileSync(`${file}.problem`, 'utf8').trim()]);
  return parse(readFileSync(file, 'utf8'));
}

/** Ends a listing of tests with 2 and a sentence where the contract or the settings of a run cannot be used. */
export async function endUnlessListable(): Promise<void> {
  try {
    await runConfiguration().then(({ settings }) => settings);
  } catch (error) {
    if (!(error instanceof ConfigurationError) && !(error instanceof ContractError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
