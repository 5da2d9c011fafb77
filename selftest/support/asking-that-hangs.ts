import type { FromAsking, Inheritance, ToAsking } from '../../src/asking/messages.ts';

/**
 * In the place of the process that asks the target: it begins with each operation that is not given up, and comes to the end
 * of none that has a word for how: `hangs` keeps it busy for ever, `dies` ends it. With `hangs at once` it hangs before it
 * has begun with any.
 */
const say = (message: FromAsking): void => void process.send?.(message);
let inherited: string | undefined;
let givenUp: Readonly<Record<string, string>> = {};

process.on('disconnect', () => process.exit());
process.on('message', (message: Inheritance | ToAsking) => {
  if ('variables' in message) inherited = message.variables['SET_SINCE'];
  else if (message.type === 'set up') {
    givenUp = message.givenUp;
    say({ type: 'set up', ...(inherited !== undefined && { problem: `set since: ${inherited}` }) });
  } else if (message.type === 'begin') for (const [operation] of message.chosen) askAbout(operation);
});

function askAbout(operation: string): void {
  if (operation !== 'hangs at once') say({ type: 'asking', operation });
  if (givenUp[operation] === undefined) {
    if (operation === 'dies') process.exit(7);
    if (operation.startsWith('hangs')) for (;;);
  }
  say({ type: 'judged', operation });
}
