import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { argumentsOf } from '../src/config/command-line.ts';
import { cachedContract } from '../src/openapi/contract-cache.ts';
import type { Conformance } from '../src/reporting/conformance.ts';
import { measure, type Measured, median, serve, stop } from './measured.ts';
import { type Check, checksOf, installPeers, type Peer, peers, QUIETLY } from './peers.ts';

/**
 * What a full run costs beside the bare loop, beside the runner's own start and beside tools that do a part of its checks.
 * They take turns, so that a busy machine is busy for all.
 */
const { values } = argumentsOf('bench');
/** The checks once, and so often that they are about as many requests as a run sends: then a tool's start weighs little. */
const TIMES = [1, 36];
/** A server that is broken in the way that a check is about, which no tool may call sound. */
const DEFECTS = ['missing-key-accepted', 'any-well-formed-key-accepted'];

interface Settings {
  readonly HUECHAT_BASE_URL: string;
  readonly HUECHAT_CA: string;
}

interface Prepared {
  readonly peer: Peer;
  readonly checks: number;
  readonly args: readonly string[];
}

interface Round {
  readonly start: Measured;
  readonly floor: Measured;
  /** Of the loop alone. */
  readonly bare: number;
  readonly run: Measured;
  readonly report: Conformance;
  /** The same with as few tests as a large contract has. */
  readonly byOperation: Measured;
  /** The same again without Playwright's and Allure's reports. */
  readonly fewReports: Measured;
  /** The Allure report once more by itself, from the results of the run. */
  readonly allure: Measured;
  /** In the order of what was prepared. */
  readonly peers: readonly Measured[];
}

const versions = installPeers();
const contract = await cachedContract('specs/huechat');
const folder = mkdtempSync(join(tmpdir(), 'speed-bench-'));
const rounds: Round[] = [];
try {
  for (const defect of DEFECTS) await onMock(['--defect', defect], (settings) => mustFail(settings, defect));
  await onMock([], async (settings) => {
    await mustFail({ ...settings, HUECHAT_CA: '' }, 'a certificate of nobody known');
    const prepared = TIMES.flatMap((times) => prepare(settings, checksOf(contract, times)));
    for (let index = 0; index < Number(values.rounds); index++) rounds.push(await round(settings, prepared));
    tell(prepared);
  });
} finally {
  rmSync(folder, { recursive: true });
}

async function onMock(args: readonly string[], use: (settings: Settings) => Promise<void>): Promise<void> {
  const file = join(folder, 'mock.env');
  const mock = await serve(['scripts/start.js', 'mock/cli.ts', ...args, '--settings-file', file]);
  try {
    await use(parse(readFileSync(file)) as unknown as Settings);
  } finally {
    await stop(mock);
  }
}

function prepare({ HUECHAT_BASE_URL: baseUrl }: Settings, checks: readonly Check[]): Prepared[] {
  return peers.map((peer) => {
    const own = join(folder, `${peer.name}-${checks.length}`);
    mkdirSync(own, { recursive: true });
    return { peer, checks: checks.length, args: peer.prepare(own, checks, { contract, baseUrl }) };
  });
}

/** @throws where a tool would pass whatever it meets: its time would be worth nothing */
async function mustFail(settings: Settings, trouble: string): Promise<void> {
  for (const { peer, args } of prepare(settings, checksOf(contract, 1))) {
    const { code } = await measure(process.execPath, args, environment(settings));
    if (code === 0) throw new Error(`${peer.name} passes in spite of ${trouble}`);
  }
}

function environment({ HUECHAT_CA: ca }: Settings): Readonly<Record<string, string>> {
  return { ...QUIETLY, ...(ca !== '' && { NODE_EXTRA_CA_CERTS: ca }) };
}

async function round(settings: Settings, prepared: readonly Prepared[]): Promise<Round> {
  const playwright = ['node_modules/.bin/playwright', 'test'];
  const reports = join(folder, 'reports');
  // What an earlier run left would be compared with.
  rmSync(reports, { recursive: true, force: true });
  const empty = ['--config', 'bench/start/playwright.config.ts', '--output', join(folder, 'nothing')];
  const start = await measured('the empty run', [...playwright, ...empty]);
  const floor = await measured('the bare loop', ['scripts/start.js', 'bench/floor.ts'], { ...settings });
  // As `npm run conformance` starts it.
  const command = ['scripts/auth-conformance.js', 'run'];
  const run = await measured('the run', command, { ...settings, CONFORMANCE_REPORTS: reports });
  const fewTests = { ...settings, CONFORMANCE_REPORTS: join(folder, 'by-operation'), HUECHAT_TEST_PER: 'operation' };
  rmSync(fewTests.CONFORMANCE_REPORTS, { recursive: true, force: true });
  const byOperation = await measured('the run with a test an operation', command, fewTests);
  const few = { ...fewTests, CONFORMANCE_REPORTS: join(folder, 'few-reports'), HUECHAT_REPORTS: 'html,summary,junit' };
  rmSync(few.CONFORMANCE_REPORTS, { recursive: true, force: true });
  const fewReports = await measured('the run with few reports', command, few);
  const again = ['bench/allure-report.ts', join(reports, 'allure-results'), join(folder, 'allure')];
  const allure = await measured('the Allure report', ['scripts/start.js', ...again]);
  const others: Measured[] = [];
  for (const { peer, checks, args } of prepared) {
    const other = await measured(peer.name, args, environment(settings));
    const counted = Number(peer.counted.exec(other.out)?.[1]);
    if (counted !== checks)
      throw new Error(`${peer.name} made ${counted} of ${checks} checks:\n${other.out.slice(-2000)}`);
    others.push(other);
  }
  const report = JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance;
  const bare = Number(/^(\d+) ms/m.exec(floor.out)?.[1]) / 1000;
  return { start, floor, bare, run, report, byOperation, fewReports, allure, peers: others };
}

