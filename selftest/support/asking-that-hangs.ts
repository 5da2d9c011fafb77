import type { FromAsking, Inheritance, ToAsking } from '../../src/asking/messages.ts';

/**
 * In the place of the process that asks the target: it begins with each operation that is not given up, and comes to the end
 * of none that has a word for how: `hangs` keeps it busy for ever, `dies` ends it. With `hangs at once` it hangs before it
 * has begun with any. Each process sends seven requests.
 */
const say = (message: FromAsking): void => void process.send?.(message);
let inherited: string | undefined;
let givenUp: Readonly<Record<string, string>> = {};
let isOneByOne = false;

process.on('disconnect', () => process.exit());
process.on('message', (message: Inheritance | ToAsking) => {
  if ('variables' in message) inherited = message.variables['SET_SINCE'];
  else if (message.type === 'set up') {
    givenUp = message.givenUp;
    isOneByOne = message.oneByOne;
    if (message.spent > 0) say({ type: 'said', text: `spent before: ${message.spent}` });
    say({ type: 'alive', requests: message.spent + 7 });
    say({ type: 'set up', ...(inherited !== undefined && { problem: `set since: ${inherited}` }) });
  } else if (message.type === 'begin') {
    const operations = message.chosen.map(([operation]) => operation);
    for (const [index, operation] of operations.entries())
      askAbout(operation, isOneByOne ? undefined : operations[index + 1]);
  }
});

function askAbout(operation: string, ahead: string | undefined): void {
  if (operation !== 'hangs at once') say({ type: 'asking', operation, ...(ahead !== undefined && { ahead }) });
  if (givenUp[operation] === undefined) {
    if (operation === 'dies') process.exit(7);
    if (operation.startsWith('hangs')) for (;;);
  }
  say({ type: 'judged', operation });
}
