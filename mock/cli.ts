import { mockCommand } from './command.ts';

/** `npm run mock`. */
const problem = await mockCommand(process.argv.slice(2));
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}
