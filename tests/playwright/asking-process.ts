import suite from '../../package.json' with { type: 'json' };
import { Asking } from '../../src/asking/asking.ts';
import type { FromAsking, ToAsking } from '../../src/asking/messages.ts';
import { answerQuestions } from '../../src/asking/questions.ts';
import { askingPlace, runFolder, stagingFolder } from '../../src/config/variables.ts';
import { catalogue } from '../catalogue/index.ts';
import { runEnvironment } from './environment.ts';
import { runConfiguration } from './run.ts';

/** The process of a run that asks the target, started by the runner (`src/asking/asker.ts`), which it does not outlive. */

/** Milliseconds between two signs of life. */
const BETWEEN_SIGNS = 500;

const say = (message: FromAsking): void => {
  if (process.connected) process.send?.(message);
};
const folder = runFolder();
const { reportsFolder } = runEnvironment();
const asking = new Asking({
  ...{ catalogue, version: suite.version, folder, reportsFolder, staging: stagingFolder() },
  ...{ read: runConfiguration, say },
});

process.on('disconnect', () => process.exit());
// The runner hears of a signal too, and says what is to be done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
setInterval(() => say({ type: 'alive', requests: asking.requests }), BETWEEN_SIGNS);
await answerQuestions(askingPlace() ?? '', (question) => asking.answer(question));
process.on('message', (message: ToAsking) => void asking.take(message));
