import { ContractError } from '../src/openapi/contract-error.ts';
import { SchemaValidators } from '../src/openapi/schema-validators.ts';
import { planText } from '../src/reporting/plan-text.ts';
import { landmarkRequests } from '../src/run/landmarks.ts';
import { requestsForPathValues } from '../src/run/path-values.ts';
import { planEach, requestsToLookCloser, summarise } from '../src/run/plan-run.ts';
import { ConfigurationError } from '../src/config/configuration-error.ts';
import { RunConfiguration } from '../src/config/run-configuration.ts';
import { cases, rules } from '../tests/catalogue/index.ts';
import { runBudget, runEnvironment } from '../tests/playwright/run.ts';
import { dryRunSettings } from '../mock/dry-run.ts';

/** Prints what a run would send and what it could not prove. Nothing is sent, not even to look up a name. */
try {
  // The mock is never started, so its variables are made up.
  const { contract, target, usesEmbeddedMock } = await RunConfiguration.read(runEnvironment(), ({ document, id }) =>
    dryRunSettings({ document, name: id }),
  );
  const schemas = new SchemaValidators(contract);
  const probes = planEach(contract, target, { cases, rules }, schemas, runBudget(target));
  const beforehand = requestsForPathValues(contract, target) + landmarkRequests(contract, target, schemas).size;
  const plan = summarise(probes, beforehand, requestsToLookCloser(target));
  const judged = usesEmbeddedMock ? 'the embedded mock' : target.baseUrl;
  process.stdout.write(
    `${contract.title} ${contract.version} on ${judged} (${target.environment})\n${planText(plan, target)}\n`,
  );
} catch (error) {
  if (!(error instanceof ConfigurationError) && !(error instanceof ContractError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
