import type { TestEnd } from '../../src/asking/messages.ts';
import { isReported } from '../../src/config/variables.ts';
import { expect } from './expect.ts';
import { fault } from './runner.ts';
import { expectFailure, runnerTest as test } from './workarounds.ts';

/** Ends the test that is running as its cells did. */
export function endTest(end: TestEnd): void {
  const { skipped, annotations, failure, errors } = end;
  if (skipped !== undefined) test.skip(true, skipped);
  test.info().annotations.push(...annotations);
  if ((failure !== undefined || errors.length > 0) && isReported()) expectFailure(test.info());
  // A passing assertion would be a step, which costs more than the judgement did.
  if (failure !== undefined) expect(end).toConform();
  if (errors.length > 0) throw fault(errors.join('\n'));
}
