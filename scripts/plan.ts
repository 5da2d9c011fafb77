import { ContractError } from '../src/openapi/contract-error.ts';
import { SchemaValidators } from '../src/openapi/schema-validators.ts';
import { planText } from '../src/reporting/plan-text.ts';
import { planEach, summarise } from '../src/run/plan-run.ts';
import { ConfigurationError } from '../src/config/configuration-error.ts';
import { readTarget } from '../src/config/read-target.ts';
import { readVariables } from '../src/config/variables.ts';
import { cases, rules } from '../tests/catalogue/index.ts';
import { isEmbedded, runBudget, runContract } from '../tests/playwright/run.ts';
import { previewSettings } from '../mock/preview.ts';

/** Prints what a run would send and what it could not prove. Nothing is sent, not even to look up a name. */
try {
  const contract = await runContract();
  const variables = readVariables();
  const target = readTarget(
    contract,
    isEmbedded(variables) ? { ...variables, ...previewSettings(contract) } : variables,
  );
  const probes = planEach(contract, target, { cases, rules }, new SchemaValidators(contract), runBudget(target));
  process.stdout.write(
    `${contract.title} ${contract.version} on ${isEmbedded(variables) ? 'the embedded mock' : target.baseUrl} (${target.environment})\n${planText(summarise(probes), target)}\n`,
  );
} catch (error) {
  if (!(error instanceof ConfigurationError) && !(error instanceof ContractError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
