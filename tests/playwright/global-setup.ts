import type { FullConfig } from '@playwright/test';
import { announceBeginning, runFolder } from '../../src/config/variables.ts';
import { runAsker } from './run-asker.ts';
import { fault } from './runner.ts';

/** Checks every setting before the first request; what it throws is one message. */
export default async function globalSetup({ metadata }: FullConfig): Promise<void> {
  // Made before the first worker starts: one that made it would take it away when it ends.
  runFolder();
  const asker = runAsker();
  // Where another reporter is in the place of the suite's the first worker starts the process that asks, and hears of it.
  if (!asker) return;
  const problem = await asker.setUp(metadata['needsTarget'] === true);
  if (problem !== undefined) throw fault(problem);
  announceBeginning();
}
