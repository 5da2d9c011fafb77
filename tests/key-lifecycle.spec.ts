import { KEYS_OVER_TIME } from '../src/asking/test-units.ts';
import type { Answers } from '../src/asking/messages.ts';
import { KEYS_NOTE } from '../src/reporting/note-names.ts';
import { endAsAnswered } from './playwright/end-test.ts';
import { test } from './playwright/fixtures.ts';
import { note, noteTarget } from './playwright/runner.ts';
import { testsOfRun } from './playwright/tests-of-run.ts';

/** A test for each rule about keys that change while the run watches. They are asked together, once all operations have been. */
const { keys } = await testsOfRun();

let answer: Answers['keys'] | undefined;
let isNoted = false;

test.describe(KEYS_OVER_TIME, () => {
  // In one group, so that one shard alone makes keys.
  test.describe.configure({ mode: 'default' });

  test.beforeAll(async ({ asking }, { config: { shard } }) => {
    isNoted = shard === null;
    answer = await asking({ about: 'keys', whole: shard !== null });
  });

  for (const { title, tags } of keys) {
    test(title, { tag: [...tags] }, async ({ asking }) => {
      // What is put together of several shards is read from the tests; a run by itself has it already.
      if (!isNoted && answer && 'whole' in answer) {
        isNoted = true;
        await note(KEYS_NOTE, answer.whole);
        await noteTarget(() => asking({ about: 'target' }));
      }
      endAsAnswered(answer, title);
    });
  }
});
