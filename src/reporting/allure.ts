import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../cli.js', import.meta.resolve('allure')));
const LOAD_FIRST = new URL('allure-first.js', import.meta.url).href;

/**
 * Makes `allure-playwright`'s results into a report with the `allure` package, which needs no Java. Loading that package
 * takes longer than the report of a usual run, so a process loads it while the target is asked, and waits.
 */
export class AllureGenerator {
  readonly #results: string;
  readonly #output: string;
  #waiting: ChildProcessWithoutNullStreams | undefined;

  constructor(results: string, output: string) {
    this.#results = results;
    this.#output = output;
  }

  /** Loads what a report takes. Without it, a report takes longer. */
  prepare(): void {
    this.#waiting = this.#start();
  }

  /** Of the process that waits, if one does. */
  get pid(): number | undefined {
    return this.#waiting?.pid;
  }

  /** Ends what was prepared, where there is to be no report. */
  cancel(): void {
    this.#waiting?.kill();
  }

  /** @throws when the tool fails, with what it printed */
  async write(): Promise<void> {
    rmSync(this.#output, { recursive: true, force: true });
    const child = this.#waiting ?? this.#start();
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.ref();
    child.stdin.write('go');
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0)
      throw new Error(`allure generate ended with ${code}: ${Buffer.concat(said).toString('utf8').trim()}`);
  }

  #start(): ChildProcessWithoutNullStreams {
    const asked = ['generate', this.#results, '--output', this.#output, '--report-name', 'Authentication conformance'];
    const child = spawn(process.execPath, ['--import', LOAD_FIRST, COMMAND, ...asked], {
      // In a group of its own, since Ctrl-C is for the run, which then reports what it has.
      detached: true,
      windowsHide: true,
    });
    child.on('close', () => (this.#waiting = undefined)).on('error', () => (this.#waiting = undefined));
    // Neither it nor what it says keeps the run from ending; that it may go when the run has gone, its input tells it.
    child.unref();
    child.stdin.on('error', () => undefined);
    return child;
  }
}
