import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../../src/model/contract.ts';
import { cachedContract } from '../../src/openapi/contract-cache.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { Budget } from '../../src/requests/budget.ts';
import { readRunSettings } from '../../src/config/read-run-settings.ts';
import type { RunSettings, Target } from '../../src/model/target.ts';
import {
  contractFolder,
  readVariables,
  runFolder,
  type Variables,
  variableNames,
  withEmbeddedMock,
} from '../../src/config/variables.ts';

/** What every process of one run has in common: the runner, its workers and its reporter. */

const FIRST_CONTRACT = 'specs/huechat';

/** Where the embedded mock says what it is, in the form of `.env`. */
export const mockSettingsFile = (): string => join(runFolder(), 'mock.env');

export function chosenContract(): string {
  return contractFolder(readVariables(), FIRST_CONTRACT);
}

let contract: Promise<Contract> | undefined;

/** @throws ContractError */
export function runContract(): Promise<Contract> {
  return (contract ??= cachedContract(chosenContract()));
}

/** Without a base URL the run starts a mock of its own. */
export function isEmbedded(variables: Variables = readVariables()): boolean {
  const id =
    chosenContract()
      .split('/')
      .findLast((part) => part !== '') ?? '';
  return variables[variableNames(id).baseUrl] === undefined;
}

function runVariables(contract: Contract): Variables {
  const variables = readVariables();
  return isEmbedded(variables) ? withEmbeddedMock(variables, contract.id, mockSettingsFile()) : variables;
}

/** @throws ConfigurationError */
export function runTarget(contract: Contract): Target {
  return readTarget(contract, runVariables(contract));
}

/** How this run goes about it; what is wrong with it is said when the target is read. */
export function runSettings(contract: Contract): RunSettings {
  return readRunSettings(readVariables(), variableNames(contract.id), []);
}

/** Keeps a result for the worker that takes over after a failed test, so that nothing is asked twice. */
export async function once<Result>(name: string, make: () => Promise<Result>): Promise<Result> {
  const file = join(runFolder(), `${Buffer.from(name).toString('base64url')}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Result;
  const result = await make();
  save(file, result);
  return result;
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

/** The day in UTC, as known-failures.yaml writes it. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

export function runBudget({ run: { budget, seed } }: Target): Budget | undefined {
  return budget === undefined ? undefined : { requests: budget, seed };
}
