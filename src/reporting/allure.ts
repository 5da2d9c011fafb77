import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { Worker } from 'node:worker_threads';

/** The command line of the `allure` package. */
const COMMAND = new URL('../cli.js', import.meta.resolve('allure'));

/**
 * Makes a report of `allure-playwright`'s results with `allure generate`, which needs no Java. The command runs in a
 * thread of this process: it ends with the process, however that ends, and what it does to its own process is not done
 * to the run.
 *
 * @param stop ends the command early
 * @returns why there is no report, in one sentence; undefined where there is one
 */
export async function makeAllureReport(
  results: string,
  output: string,
  stop?: AbortSignal,
): Promise<string | undefined> {
  const command = new Worker(COMMAND, {
    argv: ['generate', results, '--output', output, '--report-name', 'Authentication conformance'],
    // The run's own loaders are not for the command.
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  const end = (): void => void command.terminate();
  stop?.addEventListener('abort', end);
  const printed = Promise.all([text(command.stdout), text(command.stderr)]);
  const [ended] = (await once(command, 'exit').catch((error: unknown) => [error])) as [unknown];
  stop?.removeEventListener('abort', end);
  if (stop?.aborted) return 'The Allure report was not made, all other reports are complete: the run was interrupted.';
  if (ended === 0) return undefined;
  const reason = ended instanceof Error ? ended.message : lastLine((await printed).join('\n'));
  return `The Allure report could not be made, all other reports are complete: ${reason}`;
}

function lastLine(printed: string): string {
  const lines = stripVTControlCharacters(printed).split('\n');
  return lines.findLast((line) => line.trim() !== '')?.trim() ?? 'allure generate said nothing';
}
