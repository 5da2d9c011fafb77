import { ConfigurationError } from '../config/configuration-error.ts';
import { RunConfiguration } from '../config/run-configuration.ts';
import type { RunEnvironment } from '../config/run-environment.ts';
import type { Variables } from '../config/variables.ts';
import type { Contract } from '../model/contract.ts';
import { ContractError } from '../openapi/contract-error.ts';
import { groupsText, planText } from '../reporting/plan-text.ts';
import { readable } from '../visible-text.ts';
import { missingValuesText, securityText } from '../reporting/security-text.ts';
import type { Catalogue } from './catalogue.ts';
import { namesTriedTogether, planRun } from './plan-run.ts';

interface Printed {
  /** 2: the settings or the contract cannot be used. */
  readonly code: 0 | 2;
  /** For standard output. */
  readonly out: string;
  /** For standard error. */
  readonly err: string;
}

/**
 * `npm run plan`: what a run would send and what it could not prove. It reads the settings as a run does and sends nothing.
 *
 * @param mockVariables of the embedded mock, which is never started
 * @param options `names`: with every name that a case tries together with others, not the first few
 */
export async function planCommand(
  environment: RunEnvironment,
  catalogue: Pick<Catalogue, 'cases' | 'rules'>,
  mockVariables: (contract: Contract) => Variables,
  { names: hasNames = false }: { readonly names?: boolean } = {},
): Promise<Printed> {
  try {
    const { contract, target, usesEmbeddedMock } = await RunConfiguration.read(environment, mockVariables);
    const plan = await planRun(contract, target, catalogue);
    const groups = namesTriedTogether(contract, target, catalogue);
    const judged = usesEmbeddedMock ? 'the embedded mock' : target.baseUrl;
    const out = `${contract.title} ${contract.version} on ${judged} (${target.environment})\n${planText(plan, target)}\n${securityText(contract)}${missingValuesText(contract, target)}${groupsText(groups, hasNames)}`;
    return { code: 0, out: readable(out), err: '' };
  } catch (error) {
    if (!(error instanceof ConfigurationError) && !(error instanceof ContractError)) throw error;
    return { code: 2, out: '', err: `${readable(error.message)}\n` };
  }
}
