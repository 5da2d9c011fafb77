import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Makes `allure-playwright`'s results into a report with the `allure` package, which needs no Java.
 *
 * @throws when the tool fails, with what it printed
 */
export async function writeAllureReport(results: string, output: string): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  const command = fileURLToPath(new URL('../cli.js', import.meta.resolve('allure')));
  const child = spawn(
    process.execPath,
    [command, 'generate', results, '--output', output, '--report-name', 'Authentication conformance'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`allure generate ended with ${code}: ${Buffer.concat(said).toString('utf8').trim()}`);
}
