import { runnerTest as base } from '../../tests/playwright/workarounds.ts';
import { type Isolation, isolate } from './isolation.ts';

export { expect } from '@playwright/test';

interface WorkerFixtures {
  readonly isolation: Isolation;
}

interface TestFixtures {
  /** Fails a test that opened a socket or started a process, also where the code under test caught the error. */
  readonly nothingOpened: undefined;
}

/** The `test` of selftest/unit: it runs in a process that can open no socket and start no process. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  isolation: [
    async ({}, use) => {
      const isolation = isolate();
      await use(isolation);
      isolation.end();
    },
    { scope: 'worker', auto: true },
  ],
  nothingOpened: [
    async ({ isolation }, use) => {
      const before = isolation.tried.length;
      await use(undefined);
      const [first] = isolation.tried.slice(before);
      if (first !== undefined) throw new Error(first);
    },
    { auto: true },
  ],
});
