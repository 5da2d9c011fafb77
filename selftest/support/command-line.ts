import { type ChildProcess, spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { variableNames } from '../../src/config/variables.ts';

export interface CommandLine {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Where the run wrote its reports. */
  readonly reports: string;
  /** Its folder for temporary files. */
  readonly temporary: string;
}

export interface RunOptions {
  readonly variables: Readonly<Record<string, string>>;
  /** Of this run alone. */
  readonly folder: string;
  readonly args?: readonly string[];
  /** Of the package; `run` unless it is said. */
  readonly command?: 'run' | 'gate' | 'merge';
  /** Has this module in the place of the package's command. */
  readonly module?: string;
  /** Starts it with `npm run conformance`, as a user does; the child is npm then. */
  readonly npm?: boolean;
  /** Starts it as a terminal does: in a process group of its own, which a signal can be sent to. */
  readonly ownGroup?: boolean;
  /** Where it is started, and where `.env` is looked for; the suite's folder unless said. */
  readonly cwd?: string;
}

/** A command line on its way. */
export interface Begun {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandLine>;
}

const COMMAND = fileURLToPath(new URL('../../scripts/auth-conformance.js', import.meta.url));

/** Transformed once for all runs. */
const TRANSFORMED = join(tmpdir(), `playwright-transform-cache-${userInfo().uid}`);

/** Arguments of a run that writes only what the suite writes by itself, and JUnit. */
export const FEW_REPORTERS = ['--config', 'selftest/support/few-reporters.config.ts'] as const;

/** Arguments of a run that writes with every reporter that a user might add. */
export const EVERY_REPORTER = ['--config', 'selftest/support/every-reporter.config.ts'] as const;

/** What `npm run conformance` runs, in a process that has these variables and none of the ones around it. */
export function conformance(options: RunOptions): Promise<CommandLine> {
  return begin(options).ended;
}

export function begin(options: RunOptions): Begun {
  const { variables, folder, args = [], command = 'run', module, ownGroup = false, npm = false, cwd } = options;
  const reports = join(folder, 'reports');
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary, { recursive: true });
  const [program, words] = npm
    ? ['npm', ['run', 'conformance', '--', ...args]]
    : [process.execPath, module === undefined ? [COMMAND, command, ...args] : [module, ...args]];
  const child = spawn(program, words, {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TMPDIR: temporary,
      PLAYWRIGHT_TRANSFORM_CACHE_DIR: TRANSFORMED,
      ...unset,
      CONFORMANCE_REPORTS: reports,
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
    ...(cwd !== undefined && { cwd }),
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err, reports, temporary }));
  return { child, ended };
}

/** A variable that is set to nothing hides the one of `.env`. */
const unset = Object.fromEntries(
  ['CONTRACT', ...Object.values({ ...variableNames('huechat') })].map((name) => [name, '']),
);

/** `npm run report`, where nothing can open a page: no PATH leads to a browser. */
export function opened(reports: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [COMMAND, 'report', ...args], {
    encoding: 'utf8',
    env: { PATH: '', CONFORMANCE_REPORTS: reports },
  });
}

/** The report that a run wrote. */
export function reportOf({ reports }: Pick<CommandLine, 'reports'>): Conformance {
  return JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance;
}
