import process from 'node:process';
import { text } from 'node:stream/consumers';
import { pathToFileURL, URL } from 'node:url';

/**
 * Runs before the command of the `allure` package: loads the modules that the command is made of, then waits until the
 * results are there. Plain JavaScript, since nothing here is worth the time of a compiler.
 */
const command = process.argv[1] ?? '';
// Where the package looks otherwise in a later version, the command loads its modules itself, only later.
await import(new URL('dist/commands/index.js', pathToFileURL(command)).href).catch(() => undefined);
// The end of the input without a word is the end of the run.
if ((await text(process.stdin)) === '') process.exit();
