import { ContractError } from '../src/contract/contract-error.ts';
import { Validators } from '../src/contract/validators.ts';
import { planText } from '../src/report/plan-text.ts';
import { planEach, summarise } from '../src/run-plan.ts';
import { ConfigurationError } from '../src/target/configuration-error.ts';
import { readTarget } from '../src/target/read-target.ts';
import { readVariables } from '../src/target/variables.ts';
import { cases } from '../tests/cases/index.ts';
import { rules } from '../tests/rules/index.ts';
import { isEmbedded, runBudget, runContract } from '../tests/run.ts';
import { dryRunSettings } from '../mock/dry-run.ts';

/** Prints what a run would send and what it could not prove. Nothing is sent, not even to look up a name. */
try {
  const contract = await runContract();
  const variables = readVariables();
  const target = readTarget(
    contract,
    isEmbedded(variables)
      ? { ...variables, ...dryRunSettings({ document: contract.document, name: contract.id }) }
      : variables,
  );
  const probes = planEach(contract, target, { cases, rules }, new Validators(contract), runBudget(target));
  process.stdout.write(
    `${contract.title} ${contract.version} on ${isEmbedded(variables) ? 'the embedded mock' : target.baseUrl} (${target.environment})\n${planText(summarise(probes), target)}\n`,
  );
} catch (error) {
  if (!(error instanceof ConfigurationError) && !(error instanceof ContractError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
