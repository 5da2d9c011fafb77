import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { argumentsOf } from '../src/config/command-line.ts';
import { type JobRun, readJobRun, readPullRequest } from '../src/config/github.ts';
import { reportsFolder, variableNames } from '../src/config/variables.ts';
import { comment } from '../src/http/pull-request-comment.ts';
import { contractIdOf } from '../src/openapi/contract-id.ts';
import { annotationOfNoSarif, annotationOfNothing, annotations } from '../src/reporting/annotations.ts';
import { jobSummary } from '../src/reporting/files.ts';
import { lastRun, outputLines } from '../src/reporting/last-run.ts';
import { VIEW_FILES } from '../src/reporting/report-files.ts';
import { firstContract } from '../tests/playwright/environment.ts';

/** What action.yml does, a word for each of its steps. */
const [, COMMAND = ''] = process.argv;

const steps: Readonly<Record<string, () => void | Promise<void>>> = {
  run,
  annotations: annotate,
  comment: writeComment,
};

const [word = ''] = argumentsOf('github').words;
const step = Object.hasOwn(steps, word) ? steps[word] : undefined;
if (step) await step();
else {
  process.stderr.write(`There is no step ${JSON.stringify(word)}: say run, annotations or comment.\n`);
  process.exitCode = 2;
}

/** Judges, and ends with 0 whatever was found: the last step of the action goes by the output exit-code. */
async function run(): Promise<void> {
  const { command, variables, outputFile } = readJobRun(firstContract());
  // What a server says is printed: no line of it may be a command to the runner.
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n`);
  const child = spawn(process.execPath, [COMMAND, command], { stdio: 'inherit', env: { ...variables } });
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, passOn);
  const [code] = (await once(child, 'close')) as [number | null];
  process.stdout.write(`\n::${token}::\n`);
  if (outputFile !== undefined) appendFileSync(outputFile, outputLines(lastRun(reportsFolder()), code ?? 2));
}

function annotate(): void {
  const found = lastRun(reportsFolder());
  if ('notice' in found) process.stdout.write(annotationOfNothing(found.notice));
  else {
    process.stdout.write(annotations(found));
    const isMissing = !existsSync(join(reportsFolder(), VIEW_FILES.sarif));
    if (isMissing && readJobRun(firstContract()).sarif)
      process.stdout.write(annotationOfNoSarif(variableNames(found.contract.id).reports));
  }
}

/** A comment that cannot be written is no verdict: it is said, and the job goes on. */
async function writeComment(): Promise<void> {
  const request = readPullRequest();
  const problem =
    typeof request === 'string'
      ? request
      : await comment(request, markerOf(readJobRun(firstContract())), jobSummary(reportsFolder()));
  if (problem !== undefined) process.stdout.write(`${problem}\n`);
}

/** Jobs about different contracts or environments have a comment each. */
function markerOf({ contract, environment = '' }: JobRun): string {
  const about = [contractIdOf(contract), environment].join(' ').replace(/[^\w .]+/g, '-');
  return `<!-- auth-conformance ${about.trim()} -->`;
}
