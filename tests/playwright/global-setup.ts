import type { FullConfig } from '@playwright/test';
import { announceBeginning, runFolder } from '../../src/config/variables.ts';
import { runAsker } from './run-asker.ts';
import { fault } from './runner.ts';

/** Checks every setting before the first request; what it throws is one message. */
export default async function globalSetup({ metadata }: FullConfig): Promise<void> {
  // Made before the first worker starts: one that made it would take it away when it ends.
  runFolder();
  const needsTarget = metadata['needsTarget'] === true;
  const asker = runAsker();
  if (asker) {
    const problem = await asker.setUp(needsTarget);
    if (problem !== undefined) throw fault(problem);
  } else await checkHere(needsTarget);
  announceBeginning();
}

/** Where another reporter is in the place of the suite's, no process has been started that has read the settings. */
async function checkHere(needsTarget: boolean): Promise<void> {
  const [{ checkConfiguration }, { runConfiguration }, { catalogue }] = await Promise.all([
    import('../../src/asking/check-configuration.ts'),
    import('./run.ts'),
    import('../catalogue/index.ts'),
  ]);
  checkConfiguration(await runConfiguration(), catalogue, needsTarget);
}
