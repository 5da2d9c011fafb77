import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes the folders of runs that were killed. A run's folder has the id of its process behind the stem, and what `mkdtemp`
 * adds: `stem4711-aB3xY9`. One that cannot be removed, such as another user's, stays.
 */
export function removeLeftOvers(folder: string, stem: string): void {
  for (const name of namesIn(folder)) {
    const [, run] = /^(\d+)-\w+$/.exec(name.startsWith(stem) ? name.slice(stem.length) : '') ?? [];
    if (run === undefined || isRunning(Number(run))) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether a process with this id runs. */
export function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return !isZombie(process_);
  } catch (error) {
    // Of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** It has ended, and nobody has asked how: where the first process of a container does not, it stays for ever (proc_pid_stat(5)). */
function isZombie(process_: number): boolean {
  try {
    return /^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${process_}/stat`, 'utf8'));
  } catch {
    // No Linux, or it is gone by now.
    return false;
  }
}
