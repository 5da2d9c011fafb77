import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from '@playwright/test';

/** A machine, as far as a browser is looked for on it. */
export interface Machine {
  /** Where Playwright would have put its own. */
  readonly own: string;
  readonly has: (path: string) => boolean;
  readonly isRoot: boolean;
  /** @returns whether the command ended well */
  readonly run: (command: string, args: readonly string[]) => boolean;
  readonly say: (line: string) => void;
}

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/google-chrome'];

/** The browser of these tests: Playwright's own, else the system's. */
export function findChromium({ own, has }: Pick<Machine, 'own' | 'has'> = here): string | undefined {
  return [own, ...SYSTEM].find(has);
}

/**
 * Finds a browser or installs one.
 *
 * @throws with one line that says how to get one: a test that was not run is not a test that passed
 */
export function ensureChromium(machine: Machine = here): string {
  const found = findChromium(machine);
  if (found !== undefined) return found;
  machine.say('No Chromium here: installing one for the tests of the report (npx playwright install chromium).');
  machine.run(process.execPath, [
    createRequire(import.meta.url).resolve('@playwright/test/cli'),
    'install',
    'chromium',
  ]);
  if (findChromium(machine) === undefined && machine.isRoot && machine.has('/usr/bin/apt-get')) {
    machine.say('Playwright could not bring one: trying Debian’s (apt-get install chromium).');
    // A fresh container knows no package until it has asked.
    machine.run('apt-get', ['update']);
    machine.run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium']);
  }
  const installed = findChromium(machine);
  if (installed !== undefined) return installed;
  throw new Error(
    'The tests of the report take a Chromium: run npx playwright install chromium, or as root on Debian apt-get install chromium.',
  );
}

/** Only what the page does: no look for updates, no start page, no sandbox that a container has no right to make. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const here: Machine = {
  own: chromium.executablePath(),
  has: existsSync,
  isRoot: process.getuid?.() === 0,
  run: (command, args) => spawnSync(command, args, { stdio: 'inherit', timeout: 300_000 }).status === 0,
  say: (line) => void process.stdout.write(`${line}\n`),
};
