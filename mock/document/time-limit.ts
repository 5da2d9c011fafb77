import { createContext, Script } from 'node:vm';
import { LONGEST_TIME } from './bounds.ts';

/** One for all: to make one takes ten times as long as to judge a body. */
const context = createContext({}) as { make?: () => unknown };
const script = new Script('make()');

/** What the function returns; undefined where it has not come to an end in time, or calls itself without one. */
export function inTime<Value>(make: () => Value): Value | undefined {
  const outer = context.make;
  context.make = make;
  try {
    return script.runInContext(context, { timeout: LONGEST_TIME }) as Value;
  } catch (error) {
    const isEndless = error instanceof RangeError;
    if (isEndless || (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    if (outer) context.make = outer;
    else delete context.make;
  }
}
