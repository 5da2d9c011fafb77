import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ALLURE_CONFIG, type AllureConfig } from './allure-results.ts';

/** What the thread runs: it loads Allure, and makes a report when it is told of what and where. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const loaded = import(workerData.allure);
// Whoever wants a report hears of it.
loaded.catch(() => undefined);
parentPort.once('message', async ({ results, config, output }) => {
  const { AllureReport, readConfig } = await loaded;
  const report = new AllureReport(await readConfig(results, config, { output }));
  await report.start();
  await report.readDirectory(results);
  await report.done();
});
`;

/** Whatever the report is made of, it fetches nothing: it is read where the results are secret, and where there is no network. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' data: blob:",
  "style-src 'unsafe-inline' data:",
  ...['img-src', 'font-src', 'media-src', 'frame-src', 'connect-src', 'worker-src'].map(
    (kind) => `${kind} data: blob:`,
  ),
  "base-uri 'self'",
  "form-action 'none'",
].join('; ');

/**
 * Makes Allure's report of what `writeAllureResults` wrote, which needs no Java: one page, that opens from the disk and
 * fetches nothing. Allure runs in a thread of this process: it ends with the process, however that ends, and what it does
 * to its own process is not done to the run. It takes a third of a second to load: who makes one of these early has that done
 * while there is something else to wait for.
 */
export class AllureGenerator {
  readonly #thread = new Worker(THREAD, {
    eval: true,
    workerData: { allure: import.meta.resolve('@allurereport/core') },
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  readonly #printed: Promise<string>;

  constructor() {
    this.#thread.unref();
    this.#printed = Promise.all([text(this.#thread.stdout), text(this.#thread.stderr)]).then((all) => all.join('\n'));
  }

  /**
   * Makes one report, and no second one.
   *
   * @param stop ends it early
   * @returns why there is no report, in one sentence; undefined where there is one
   */
  async make(results: string, output: string, stop?: AbortSignal): Promise<string | undefined> {
    const temporary = mkdtempSync(join(tmpdir(), 'allure-'));
    try {
      const config = withAbsolutePaths(results, temporary);
      const problem = await this.#generate(results, config, output, stop);
      if (problem === undefined) close(join(output, 'index.html'));
      else rmSync(output, { recursive: true, force: true });
      return problem;
    } catch (error) {
      return unmade((error as Error).message);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }

  async #generate(
    results: string,
    config: string,
    output: string,
    stop: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const thread = this.#thread;
    const end = (): void => void thread.terminate();
    if (stop?.aborted) end();
    stop?.addEventListener('abort', end);
    thread.ref();
    const exit = once(thread, 'exit');
    thread.postMessage({ results: resolve(results), config, output: resolve(output) });
    const [ended] = (await exit.catch((error: unknown) => [error])) as [unknown];
    stop?.removeEventListener('abort', end);
    if (stop?.aborted)
      return 'The Allure report was not made, all other reports are complete: the run was interrupted.';
    if (ended === 0) return undefined;
    return unmade(ended instanceof Error ? ended.message : lastLine(await this.#printed));
  }
}

/** Allure takes paths from the folder of the process, and writes a file of issues whether it is told to or not. */
function withAbsolutePaths(results: string, temporary: string): string {
  const config = JSON.parse(readFileSync(join(results, ALLURE_CONFIG), 'utf8')) as AllureConfig;
  const file = join(temporary, ALLURE_CONFIG);
  writeFileSync(
    file,
    JSON.stringify({
      ...config,
      historyPath: resolve(results, config.historyPath),
      resolutions: { ...config.resolutions, knownIssuesPath: join(temporary, 'known-issues.json') },
    }),
  );
  return file;
}

/** Takes Allure's analytics out of its page, and forbids it to fetch anything. Allure has no setting for that. */
function close(page: string): void {
  const made = readFileSync(page, 'utf8');
  const silent = made.replace(/<script async src="https:[^>]*><\/script>\s*<script>[^<]*gtag[^<]*<\/script>/, '');
  const policy = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  writeFileSync(page, silent.replace('<head>', `<head>\n${policy}`));
}

function unmade(reason: string): string {
  return `The Allure report could not be made, all other reports are complete: ${reason}`;
}

function lastLine(printed: string): string {
  const lines = stripVTControlCharacters(printed).split('\n');
  return lines.findLast((line) => line.trim() !== '')?.trim() ?? 'Allure said nothing';
}
