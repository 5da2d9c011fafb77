import { ConfigurationError } from '../config/configuration-error.ts';
import type { RunConfiguration } from '../config/run-configuration.ts';
import { variableNames } from '../config/variables.ts';
import type { ReportedCatalogue } from '../reporting/compose.ts';
import { runKnownFailures } from './known-failures.ts';

/**
 * Checks every setting before the first request.
 *
 * @param needsTarget the embedded mock is not to be judged
 * @throws ConfigurationError with everything that is wrong
 */
export function checkConfiguration(
  configuration: RunConfiguration,
  catalogue: Pick<ReportedCatalogue, 'rules' | 'crossOperationRules' | 'keyRules'>,
  needsTarget: boolean,
): void {
  if (needsTarget && configuration.usesEmbeddedMock) throw noTarget(configuration);
  configuration.check();
  runKnownFailures(configuration, catalogue);
}

/** That the suite's own mock conforms lets nobody release. */
function noTarget({ contract }: RunConfiguration): ConfigurationError {
  const { baseUrl, apiKey } = variableNames(contract.id);
  return new ConfigurationError([`${baseUrl} is not set, but the gate needs a target: set it and ${apiKey}.`]);
}
