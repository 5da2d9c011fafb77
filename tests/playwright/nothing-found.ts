import { testsOfAnOperation } from '../../src/asking/test-units.ts';
import { commandText } from '../../src/config/command-text.ts';
import { variableNames } from '../../src/config/variables.ts';
import { rules } from '../catalogue/index.ts';
import { runConfiguration } from './run.ts';

/** What to do where no test was chosen. */
export async function nothingFound(): Promise<string> {
  const { contract, settings } = await runConfiguration();
  const isByCell = testsOfAnOperation(contract, settings, rules).length > 1;
  const hint = ` A test is an operation here: to ask for a rule, set ${variableNames(contract.id).testPer}=cell.`;
  return `No test matches what was asked for: \`${commandText('conformance', '--list')}\` shows what there is.${isByCell ? '' : hint}`;
}
