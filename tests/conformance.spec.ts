import type { Answers } from '../src/asking/messages.ts';
import { keepHeapSmall } from '../src/asking/v8-flags.ts';
import { ALL_OPERATIONS } from '../src/asking/test-units.ts';
import { OPERATION_NOTE } from '../src/reporting/note-names.ts';
import { endAsAnswered } from './playwright/end-test.ts';
import { test } from './playwright/fixtures.ts';
import { fault, note, noteTarget } from './playwright/runner.ts';
import { testsOfRun } from './playwright/tests-of-run.ts';

// In the worker, and in the runner, which lists the tests.
keepHeapSmall();

/** A test for each thing that a run finds out. The process that asks the target finds it out, and the tests tell. */
const { operations, comparisons } = await testsOfRun();

/** Whether there is anything to judge: one message instead of a matrix of errors if not. */
test('the target answers and takes the keys', async ({ asking }) => {
  const { problems } = await asking({ about: 'target' });
  if (problems.length > 0) throw fault(problems.join('\n'));
});

/** What the operation whose turn it is has to say, and of a thousand not one more. */
let answer: Answers['operation'] | undefined;

for (const { id: operation, tests } of operations) {
  test.describe(operation, () => {
    // In one group, so that a shard gets an operation whole and asks it once.
    test.describe.configure({ mode: 'default' });
    let isNoted = false;

    test.beforeAll(async ({ asking }, { config: { shard } }) => {
      isNoted = shard === null;
      answer = await asking({ about: 'operation', operation, whole: shard !== null });
    });

    for (const { title, tags } of tests) {
      test(title, { tag: [...tags] }, async ({ asking }) => {
        // What is put together of several shards is read from the tests; a run by itself has it already.
        if (!isNoted && answer && 'whole' in answer) {
          isNoted = true;
          await note(OPERATION_NOTE, answer.whole);
          await noteTarget(() => asking({ about: 'target' }));
        }
        endAsAnswered(answer, title);
      });
    }
  });
}

/** The rules that compare operations, about all that this run has asked: where shards are merged the reporter judges again. */
test.describe(ALL_OPERATIONS, () => {
  test.describe.configure({ mode: 'default' });

  test.beforeAll(async ({ asking }) => {
    answer = await asking({ about: 'all operations' });
  });

  for (const { title, tags } of comparisons) test(title, { tag: [...tags] }, () => endAsAnswered(answer, title));
});
