import { once } from 'node:events';
import process from 'node:process';
import { pathToFileURL, URL } from 'node:url';

/**
 * Runs before the command of the `allure` package: loads the modules that the command is made of, then waits until the
 * results are there. Plain JavaScript, since nothing here is worth the time of a compiler.
 */
const command = process.argv[1] ?? '';
// Where the package looks otherwise in a later version, the command loads its modules itself, only later.
await import(new URL('dist/commands/index.js', pathToFileURL(command)).href).catch(() => undefined);
const heard = await Promise.race([once(process.stdin, 'data'), once(process.stdin, 'end')]);
// The end of the input is the end of the run, which may come before the word and before the report is made.
if (heard.length === 0) process.exit();
process.stdin.on('end', () => process.exit(1)).unref();
