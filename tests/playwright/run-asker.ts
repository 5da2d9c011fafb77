import { Asker } from '../../src/asking/asker.ts';
import { placeOfQuestions } from '../../src/asking/questions.ts';
import { announceAsking, runFolder } from '../../src/config/variables.ts';

/** The process that asks the target, of the process that started it: the runner, or a worker where the runner did not. */
let asker: Asker | undefined;

/** Starts it. It reads nothing and asks nothing until it is told to. */
export function startAsker(): Asker {
  const place = placeOfQuestions(runFolder());
  announceAsking(place);
  asker = new Asker({ place, module: new URL(`./asking-process${extension}`, import.meta.url) });
  return asker;
}

/** Undefined: this process started none. */
export function runAsker(): Asker | undefined {
  return asker;
}

/** A clone is TypeScript, the package JavaScript. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