async function measured(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const done = await measure(process.execPath, args, env);
  if (done.code !== 0) throw new Error(`${name} ended with ${done.code}:\n${done.out.slice(-2000)}`);
  return done;
}

function tell(prepared: readonly Prepared[]): void {
  const last = rounds.at(-1)?.report;
  if (!last) return;
  const of = (figure: (one: Round) => number): number => median(rounds.map(figure));
  const costs = (one: (from: Round) => Measured): string[] => [
    ...[of((from) => one(from).cpu).toFixed(1), of((from) => one(from).peak).toFixed(0)],
  ];
  const whole = (name: string, one: (from: Round) => Measured): string[][] => [
    [name, of((from) => one(from).seconds).toFixed(2), ...costs(one)],
    [
      ...['– less start and floor', of((from) => one(from).seconds - from.start.seconds - from.bare).toFixed(2)],
      of((from) => one(from).cpu - from.start.cpu - from.floor.cpu).toFixed(1),
    ],
    [
      ...['– ÷ floor', of((from) => one(from).seconds / from.bare).toFixed(2)],
      of((from) => one(from).cpu / from.floor.cpu).toFixed(2),
    ],
  ];
  const perCase = ({ run, report }: Round): number => (run.seconds * 1000) / judgedCases(report);
  say(
    `Medians of ${rounds.length} round${rounds.length === 1 ? '' : 's'}; ${availableParallelism()} cores, Node ${process.version.slice(1)}.`,
  );
  say('Differences and ratios are those within a round, so they need not be those of the medians.\n');
  table([
    ['', 'seconds', 'processor s', 'MiB'],
    ...whole('full run', ({ run }) => run),
    [
      '– from the verdict to the last report',
      of(({ run }) => run.saidAfter('reports:') - run.saidAfter('verdict:')).toFixed(2),
    ],
    ['– Allure report by itself', of(({ allure }) => allure.seconds).toFixed(2), ...costs(({ allure }) => allure)],
    ...whole('full run, a test an operation', ({ byOperation }) => byOperation),
    ...whole('the same, no Playwright, no Allure', ({ fewReports }) => fewReports),
    ['runner’s own start', of(({ start }) => start.seconds).toFixed(2), ...costs(({ start }) => start)],
    ['floor: the bare loop', of(({ bare }) => bare).toFixed(2), ...costs(({ floor }) => floor)],
  ]);
  say('');
  table([
    [
      '',
      'requests',
      'judged cases',
      'seconds',
      'processor s',
      'MiB',
      'ms a case',
      '÷ ours',
      'processor ms a case',
      'ms a request',
    ],
    [
      ...['this suite, the full run', String(last.requests), String(judgedCases(last))],
      ...[of(({ run }) => run.seconds).toFixed(2), ...costs(({ run }) => run), of(perCase).toFixed(2), '1.0'],
      of(({ run, report }) => (run.cpu * 1000) / judgedCases(report)).toFixed(2),
      of(({ run, report }) => (run.seconds * 1000) / report.requests).toFixed(2),
    ],
    ...prepared.map(({ peer, checks }, index) => {
      const its = (from: Round): Measured => from.peers[index] ?? from.run;
      const each = (from: Round): number => (its(from).seconds * 1000) / checks;
      return [
        ...[`${peer.name} ${versions[peer.package] ?? ''}`, String(checks), String(checks)],
        ...[of((from) => its(from).seconds).toFixed(2), ...costs(its), of(each).toFixed(2)],
        of((from) => each(from) / perCase(from)).toFixed(1),
        ...[of((from) => (its(from).cpu * 1000) / checks).toFixed(2), of(each).toFixed(2)],
      ];
    }),
  ]);
}

/** A case is judged by each rule that looks at it, as a tool's check is by its own three conditions. */
function judgedCases({ cells }: Conformance): number {
  return cells.reduce((sum, { cases, judged = cases.length }) => {
    const unjudged = cases.filter(({ outcome }) => ['not applicable', 'not proven', 'error'].includes(outcome));
    return sum + judged - unjudged.length;
  }, 0);
}

/** As Markdown, so that it can be put into a document as it is. */
function table([head = [], ...rows]: readonly (readonly string[])[]): void {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width))).join(' | ')} |`;
  say(line(head));
  say(
    `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`,
  );
  for (const row of rows) say(line(row));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
