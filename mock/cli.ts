import { mockCommand } from './command.ts';

/** `npm run mock`. */
await mockCommand(process.argv.slice(2));
