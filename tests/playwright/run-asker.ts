import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Asker } from '../../src/asking/asker.ts';
import { placeOfQuestions } from '../../src/asking/questions.ts';
import { announceAsking, runFolder } from '../../src/config/variables.ts';

/** The process that asks the target, of the process that started it: the runner, or a worker where the runner did not. */
let asker: Asker | undefined;

/** Where the command leaves the process that it has started before Playwright (scripts/playwright.js). */
const STARTED = Symbol.for('auth-conformance.asking-process');

/** Starts it, or takes the one that the command has started. It reads nothing and asks nothing until it is told to. */
export function startAsker(): Asker {
  const place = placeOfQuestions(runFolder());
  announceAsking(place);
  asker = new Asker({
    place,
    command: [START, fileURLToPath(new URL(`asking-process${extension}`, import.meta.url))],
    started: takeStarted(),
  });
  return asker;
}

/** Once, and only while it lives. */
function takeStarted(): ChildProcess | undefined {
  const left = globalThis as unknown as Record<typeof STARTED, ChildProcess | undefined>;
  const child = left[STARTED];
  left[STARTED] = undefined;
  if (child?.connected !== true) return undefined;
  // Until now the command would have ended without waiting for it.
  child.ref();
  child.channel?.ref();
  child.stderr?.pipe(process.stderr);
  return child;
}

/** Undefined: this process started none. */
export function runAsker(): Asker | undefined {
  return asker;
}

/** A clone is TypeScript, and the package JavaScript in a folder of its own. */
const [extension, root] = import.meta.url.endsWith('.ts') ? ['.ts', '../../'] : ['.js', '../../../'];

/** Starts a module of either. */
const START = fileURLToPath(new URL(`${root}scripts/start.js`, import.meta.url));
