import { argumentsOf } from '../src/config/command-line.ts';
import { ConfigurationError } from '../src/config/configuration-error.ts';
import { RunConfiguration } from '../src/config/run-configuration.ts';
import { withBaseUrl } from '../src/config/run-environment.ts';
import { ContractError } from '../src/openapi/contract-error.ts';
import { problemOfAnother, readReport } from '../src/reporting/read-report.ts';
import { replay, replayCode, replayText } from '../src/run/replay.ts';
import { catalogue } from '../tests/catalogue/index.ts';
import { runEnvironment } from '../tests/playwright/environment.ts';

/** Sends the failing cells of a report again. */
const { words, values } = argumentsOf('replay');
process.exitCode = await main(words[0] ?? '', values['base-url']);

async function main(file: string, baseUrl: string | undefined): Promise<0 | 1 | 2> {
  const read = readReport(file);
  if ('problem' in read) return fail(read.problem);
  const { report } = read;
  try {
    const environment = runEnvironment();
    // No mock is started for a replay: it needs a base URL.
    const { contract, target } = await RunConfiguration.read(
      baseUrl === undefined ? environment : withBaseUrl(environment, baseUrl),
    );
    const problem = problemOfAnother(report, contract.id);
    if (problem !== undefined) return fail(problem);
    const announce = (message: string): void => void process.stdout.write(`${message}\n`);
    const found = await replay(contract, target, catalogue, report, { announce, timeout: target.run.timeout });
    process.stdout.write(replayText(found, report, target));
    return replayCode(found);
  } catch (error) {
    if (!(error instanceof ConfigurationError) && !(error instanceof ContractError)) throw error;
    return fail(error.message);
  }
}

function fail(message: string): 2 {
  process.stderr.write(`${message}\n`);
  return 2;
}
