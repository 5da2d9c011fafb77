import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRunEnvironment, type RunEnvironment } from '../../src/config/run-environment.ts';
import { runFolder } from '../../src/config/variables.ts';

/** What every process of a run knows before it has read the contract. Few modules are loaded for it. */

/** That of the folder that the run was started in, or the one that the suite brings. */
export function firstContract(): string {
  const own = 'specs/huechat';
  return existsSync(own)
    ? own
    : relative(process.cwd(), fileURLToPath(new URL('../../specs/huechat', import.meta.url)));
}

let environment: RunEnvironment | undefined;

export function runEnvironment(): RunEnvironment {
  return (environment ??= readRunEnvironment(firstContract()));
}

/** Where the embedded mock writes its base URL and its keys, in the form of `.env`. */
export const mockSettingsFile = (): string => join(runFolder(), 'mock.env');
