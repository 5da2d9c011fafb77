import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

export interface Measured {
  readonly code: number | null;
  readonly out: string;
  readonly seconds: number;
  /** Of the process and of all that it started, in seconds. */
  readonly cpu: number;
  /** The most memory that the process and all that it started had at a time, in MiB. */
  readonly peak: number;
  /** Seconds from the start until it had said this. */
  readonly saidAfter: (words: string) => number;
}

const EVERY = 100;
const TICKS_A_SECOND = 100;
const PAGE = 4096;

/** Runs a command to its end and looks at it from outside, on Linux: through /proc. */
export async function measure(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, { env: { ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  const heard: { readonly length: number; readonly seconds: number }[] = [];
  const hear = (chunk: Buffer): void => {
    out += chunk.toString();
    heard.push({ length: out.length, seconds: (performance.now() - started) / 1000 });
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  let peak = 0;
  const cpuOf = new Map<number, number>();
  const sampler = setInterval(() => {
    const family = familyOf(child.pid ?? 0);
    for (const { pid, ticks } of family) cpuOf.set(pid, ticks);
    peak = Math.max(
      peak,
      family.reduce((sum, { pages }) => sum + pages, 0),
    );
  }, EVERY);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(sampler);
  return {
    code,
    out,
    seconds: (performance.now() - started) / 1000,
    cpu: [...cpuOf.values()].reduce((sum, ticks) => sum + ticks, 0) / TICKS_A_SECOND,
    peak: (peak * PAGE) / 1024 / 1024,
    saidAfter: (words) => {
      const place = out.indexOf(words);
      return heard.find(({ length }) => place >= 0 && length >= place + words.length)?.seconds ?? Number.NaN;
    },
  };
}

/** A server that says `ready` when it is. */
export async function serve(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout) if (String(chunk).includes('ready')) break;
  child.stdout.resume();
  return child;
}

export async function stop(child: ChildProcess): Promise<void> {
  child.kill();
  if (child.exitCode === null) await once(child, 'exit');
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Nothing of the caller's own settings. */
function environment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }) };
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

function familyOf(root: number): Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => processOf(Number(pid)) ?? []);
  const family = all.filter(({ pid }) => pid === root);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
}

function processOf(pid: number): Process | undefined {
  try {
    // The name of the program, in brackets, may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .map(Number);
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return { pid, parent: fields[1] ?? 0, ticks: (fields[11] ?? 0) + (fields[12] ?? 0), pages };
  } catch {
    // It has ended since it was listed.
    return undefined;
  }
}
