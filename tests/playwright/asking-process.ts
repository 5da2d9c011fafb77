import nodeModule from 'node:module';
import suite from '../../package.json' with { type: 'json' };
import { Asking } from '../../src/asking/asking.ts';
import { keepHeapSmall, optimizeLate } from '../../src/asking/v8-flags.ts';
import type { FromAsking, Inheritance, ToAsking } from '../../src/asking/messages.ts';
import { answerQuestions } from '../../src/asking/questions.ts';
import { askingPlace, inheritVariables, runFolder, stagingFolder } from '../../src/config/variables.ts';
import { catalogue } from '../catalogue/index.ts';
import { runEnvironment } from './environment.ts';
import { runConfiguration } from './run.ts';

/** The process of a run that asks the target, started by the runner (`src/asking/asker.ts`), which it does not outlive. */

/** Milliseconds between two signs of life. */
const BETWEEN_SIGNS = 500;

keepHeapSmall();
optimizeLate();

const say = (message: FromAsking): void => {
  if (process.connected) process.send?.(message);
};

process.on('disconnect', () => process.exit());
// The runner hears of a signal too, and says what is to be done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
let sent = (): { readonly requests: number; readonly budget?: number } => ({ requests: 0 });
setInterval(() => say({ type: 'alive', ...sent() }), BETWEEN_SIGNS);
let asking: Promise<Asking> | undefined;
process.on('message', (message: Inheritance | ToAsking) => {
  if ('variables' in message) asking = begin(message);
  else void asking?.then((begun) => begun.take(message));
});

/** The process may have been started before the runner has made the folder of the run. */
async function begin({ variables }: Inheritance): Promise<Asking> {
  inheritVariables(variables);
  // The runner ends this process by force, when nothing is left to do.
  if ('flushCompileCache' in nodeModule) (nodeModule.flushCompileCache as () => void)();
  const { reportsFolder } = runEnvironment();
  const made = new Asking({
    ...{ catalogue, version: suite.version, folder: runFolder(), reportsFolder, staging: stagingFolder() },
    ...{ read: runConfiguration, say },
  });
  sent = () => ({ requests: made.requests, ...(made.budget !== undefined && { budget: made.budget }) });
  await answerQuestions(askingPlace() ?? '', (question) => made.answer(question));
  return made;
}
