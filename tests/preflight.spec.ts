import { preflight } from '../src/preflight.ts';
import { TARGET_NOTE } from '../src/report/playwright-notes.ts';
import { cases } from './cases/index.ts';
import { fault, note, test } from './fixtures.ts';
import { runContract, runTarget } from './run.ts';

/** Whether there is anything to judge: one message instead of a matrix of errors if not. */
test('the target answers and takes the keys', async () => {
  const contract = await runContract();
  const target = runTarget(contract);
  const found = await preflight(contract, target, cases);
  await note(TARGET_NOTE, { baseUrl: target.baseUrl, environment: target.environment, requests: found.requests });
  if (found.fault !== undefined) throw fault(found.fault);
});
