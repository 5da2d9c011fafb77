import type { Answers, Question } from '../../src/asking/messages.ts';
import { ask } from '../../src/asking/questions.ts';
import { KeptResults } from '../../src/asking/kept-results.ts';
import { askingPlace, isFirstWorker, runFolder } from '../../src/config/variables.ts';
import { fault } from './runner.ts';
import { runnerTest } from './workarounds.ts';

interface WorkerFixtures {
  /** Asks the process that asks the target, and waits until it knows. */
  readonly asking: <Kind extends Question['about']>(
    question: Extract<Question, { readonly about: Kind }>,
  ) => Promise<Answers[Kind]>;
}

/** The bridge between the process that asks the target and Playwright. */
export const test = runnerTest.extend<object, WorkerFixtures>({
  asking: [
    async ({}, use) => {
      const place = askingPlace();
      if (place !== undefined) return use((question) => ask(place, question));
      // Under another reporter, in Playwright's UI and in an editor the worker has one of its own. One that takes over after a
      // failed test finds most operations asked; the first of a run finds those of the run before it, which say nothing now.
      if (isFirstWorker()) new KeptResults(runFolder()).clear();
      const { startAsker } = await import('./run-asker.ts');
      const asker = startAsker();
      const problem = await asker.setUp(false);
      if (problem !== undefined) throw fault(problem);
      asker.on('said', (text) => void process.stdout.write(text));
      await use((question) => ask(askingPlace() ?? '', question));
      asker.stop();
      await asker.close();
    },
    { scope: 'worker' },
  ],
});
