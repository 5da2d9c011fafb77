import type { FullConfig } from '@playwright/test';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { announceBeginning, runFolder, variableNames } from '../../src/config/variables.ts';
import type { RunConfiguration } from '../../src/config/run-configuration.ts';
import { runKnownFailures } from './known-failures.ts';
import { runConfiguration } from './run.ts';

/** Checks every setting before the first request; what it throws is one message. */
export default async function globalSetup({ metadata }: FullConfig): Promise<void> {
  // Made before the first worker starts: one that made it would take it away when it ends.
  runFolder();
  const configuration = await runConfiguration();
  if (metadata['needsTarget'] === true && configuration.usesEmbeddedMock) throw noTarget(configuration);
  configuration.check();
  runKnownFailures(configuration);
  announceBeginning();
}

/** That the suite's own mock conforms lets nobody release. */
function noTarget({ contract }: RunConfiguration): ConfigurationError {
  const { baseUrl, apiKey } = variableNames(contract.id);
  return new ConfigurationError([
    `${baseUrl} is not set: the gate judges a target and not the embedded mock; set it and ${apiKey}.`,
  ]);
}
