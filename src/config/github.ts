import { readFileSync } from 'node:fs';
import { Secret } from '../secret.ts';
import { contractIdOf } from '../openapi/contract-id.ts';
import { processVariables, type Variables, variableNames } from './variables.ts';

/** The inputs of action.yml, by the variables that carry them. */
const INPUTS = {
  INPUT_BASE_URL: 'baseUrl',
  INPUT_ENVIRONMENT: 'environment',
  INPUT_STRICT: 'strict',
  INPUT_BUDGET: 'budget',
  INPUT_FAIL_ON: 'failOn',
} as const;

/** What a job on GitHub is to run. */
export interface JobRun {
  readonly command: 'run' | 'gate';
  /** Its folder or document. */
  readonly contract: string;
  readonly environment: string | undefined;
  /** Whether the findings are to go to code scanning. */
  readonly sarif: boolean;
  /** For the process of the run: those of the job, and what the inputs say under the names of the contract. */
  readonly variables: Variables;
  /** File that takes the outputs of the step. */
  readonly outputFile: string | undefined;
}

/**
 * Reads the inputs of the action.
 *
 * @param defaultContract where no input names one
 */
export function readJobRun(defaultContract: string, given: Variables = processVariables()): JobRun {
  const contract = valueOf(given, 'INPUT_CONTRACT') ?? valueOf(given, 'CONTRACT') ?? defaultContract;
  const names = variableNames(contractIdOf(contract));
  const inputs = Object.entries(INPUTS).flatMap(([input, name]) => {
    const value = valueOf(given, input);
    return value === undefined ? [] : [[names[name], value] as const];
  });
  // Inputs are no settings: the run is not to take them for any.
  const others = Object.entries(given).filter(([name]) => !name.startsWith('INPUT_'));
  return {
    command: valueOf(given, 'INPUT_GATE') === 'true' ? 'gate' : 'run',
    contract,
    environment: valueOf(given, 'INPUT_ENVIRONMENT'),
    sarif: valueOf(given, 'INPUT_SARIF') === 'true',
    variables: { ...Object.fromEntries(others), CONTRACT: contract, ...Object.fromEntries(inputs) },
    outputFile: valueOf(given, 'GITHUB_OUTPUT'),
  };
}

/** The pull request that a job is about, and what it takes to comment on it. */
export interface PullRequest {
  /** Such as `https://api.github.com`. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly token: Secret;
}

/** @returns a sentence where there is no pull request that could be commented on */
export function readPullRequest(given: Variables = processVariables()): PullRequest | string {
  const event = valueOf(given, 'GITHUB_EVENT_PATH');
  const repository = valueOf(given, 'GITHUB_REPOSITORY');
  const token = valueOf(given, 'GITHUB_TOKEN');
  if (event === undefined || repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository))
    return 'GITHUB_EVENT_PATH and GITHUB_REPOSITORY are not set: a comment is written by a job on GitHub.';
  const number = numberIn(event);
  if (number === undefined) return 'This job is about no pull request: no comment is written.';
  if (token === undefined) return 'GITHUB_TOKEN is not set: give the step the token of the job, to write a comment.';
  const api = valueOf(given, 'GITHUB_API_URL') ?? 'https://api.github.com';
  const secret = new Secret('GITHUB_TOKEN', token, { origin: 'issued', shell: '$GITHUB_TOKEN' });
  return { api, repository, number, token: secret };
}

function numberIn(file: string): number | undefined {
  try {
    const event = JSON.parse(readFileSync(file, 'utf8')) as { readonly pull_request?: { readonly number?: unknown } };
    const number = event.pull_request?.number;
    return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
  } catch {
    return undefined;
  }
}

function valueOf(variables: Variables, name: string): string | undefined {
  const value = variables[name]?.trim();
  return value === '' ? undefined : value;
}
