import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { authority } from '../../mock/server/certificates.ts';
import { variableNames } from '../../src/config/variables.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { isOpen, type Keys, type Way } from './way.ts';

/** What `npm run conformance` said of a server. */
export interface JudgedStack {
  readonly code: number | null;
  /** What a first-time owner reads on the screen. */
  readonly printed: string;
  /** Absent where the run ended before it judged anything. */
  readonly report?: Conformance;
}

/** A key as `servers/huechat.js` reads it. */
interface IssuedKey {
  readonly value: string;
  readonly environment: string;
  readonly scopes: readonly string[] | 'all';
  readonly revoked?: boolean;
  /** The only address that may use it. */
  readonly address?: string;
}

const PLAYWRIGHT = createRequire(import.meta.url).resolve('@playwright/test/cli');

/** The suite's own alone: Playwright's and Allure's reports of a stack are read by no one. */
const REPORTER = './tests/playwright/reporter.ts';

/** Of no one (RFC 5737). */
const ELSEWHERE = '192.0.2.1';

const KEY_COMMAND = fileURLToPath(new URL('../../mock/key-command.js', import.meta.url));

const started = new Set<ChildProcess>();

/** Ends whatever runs on behalf of this process: servers and runs. */
export function stopAll(): void {
  for (const child of started) child.kill('SIGTERM');
}

/** A server as `node` starts it in the folder `servers/`. */
export interface Server {
  /** Its file, and what it is started with. */
  readonly command: readonly string[];
  /** What is tried before it is judged. */
  readonly way?: Way;
}

export interface JudgedServer extends JudgedStack {
  /** Whether its way led in; absent where it has none. */
  readonly isOpen?: boolean;
}

/**
 * Starts a server on a free port of this machine, judges it with the real command line, and stops it.
 *
 * @throws Error where the server ends before it listens, with what it printed
 */
export async function judgeServer({ command, way }: Server, contract: Contract): Promise<JudgedServer> {
  const { issued, keys, variables } = issueKeys(contract);
  const folder = mkdtempSync(join(tmpdir(), 'server-certificate-'));
  const caFile = join(folder, 'ca.pem');
  const { ca, certificateOf } = await authority();
  writeFileSync(caFile, ca);
  const server = start(['--import', 'tsx', ...command], 'servers', {
    HUECHAT_KEYS: JSON.stringify(issued),
    SERVER_CERTIFICATE: JSON.stringify(await certificateOf('trusted')),
  });
  try {
    const { baseUrl, keyConsole } = await listening(server);
    const tried = way && { isOpen: await isOpen(way, baseUrl, keys) };
    const names = variableNames(contract.id);
    const address = {
      ...addressOf(contract, baseUrl),
      [names.ca]: caFile,
      ...(keyConsole !== undefined && { [names.keyCommand]: keyCommand(keyConsole) }),
    };
    return { ...tried, ...(await judge(contract.id, { ...variables, ...address })) };
  } finally {
    await stop(server);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The whole key table of a server, what a way needs of it, and the variables that show it to the suite. */
function issueKeys(contract: Contract): { issued: IssuedKey[]; keys: Keys; variables: Record<string, string> } {
  const names = variableNames(contract.id);
  const issue = (prefix: string): string => prefix + randomBytes(16).toString('hex');
  const sandbox = { environment: 'sandbox', scopes: 'all' } as const;
  const full = { ...sandbox, value: issue('sk_test_') };
  const revoked = { ...sandbox, value: issue('sk_test_'), revoked: true };
  const locked = { ...sandbox, value: issue('sk_test_'), address: ELSEWHERE };
  const elsewhere = { value: issue('sk_live_'), environment: 'production', scopes: 'all' } as const;
  const scoped = [...contract.scopes.map((scope) => [scope]), []].map((scopes) => ({
    ...{ value: issue('sk_test_'), environment: 'sandbox', scopes },
  }));
  return {
    issued: [full, revoked, locked, elsewhere, ...scoped],
    keys: { full: full.value, locked: locked.value },
    variables: {
      [names.apiKey]: full.value,
      [names.revokedKey]: revoked.value,
      [names.ipLockedKey]: locked.value,
      [names.ipLockedKeyAddress]: ELSEWHERE,
      [names.otherEnvironmentKey]: elsewhere.value,
      [names.scopedKeys]: scoped.map(({ scopes, value }) => `${scopes[0] ?? 'none'}=${value}`).join(';'),
    },
  };
}

function addressOf({ id }: Contract, baseUrl: string): Record<string, string> {
  const names = variableNames(id);
  return {
    [names.baseUrl]: baseUrl,
    [names.environment]: 'sandbox',
    // The production key of a server that was started for this run opens nothing anywhere.
    [names.liveKeyHosts]: new URL(baseUrl).host,
  };
}

/** The command that makes and revokes keys of a server: the one that the mock comes with. */
function keyCommand(keyConsole: string): string {
  return JSON.stringify([process.execPath, KEY_COMMAND, keyConsole]);
}

/** The URLs that a server prints once it listens: its own, and before it that of where its keys are made, if it has such. */
async function listening(server: ChildProcess): Promise<{ readonly baseUrl: string; readonly keyConsole?: string }> {
  const { stdout, stderr } = server;
  if (!stdout || !stderr) throw new Error('The server has no output.');
  let printed = '';
  let keyConsole: string | undefined;
  stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  for await (const line of createInterface(stdout)) {
    keyConsole ??= /^keys (\S+)$/.exec(line)?.[1];
    const url = /^ready (\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    // Whatever it prints from here on must not fill the pipe.
    stdout.resume();
    return { baseUrl: url, ...(keyConsole !== undefined && { keyConsole }) };
  }
  throw new Error(`The server ended before it listened:\n${printed}`);
}

/**
 * What `npm run conformance` says with these variables and none of the user's own about the contract.
 *
 * @param contract its id
 */
export async function judge(contract: string, variables: Readonly<Record<string, string>>): Promise<JudgedStack> {
  const folder = mkdtempSync(join(tmpdir(), 'judged-stack-'));
  const reports = join(folder, 'reports');
  // Variables of the user are about another server; one that is set to nothing hides the one of `.env`.
  const unset = Object.fromEntries(Object.values({ ...variableNames(contract) }).map((name) => [name, '']));
  const run = start([PLAYWRIGHT, 'test', '--reporter', REPORTER], '.', {
    ...unset,
    CONTRACT: '',
    CONFORMANCE_REPORTS: reports,
    ...variables,
  });
  try {
    let printed = '';
    for (const stream of [run.stdout, run.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const [code] = (await once(run, 'close')) as [number | null];
    started.delete(run);
    return { code, printed, ...readReport(join(reports, 'conformance.json')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): { readonly report?: Conformance } {
  try {
    return { report: JSON.parse(readFileSync(file, 'utf8')) as Conformance };
  } catch {
    return {};
  }
}

function start(args: readonly string[], cwd: string, variables: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  started.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
