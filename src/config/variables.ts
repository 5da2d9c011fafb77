import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'dotenv';
import type { Contract } from '../model/contract.ts';
import { schemesInUse } from '../openapi/security.ts';
import type { VariableNames } from '../model/target.ts';
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
    scopedKeys: `${prefix}_SCOPED_KEYS`,
    revokedKey: `${prefix}_REVOKED_KEY`,
    ipLockedKey: `${prefix}_IP_LOCKED_KEY`,
    ipLockedKeyAddress: `${prefix}_IP_LOCKED_KEY_ADDRESS`,
    plainHttpUrl: `${prefix}_PLAIN_HTTP_URL`,
    ca: `${prefix}_CA`,
    liveKeyHosts: `${prefix}_LIVE_KEY_HOSTS`,
    plainHttpHosts: `${prefix}_PLAIN_HTTP_HOSTS`,
    pathValues: `${prefix}_PATH_VALUES`,
    readIds: `${prefix}_READ_IDS`,
    without: `${prefix}_WITHOUT`,
    sandboxWrites: `${prefix}_SANDBOX_WRITES`,
    budget: `${prefix}_BUDGET`,
    seed: `${prefix}_SEED`,
    strict: `${prefix}_STRICT`,
    rateLimit: `${prefix}_RATE_LIMIT`,
    timeout: `${prefix}_TIMEOUT`,
    previous: `${prefix}_PREVIOUS`,
    testPer: `${prefix}_TEST_PER`,
    reportBodies: `${prefix}_REPORT_BODIES`,
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

/** Names the folder that a run writes its reports to. */
export const REPORTS = 'CONFORMANCE_REPORTS';

/** The variables a run goes by: the process's own, then `.env`; an empty value counts as not set. */
export function readVariables(): Variables {
  const file = existsSync('.env') ? parse(readFileSync('.env', 'utf8')) : {};
  const merged: Record<string, string | undefined> = { ...file, ...process.env };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined && value.trim() !== ''));
}

/**
 * The variables of a run that judges the embedded mock: what the mock says of itself, and the user's settings of how a run
 * is done. The user's keys are left out, because they belong to another server.
 *
 * @param mockVariables what the mock says of itself: base URL, keys, …
 */
export function withEmbeddedMock(variables: Variables, contractId: string, mockVariables: Variables): Variables {
  const names = variableNames(contractId);
  const prefix = names.baseUrl.replace(/BASE_URL$/, '');
  const runSettings = [
    names.strict,
    names.budget,
    names.seed,
    names.sandboxWrites,
    names.rateLimit,
    names.timeout,
    names.previous,
    names.testPer,
    names.reportBodies,
  ];
  const kept = Object.entries(variables).filter(([name]) => !name.startsWith(prefix) || runSettings.includes(name));
  return { ...Object.fromEntries(kept), ...mockVariables };
}

/**
 * A folder that one run shares between the runner and its workers, who inherit its name: the parsed contract, what the
 * embedded mock says of itself, and what has been asked already. Removed when the process that made it ends. Its name has
 * the id of that process: so a later run knows what one that was killed left behind.
 *
 * @throws UnwritableError
 */
export function runFolder(): string {
  const inherited = process.env[RUN_FOLDER];
  if (inherited !== undefined) return inherited;
  const folder = temporaryFolder(`auth-conformance-${process.pid}-`);
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return (process.env[RUN_FOLDER] = folder);
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
