import { TARGET_NOTE } from '../../src/reporting/note-names.ts';
import type { ReportedOperation, TargetNote } from '../../src/reporting/playwright-notes.ts';
import type { ReportedKeys } from '../../src/reporting/reported-keys.ts';
import { runnerTest } from './workarounds.ts';

/** A fault of the suite or the network: not a verdict, and without a stack since no line of code is to blame. */
export function fault(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

let isTargetNoted = false;

/** Hands over what was asked before the tests, once for a worker. */
export async function noteTarget(target: () => Promise<{ readonly note: TargetNote }>): Promise<void> {
  if (isTargetNoted) return;
  isTargetNoted = true;
  await note(TARGET_NOTE, (await target()).note);
}

/** Hands a value to the reporter with the test that is running. */
export async function note(name: string, value: ReportedOperation | ReportedKeys | TargetNote): Promise<void> {
  await runnerTest.info().attach(name, { body: JSON.stringify(value), contentType: 'application/json' });
}
