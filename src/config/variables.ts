import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Contract } from '../model/contract.ts';
import { schemesInUse } from '../openapi/security.ts';
import type { VariableNames } from '../model/target.ts';
import { readEnvFile } from './env-file.ts';
import { removeLeftOvers } from './left-overs.ts';
import { fileErrorCode, UnwritableError, unwritableSentence } from './unwritable.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Names the environment variables of a contract: `example` gives `EXAMPLE_BASE_URL` and so on. */
export function variableNames(contractId: string): VariableNames {
  const prefix = prefixOf(contractId);
  return {
    baseUrl: `${prefix}_BASE_URL`,
    environment: `${prefix}_ENVIRONMENT`,
    apiKey: `${prefix}_API_KEY`,
    otherEnvironmentKey: `${prefix}_OTHER_ENVIRONMENT_KEY`,
    otherAccountKey: `${prefix}_OTHER_ACCOUNT_KEY`,
    scopedKeys: `${prefix}_SCOPED_KEYS`,
    revokedKey: `${prefix}_REVOKED_KEY`,
    ipLockedKey: `${prefix}_IP_LOCKED_KEY`,
    ipLockedKeyAddress: `${prefix}_IP_LOCKED_KEY_ADDRESS`,
    plainHttpUrl: `${prefix}_PLAIN_HTTP_URL`,
    ca: `${prefix}_CA`,
    clientCertificate: `${prefix}_CLIENT_CERTIFICATE`,
    clientKey: `${prefix}_CLIENT_KEY`,
    proxy: `${prefix}_PROXY`,
    liveKeyHosts: `${prefix}_LIVE_KEY_HOSTS`,
    plainHttpHosts: `${prefix}_PLAIN_HTTP_HOSTS`,
    pathValues: `${prefix}_PATH_VALUES`,
    parameterValues: `${prefix}_PARAMETER_VALUES`,
    readIds: `${prefix}_READ_IDS`,
    without: `${prefix}_WITHOUT`,
    keyCommand: `${prefix}_KEY_COMMAND`,
    keyCommandTimeout: `${prefix}_KEY_COMMAND_TIMEOUT`,
    keyWatch: `${prefix}_KEY_WATCH`,
    sandboxWrites: `${prefix}_SANDBOX_WRITES`,
    budget: `${prefix}_BUDGET`,
    minutes: `${prefix}_MINUTES`,
    seed: `${prefix}_SEED`,
    strict: `${prefix}_STRICT`,
    failOn: `${prefix}_FAIL_ON`,
    rateLimit: `${prefix}_RATE_LIMIT`,
    timeout: `${prefix}_TIMEOUT`,
    previous: `${prefix}_PREVIOUS`,
    edition: `${prefix}_EDITION`,
    testPer: `${prefix}_TEST_PER`,
    reportBodies: `${prefix}_REPORT_BODIES`,
    reports: `${prefix}_REPORTS`,
  };
}

function prefixOf(contractId: string): string {
  return contractId.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
}

/**
 * Names the variables of the schemes that take a credential of their own: `clientId` of `example` gives
 * `EXAMPLE_KEY_CLIENT_ID`. The primary scheme and those that are equivalent to it take `EXAMPLE_API_KEY`.
 */
