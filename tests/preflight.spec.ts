import { preflight } from '../src/run/preflight.ts';
import { TARGET_NOTE } from '../src/reporting/playwright-notes.ts';
import { keepPathValues, runConfiguration } from './playwright/run.ts';
import { announce, fault, note } from './playwright/runner.ts';
import { runnerTest as test } from './playwright/workarounds.ts';

/** Whether there is anything to judge: one message instead of a matrix of errors if not. */
test('the target answers and takes the keys', async () => {
  const { contract, target, usesEmbeddedMock } = await runConfiguration();
  const { problems, requests, pathValues } = await preflight(contract, target, { announce });
  if (pathValues) keepPathValues(pathValues);
  const { baseUrl, environment } = target;
  await note(TARGET_NOTE, { baseUrl, environment, requests, ...(usesEmbeddedMock && { mock: true }) });
  if (problems.length > 0) throw fault(problems.join('\n'));
});
