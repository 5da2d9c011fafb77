import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'dotenv';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { RunConfiguration, type RunEnvironment, readRunEnvironment } from '../../src/config/run-configuration.ts';
import { runFolder } from '../../src/config/variables.ts';
import { ContractError } from '../../src/openapi/contract-error.ts';
import type { PathValues } from '../../src/model/target.ts';

/** What every process of one run has in common: the runner, its workers and its reporter. */

/** That of the folder that the run was started in, or the one that the suite brings. */
export function firstContract(): string {
  const own = 'specs/huechat';
  return existsSync(own)
    ? own
    : relative(process.cwd(), fileURLToPath(new URL('../../specs/huechat', import.meta.url)));
}

let environment: RunEnvironment | undefined;
let configuration: Promise<RunConfiguration> | undefined;

/** What this process knows before it has read the contract. */
export function runEnvironment(): RunEnvironment {
  return (environment ??= readRunEnvironment(firstContract()));
}

/**
 * What this process goes by, read once.
 *
 * @throws ContractError
 */
export function runConfiguration(): Promise<RunConfiguration> {
  return (configuration ??= RunConfiguration.read(runEnvironment(), () =>
    parse(readFileSync(mockSettingsFile(), 'utf8')),
  ));
}

/** Whether the contract and the settings can be read at all. */
export function isContractUsable(): Promise<boolean> {
  return runConfiguration().then(
    () => true,
    () => false,
  );
}

/** Ends a listing of tests with 2 and a sentence where the contract or the settings of a run cannot be used. */
export async function endUnlessListable(): Promise<void> {
  try {
    await runConfiguration().then(({ settings }) => settings);
  } catch (error) {
    if (!(error instanceof ConfigurationError) && !(error instanceof ContractError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

/** Where the embedded mock writes its base URL and its keys, in the form of `.env`. */
export const mockSettingsFile = (): string => join(runFolder(), 'mock.env');

/** Keeps a result for the worker that takes over after a failed test, so that nothing is asked twice. */
export async function once<Result>(name: string, make: () => Promise<Result>): Promise<Result> {
  const earlier = kept(name);
  if (earlier !== undefined) return earlier as Result;
  const result = await make();
  save(resultFile(name), result);
  return result;
}

/** What a worker of this run kept under this name; undefined: none did. */
export function kept(name: string): unknown {
  const file = resultFile(name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** What the preflight read of the target, for the workers that come after it; undefined: there was none. */
export function keptPathValues(): PathValues | undefined {
  return kept(PATH_VALUES) as PathValues | undefined;
}

export function keepPathValues(values: PathValues): void {
  save(resultFile(PATH_VALUES), values);
}

/** No operation has this id, under which the results of operations are kept. */
const PATH_VALUES = 'path values';

const resultFile = (name: string): string => join(runFolder(), `${Buffer.from(name).toString('base64url')}.json`);

const requestsFile = (): string => join(runFolder(), 'requests');

/** Tells the process that shows the progress how many requests this worker has put on the wire. */
export function noteRequests(requests: number): void {
  save(requestsFile(), requests);
}

/** What a worker noted last. */
export function notedRequests(): number {
  return existsSync(requestsFile()) ? Number(readFileSync(requestsFile(), 'utf8')) : 0;
}

const rulesFile = (): string => join(runFolder(), 'rules');

/** Tells the workers which rules the tests of this run are about, whatever it was that chose the tests. */
export function noteRules(ids: ReadonlySet<string>): void {
  save(rulesFile(), [...ids]);
}

/** Ids of the rules that this run asks about; undefined: nobody said, since another reporter is in the place of the suite's. */
export function notedRules(): ReadonlySet<string> | undefined {
  const file = rulesFile();
  return existsSync(file) ? new Set(JSON.parse(readFileSync(file, 'utf8')) as string[]) : undefined;
}

const operationsFile = (): string => join(runFolder(), 'operations');

/** Tells the workers which operations the tests of this run are about: these share its budget. */
export function noteOperations(ids: ReadonlySet<string>): void {
  save(operationsFile(), [...ids]);
}

/** Ids of the operations that this run asks; undefined: nobody said. */
export function notedOperations(): ReadonlySet<string> | undefined {
  const file = operationsFile();
  return existsSync(file) ? new Set(JSON.parse(readFileSync(file, 'utf8')) as string[]) : undefined;
}

/** True for the first process of the run that asks about the name, and for no other. */
export function firstTime(name: string): boolean {
  try {
    closeSync(openSync(join(runFolder(), `${Buffer.from(name).toString('base64url')}.noted`), 'wx'));
    return true;
  } catch {
    return false;
  }
}

function save(file: string, value: unknown): void {
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(value));
  renameSync(`${file}.${process.pid}`, file);
}

/** The day in UTC, in the form of known-failures.yaml: `2030-01-31`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
