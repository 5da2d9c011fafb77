import type { ReportedOperation, TargetNote } from '../../src/reporting/playwright-notes.ts';
import { runnerTest } from './workarounds.ts';

/** A fault of the suite or the network: not a verdict, and without a stack since no line of code is to blame. */
export function fault(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

/** Hands a value to the reporter with the test that is running. */
export async function note(name: string, value: ReportedOperation | TargetNote): Promise<void> {
  await runnerTest.info().attach(name, { body: JSON.stringify(value), contentType: 'application/json' });
}
