import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { argumentsOf } from '../src/config/command-line.ts';
import { measure } from './measured.ts';

/**
 * How long the suite's own tests take: the unit tests, all of them and, with `--ci`, `.ci/run` in a clean checkout of the last
 * commit. The goals are for two cores with nothing else to do; they are printed and not asserted.
 */
const { values } = argumentsOf('bench:tests');
const SLOWEST = 15;
const REPORT = 'reports/selftest.xml';

interface Command {
  readonly title: string;
  /** Seconds. */
  readonly goal: number;
  readonly command: string;
  readonly args: readonly string[];
}

const commands: readonly Command[] = [
  { title: 'npm run test:unit', goal: 20, command: 'npm', args: ['run', 'test:unit'] },
  { title: 'npm test', goal: 240, command: 'npm', args: ['test'] },
];

process.stdout.write(
  `${cpus().length} cores, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}\n`,
);
for (const one of commands) await time(one);
for (const [file, seconds] of slowest())
  process.stdout.write(`${seconds.toFixed(1).padStart(8)} s of a worker  ${file}\n`);
if (values.ci === true) {
  const checkout = mkdtempSync(join(tmpdir(), 'clean-checkout-'));
  execFileSync('git', ['clone', '--quiet', '.', checkout]);
  await time({ title: '.ci/run', goal: 360, command: join(checkout, '.ci/run'), args: [] }, checkout);
  rmSync(checkout, { recursive: true, force: true });
}

async function time({ title, goal, command, args }: Command, folder = '.'): Promise<void> {
  const { code, seconds, cpu } = await measure(command, args);
  const head = read(folder);
  const tests = /tests="(\d+)" failures="(\d+)"/.exec(head);
  process.stdout.write(
    `${title}: ${seconds.toFixed(0)} s (goal: ${goal} s), ${cpu.toFixed(0)} s of CPU, ended with ${code}; ${tests?.[1] ?? 'no'} tests, ${tests?.[2] ?? 'none'} failed\n`,
  );
}

/** Files of the last run by the seconds that their tests kept a worker busy. */
function slowest(): [string, number][] {
  const seconds = new Map<string, number>();
  for (const [, file = '', time = '0'] of read('.').matchAll(/<testcase [^>]*classname="([^"]*)" time="([^"]*)"/g))
    seconds.set(file, (seconds.get(file) ?? 0) + Number(time));
  return [...seconds].toSorted(([, one], [, other]) => other - one).slice(0, SLOWEST);
}

function read(folder: string): string {
  const file = join(folder, REPORT);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
