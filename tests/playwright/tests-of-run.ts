import { existsSync, readFileSync } from 'node:fs';
import type { TestsOfRun } from '../../src/asking/messages.ts';
import { testsFile } from '../../src/asking/tests-file.ts';
import { askingPlace, runFolder } from '../../src/config/variables.ts';

/** Which tests there are. The process that asks the target has read the contract already; a listing of tests reads it itself. */
export async function testsOfRun(): Promise<TestsOfRun> {
  const file = testsFile(runFolder());
  if (askingPlace() !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as TestsOfRun;
  const [{ testsOf }, { runConfiguration }, { catalogue }] = await Promise.all([
    import('../../src/asking/tests-of-a-run.ts'),
    import('./run.ts'),
    import('../catalogue/index.ts'),
  ]);
  return testsOf(await runConfiguration(), catalogue);
}
