import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argumentsOf } from '../src/config/command-line.ts';
import { ConfigurationError } from '../src/config/configuration-error.ts';
import { RunConfiguration } from '../src/config/run-configuration.ts';
import { fileErrorCode, reasonOf } from '../src/config/unwritable.ts';
import { ContractError } from '../src/openapi/contract-error.ts';
import { accept, acceptanceProblems, acceptedText } from '../src/reporting/accept.ts';
import { problemOfAnother, readReport } from '../src/reporting/read-report.ts';
import { runKnownFailures } from '../src/asking/known-failures.ts';
import { runEnvironment } from '../tests/playwright/environment.ts';
import { today } from '../src/config/today.ts';
import { catalogue } from '../tests/catalogue/index.ts';

/** Writes entries of known failures for failing cells of a report. */
const { words, values } = argumentsOf('accept');
process.exitCode = await main();

async function main(): Promise<0 | 2> {
  const { owner = '', reason = '', link = '', until = '', rule, report: named } = values;
  const chosen = { cells: words, rule, all: values.all === true };
  const problems = acceptanceProblems({ owner, reason, link, until }, chosen, today());
  if (problems.length > 0) return fail(problems.join('\n'));
  try {
    const environment = runEnvironment();
    const configuration = await RunConfiguration.read(environment);
    const { contract, knownFailuresFile: file } = configuration;
    const read = readReport(named ?? join(environment.reportsFolder, 'conformance.json'));
    if ('problem' in read) return fail(read.problem);
    const { report } = read;
    const problem = problemOfAnother(report, contract.id);
    if (problem !== undefined) return fail(problem);
    const entries = runKnownFailures(configuration, catalogue);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const accepted = accept(report, chosen, { owner, reason, link, until }, { text, entries, today: today() });
    if (accepted.text !== undefined) replace(file, accepted.text);
    const { out, err } = acceptedText(file, accepted);
    process.stdout.write(out);
    process.stderr.write(err);
    return accepted.refused.length > 0 ? 2 : 0;
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof ContractError) return fail(error.message);
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    return fail(`${(error as NodeJS.ErrnoException).path} cannot be written, ${reasonOf(code)}: correct that.`);
  }
}

/** All of it or nothing. */
function replace(file: string, text: string): void {
  const beside = `${file}.${process.pid}`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}

function fail(message: string): 2 {
  process.stderr.write(`${message}\n`);
  return 2;
}
