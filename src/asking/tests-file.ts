import { join } from 'node:path';

/** Where the process that asks says which tests there are (`TestsOfRun`), for the processes that need not read the contract then. */
export function testsFile(folder: string): string {
  return join(folder, 'tests.json');
}
