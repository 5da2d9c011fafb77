import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { argumentsOf } from '../src/config/command-line.ts';
import type { Conformance } from '../src/reporting/conformance.ts';
import { manyOperations } from './many-operations.ts';
import { measure, type Measured, median, serve, stop } from './measured.ts';

/**
 * What a large contract costs: the whole catalogue on so many operations of the mock, as one run and as shards side by
 * side, beside the bare loop that sends the same requests.
 */
const { values } = argumentsOf('bench:scale');
const operations = Number(values.operations);
const folder = mkdtempSync(join(tmpdir(), 'scale-bench-'));
const contract = manyOperations(folder, operations);
const settingsFile = join(folder, 'mock.env');
const start = ['scripts/start.js'];
// A limit that no run reaches: waiting is not what is measured.
const mock = await serve([
  ...[...start, 'mock/cli.ts', '--contract', contract, '--settings-file', settingsFile],
  ...['--rate-limit', '9999999/60'],
]);
try {
  const settings = { ...parse(readFileSync(settingsFile)), CONTRACT: contract };
  const planned = await measure(process.execPath, [...start, 'scripts/plan.ts'], settings);
  say(
    `plan: ${planned.seconds.toFixed(1)} s, ${planned.peak.toFixed(0)} MiB: ${/plan: .*|^.*requests.*$/m.exec(planned.out)?.[0] ?? ''}`,
  );
  const shardings = values.shards.split(',').map(Number);
  const rounds: ReadonlyMap<number, Figures>[] = [];
  for (let round = 0; round < Number(values.rounds); round++) rounds.push(await measureRound(settings, shardings));
  for (const shards of shardings) {
    const its = rounds.flatMap((round) => round.get(shards) ?? []);
    const of = (figure: (one: Figures) => number): number => median(its.map(figure));
    const [seconds, ratio] = [of((one) => one.seconds), of((one) => one.ratio)];
    const medians = { seconds, ratio, cpu: of((one) => one.cpu), peak: of((one) => one.peak) };
    say(`median of ${its.length}, ${inWords(shards, medians)}`);
  }
  if (shardings.includes(1)) tellReports(join(folder, 'reports-1-of-1'));
} finally {
  await stop(mock);
  rmSync(folder, { recursive: true });
}

interface Figures {
  readonly seconds: number;
  /** To the floor of the same round. */
  readonly ratio: number;
  readonly cpu: number;
  readonly peak: number;
}

/** The loop, and then the run in each number of shards: they take turns, so that a busy machine is busy for all. */
async function measureRound(
  settings: Readonly<Record<string, string>>,
  shardings: readonly number[],
): Promise<ReadonlyMap<number, Figures>> {
  const floor = await measure(process.execPath, [...start, 'bench/floor.ts'], settings);
  const bare = Number(/^(\d+) ms/m.exec(floor.out)?.[1]) / 1000;
  say(`floor: ${floor.out.trim()} (${floor.cpu.toFixed(0)} s of processor)`);
  const figures = new Map<number, Figures>();
  for (const shards of shardings) {
    const runs = await Promise.all(Array.from({ length: shards }, (_, index) => run(settings, index + 1, shards)));
    const seconds = Math.max(...runs.map((one) => one.seconds));
    const cpu = runs.reduce((sum, one) => sum + one.cpu, 0);
    const peak = Math.max(...runs.map((one) => one.peak));
    const its = { seconds, ratio: seconds / bare, cpu, peak };
    figures.set(shards, its);
    say(inWords(shards, its));
  }
  return figures;
}

function inWords(shards: number, { seconds, ratio, cpu, peak }: Figures): string {
  return `${shards} shard${shards === 1 ? '' : 's'}: ${seconds.toFixed(1)} s (${ratio.toFixed(2)} × the floor), ${cpu.toFixed(0)} s of processor in all, ${peak.toFixed(0)} MiB at most in one`;
}

async function run(settings: Readonly<Record<string, string>>, shard: number, shards: number): Promise<Measured> {
  const args = ['scripts/auth-conformance.js', 'run', ...(shards > 1 ? [`--shard=${shard}/${shards}`] : [])];
  const reports = join(folder, `reports-${shard}-of-${shards}`);
  // What an earlier round left would be compared with.
  rmSync(reports, { recursive: true, force: true });
  const ran = await measure(process.execPath, args, { ...settings, CONFORMANCE_REPORTS: reports });
  if (ran.code !== 0) throw new Error(`the run ended with ${ran.code}:\n${ran.out.slice(-2000)}`);
  say(`  ${/^.* operations × .*$/m.exec(ran.out)?.[0] ?? ran.out.slice(-500)}`);
  return ran;
}

function tellReports(reports: string): void {
  const report = JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance;
  const sizes = ['conformance.json', 'conformance.html', 'html/index.html', 'junit.xml'].map(
    (name) => `${name} ${(statSync(join(reports, name)).size / 1e6).toFixed(1)} MB`,
  );
  say(`  ${report.verdict}, ${report.cells.length} cells, ${report.requests} requests; ${sizes.join(', ')}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
