import type { GroupAnswer, TestEnd } from '../../src/asking/messages.ts';
import { isReported } from '../../src/config/variables.ts';
import { expect } from './expect.ts';
import { fault } from './runner.ts';
import { expectFailure, runnerTest as test } from './workarounds.ts';

/**
 * Ends the test with this title, which is running, as its group was answered.
 *
 * @param answer absent: nobody was asked
 */
export function endAsAnswered(answer: GroupAnswer<unknown> | undefined, title: string): void {
  if (answer && 'skipped' in answer) test.skip(true, answer.skipped);
  const end = answer && 'ends' in answer ? answer.ends[title] : undefined;
  if (!end) throw fault('what this test tells of was not asked');
  endTest(end);
}

/** Ends the test that is running as its cells did. */
function endTest(end: TestEnd): void {
  const { skipped, annotations, failure, errors } = end;
  if (skipped !== undefined) test.skip(true, skipped);
  test.info().annotations.push(...annotations);
  if ((failure !== undefined || errors.length > 0) && isReported()) expectFailure(test.info());
  // A passing assertion would be a step, which costs more than the judgement did.
  if (failure !== undefined) expect(end).toConform();
  if (errors.length > 0) throw fault(errors.join('\n'));
}