export function schemeVariables(contract: Contract): Record<string, string> {
  const taken = new Map<string, string>();
  for (const { name } of schemesInUse(contract)) {
    if (contract.equivalentSchemes.includes(name)) continue;
    const words = name.replace(/([a-z\d])([A-Z])/g, '$1_$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2');
    const plain = `${prefixOf(contract.id)}_KEY_${words.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
    const same = [...taken.values()].filter((variable) => variable.replace(/_\d+$/, '') === plain).length;
    taken.set(name, same === 0 ? plain : `${plain}_${same + 1}`);
  }
  return Object.fromEntries(taken);
}

/** Stands in the place of the scopes of a key that has none. */
export const NO_SCOPE = 'none';

const RUN_FOLDER = 'CONFORMANCE_RUN_FOLDER';
const REPORTED = 'CONFORMANCE_REPORTED';
const ASKING = 'CONFORMANCE_ASKING';
/** Read by scripts/playwright.js too. */
const BEGUN = 'CONFORMANCE_BEGUN';

/** Names the folder that a run writes its reports to. */
export const REPORTS = 'CONFORMANCE_REPORTS';

/** The variables that a run goes by, with what is wrong with the file that some of them come from. */
export interface GivenVariables {
  readonly variables: Variables;
  /** In sentences for the user. With one of them nothing else about the variables is worth saying. */
  readonly problems: readonly string[];
  /** Names that begin a line of `.env` which gives them no value, each with the number of that line. */
  readonly lost?: Readonly<Record<string, number>>;
  /** Names that several lines of `.env` give a value, each with the numbers of these lines. */
  readonly repeated?: Readonly<Record<string, readonly number[]>>;
}

/** The variables of this process. */
export function processVariables(): Variables {
  return process.env;
}

/** Whether this process was started by a pipeline, where nobody answers. */
export function isInPipeline(): boolean {
  return (process.env['CI'] ?? '') !== '';
}

/** The process's own variables, then those of `.env`; an empty value counts as not set. */
export function readVariables(environment: Variables = process.env, file = '.env'): GivenVariables {
  const { values, lost, repeated, problem } = readEnvFile(file);
  const merged: Variables = { ...values, ...environment };
  return {
    variables: Object.fromEntries(
      Object.entries(merged).filter(([, value]) => value !== undefined && value.trim() !== ''),
    ),
    problems: problem === undefined ? [] : [problem],
    lost,
    // What the process says counts, however often the file says something else.
    repeated: Object.fromEntries(Object.entries(repeated).filter(([name]) => environment[name] === undefined)),
  };
}

/** Names of the settings of how a run is done, whatever it judges: the embedded mock is judged with them too. */
export function runSettingNames(names: VariableNames): readonly string[] {
  return [
    ...[names.strict, names.failOn, names.budget, names.minutes, names.seed, names.sandboxWrites, names.rateLimit],
    ...[names.timeout, names.previous, names.edition, names.testPer, names.reportBodies, names.reports],
    ...[names.keyWatch, names.keyCommandTimeout],
  ];
}

/** Whether a variable is of the contract: all names that begin with its own are, in either letter case. */
export function isOfContract(name: string, contractId: string): boolean {
  return name.toUpperCase().startsWith(`${prefixOf(contractId)}_`);
}

/**
 * A folder that one run shares between the runner and its workers, who inherit its name: the parsed contract, what the
 * embedded mock says of itself, and what has been asked already. Removed when the process that made it ends, or by the
 * next run where that was killed: the name has the id of the process.
 *
 * @throws UnwritableError
 */
export function runFolder(): string {
  const inherited = process.env[RUN_FOLDER];
  if (inherited !== undefined) return inherited;
  const stem = 'auth-conformance-';
  const folder = temporaryFolder(`${stem}${process.pid}-`);
  removeLeftOvers(tmpdir(), stem);
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return (process.env[RUN_FOLDER] = folder);
}

/** Tells the process that the settings can be used: from now on its exit code is about the target. */
export function announceBeginning(): void {
  process.env[BEGUN] = 'yes';
}

function temporaryFolder(prefix: string): string {
  try {
    return mkdtempSync(join(tmpdir(), prefix));
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    throw new UnwritableError(unwritableSentence(tmpdir(), code, 'TMPDIR'));
  }
}

/** Tells the workers, which inherit it, that the suite's own reporter hears of each test first. */
export function announceReporter(): void {
  process.env[REPORTED] = 'yes';
}

export function isReported(): boolean {
  return process.env[REPORTED] !== undefined;
}

/** Tells the workers, which inherit it, which file says where the process listens that asks the target. */
export function announceAsking(place: string): void {
  process.env[ASKING] = place;
}

/** All variables of this process, for one that it started before it set some of them. */
export function ownVariables(): Variables {
  return { ...process.env };
}

/** Takes the variables of the process that started this one, which may have set some of them later. */
export function inheritVariables(variables: Variables): void {
  Object.assign(process.env, variables);
}

/** Undefined: the runner started no such process, since the suite's reporter is not in its place. */
export function askingPlace(): string | undefined {
  return process.env[ASKING];
}

/** Whether this is the first worker of a run: one that takes over after a failure has a higher index. */
export function isFirstWorker(): boolean {
  return process.env['TEST_WORKER_INDEX'] === '0';
}

/** Gives the processes of this run a value that was read for it, in the place of the setting that said where to read it. */
export function handOn(name: string, value: string, source: string): void {
  process.env[name] = value;
  // Set to nothing it hides the one of `.env`.
  process.env[source] = '';
}

/** Where a run writes its reports: `reports`, or what `CONFORMANCE_REPORTS` names. */
export function reportsFolder(): string {
  return process.env[REPORTS] ?? 'reports';
}

/** Where a run writes its reports until it has all of them: in the folder that they are put in then, and hidden. */
export function stagingFolder(): string {
  return join(reportsFolder(), `.${basename(runFolder())}`);
}

/** Whether the parent of this process is npm, or a shell of npm's. */
export function isStartedByNpm(): boolean {
  return process.env['npm_lifecycle_event'] !== undefined;
}

/** Tells what runs in this process from now on that nobody sits before it. */
export function pretendToBeInPipeline(): void {
  process.env['CI'] ??= 'true';
}

/** The entries of a variable that holds several. */
export function list(value: string | undefined, separator: string): string[] {
  return (value ?? '')
    .split(separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/**
 * What tells the embedded mock which contract it is of and where it writes its settings. `mock/embedded.ts` reads them by the
 * same names: a command line for it would be read by a shell.
 */
export function embeddedMockVariables(contractFolder: string, settingsFile: string): Record<string, string> {
  return { CONFORMANCE_MOCK_CONTRACT: contractFolder, CONFORMANCE_MOCK_SETTINGS: settingsFile };
}
