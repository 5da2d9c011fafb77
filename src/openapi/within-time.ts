import { createContext, Script } from 'node:vm';

/** What was asked for took longer than it may. */
export class TookTooLong extends Error {}

const context = createContext({}) as { act?: () => unknown };
const script = new Script('act()');

/**
 * Calls a function that does not wait for anything, and ends it where it takes longer than it may: a regular expression that
 * tries again and again, or a schema with alternatives of alternatives. Node can end such code only from a script with a time
 * limit, which takes half a millisecond to set up.
 *
 * @throws TookTooLong
 */
export function withinTime<Value>(milliseconds: number, act: () => Value): Value {
  const outer = context.act;
  context.act = act;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as Value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new TookTooLong(`this took longer than ${milliseconds} ms`);
  } finally {
    if (outer) context.act = outer;
    else delete context.act;
  }
}
