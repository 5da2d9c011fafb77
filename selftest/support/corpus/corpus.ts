import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Message } from './child.ts';
import type { Asked, Done } from './steps.ts';

/** Milliseconds that a step may take with a document, whatever is in it. */
const LONGEST_STEP = 20_000;

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

/**
 * Does with documents what the commands do, in a process of its own: where a document keeps a step busy for ever, nothing in
 * that process would notice, so it is ended from outside.
 */
export class Corpus {
  #child: ChildProcess | undefined;

  /** @throws Error that names the step, where it took too long, ended the process or threw */
  async carryOut(asked: Asked, longest = LONGEST_STEP): Promise<Done> {
    const child = this.#child ?? fork('scripts/start.js', [CHILD]);
    this.#child = child;
    try {
      return await answerTo(child, asked, longest);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

function answerTo(child: ChildProcess, asked: Asked, longest: number): Promise<Done> {
  return new Promise((resolve, reject) => {
    let step = 'the start of the process';
    let timer: NodeJS.Timeout;
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.removeAllListeners('message').removeAllListeners('exit');
      act();
    };
    const fail = (what: string): void => {
      settle(() => {
        reject(new Error(`${asked.name}, ${step}: ${what}`));
      });
    };
    const watch = (): void => {
      timer = setTimeout(() => {
        fail(`this took longer than ${longest} ms, and was ended`);
      }, longest);
    };
    child.on('exit', (code, signal) => {
      fail(`the process ended with ${code ?? signal}`);
    });
    child.on('message', (message: Message) => {
      clearTimeout(timer);
      if ('threw' in message) fail(message.threw);
      else if ('done' in message)
        settle(() => {
          resolve(message.done);
        });
      else {
        step = message.begins;
        watch();
      }
    });
    watch();
    child.send(asked);
  });
}
