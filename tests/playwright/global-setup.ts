import type { FullConfig } from '@playwright/test';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { announceBeginning, runFolder, variableNames } from '../../src/config/variables.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { planLine } from '../../src/reporting/plan-text.ts';
import { landmarkRequests } from '../../src/run/landmarks.ts';
import { requestsForPathValues } from '../../src/run/path-values.ts';
import { planEach, requestsToLookCloser, runBudget, summarise } from '../../src/run/plan-run.ts';
import type { RunConfiguration } from '../../src/config/run-configuration.ts';
import { cases, rules } from '../catalogue/index.ts';
import { runKnownFailures } from './known-failures.ts';
import { runConfiguration } from './run.ts';

/** Checks every setting before the first request; what it throws is one message. */
export default async function globalSetup({ metadata }: FullConfig): Promise<void> {
  // Made before the first worker starts: one that made it would take it away when it ends.
  runFolder();
  const configuration = await runConfiguration();
  if (metadata['needsTarget'] === true && configuration.usesEmbeddedMock) throw noTarget(configuration);
  const { contract, target, usesEmbeddedMock: isMock } = configuration;
  runKnownFailures(configuration);
  announceBeginning();
  const schemas = new SchemaValidators(contract);
  const plan = summarise(
    planEach(contract, target, { cases, rules }, schemas, runBudget(target)),
    requestsForPathValues(contract, target) + landmarkRequests(contract, target, schemas).size,
    requestsToLookCloser(target),
  );
  process.stdout.write(
    `${contract.title} ${contract.version} on ${isMock ? 'the embedded mock, ' : ''}${target.baseUrl} (${target.environment}): ${contract.operations.length} operations × ${rules.length} rules\n${planLine(plan, target)}\n`,
  );
}

/** That the suite's own mock conforms lets nobody release. */
function noTarget({ contract }: RunConfiguration): ConfigurationError {
  const { baseUrl, apiKey } = variableNames(contract.id);
  return new ConfigurationError([
    `${baseUrl} is not set: the gate judges a target and not the embedded mock; set it and ${apiKey}.`,
  ]);
}
