import { runInNewContext } from 'node:vm';
import { LONGEST_TIME } from './bounds.ts';

/** What the function returns; undefined where it has not come to an end in time, or calls itself without one. */
export function inTime<Value>(make: () => Value): Value | undefined {
  try {
    return runInNewContext('make()', { make }, { timeout: LONGEST_TIME }) as Value;
  } catch (error) {
    const isEndless = error instanceof RangeError;
    if (isEndless || (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
