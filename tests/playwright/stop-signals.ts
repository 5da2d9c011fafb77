import { isStartedByNpm } from '../../src/config/variables.ts';

/** Milliseconds between two looks at what nobody tells of. */
const BETWEEN_LOOKS = 100;
/** Milliseconds in which several signals are one wish. */
const SAME_SIGNAL = 1000;

/** Ended by the user, by whoever started the run, and by a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends the listening of the run before: in Playwright's UI and in an editor one process has many runs. */
let endListening: (() => void) | undefined;

/**
 * Has a run end as after Ctrl-C, which is all that Playwright listens for, when it gets another of the signals or when the
 * npm that started it is gone: npm passes a signal on to a shell, which dies of it and leaves the run alone.
 */
export class StopSignals {
  readonly #ending = new AbortController();
  readonly #listener = (signal: NodeJS.Signals): void => this.#stop(signal);
  #looking: NodeJS.Timeout | undefined;
  #isWriting = false;
  /** Unix milliseconds of the first signal that came while the reports were written. */
  #abortedAt: number | undefined;
  readonly #onStop: () => void;

  /** @param onStop called when the run is asked to end before its reports are written */
  constructor(onStop: () => void) {
    this.#onStop = onStop;
  }

  /** Aborted when the run is asked to end while its reports are written. */
  get whileWriting(): AbortSignal {
    return this.#ending.signal;
  }

  listen(): void {
    endListening?.();
    endListening = () => this.#listenNoLonger();
    for (const signal of SIGNALS) process.on(signal, this.#listener);
    // Whoever closed the terminal cannot read what is still to be said, and the run ends with the reports all the same.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    if (!isStartedByNpm()) return;
    const parent = process.ppid;
    this.#looking = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(this.#looking);
      this.#stop('SIGTERM');
    }, BETWEEN_LOOKS).unref();
  }

  #listenNoLonger(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
    clearInterval(this.#looking);
  }

  /** The tests are over: Playwright listens no longer, and what is left is to write. */
  beginWriting(): void {
    this.#isWriting = true;
  }

  #stop(signal: NodeJS.Signals): void {
    const isHeard = process.listeners('SIGINT').some((listener) => listener !== this.#listener);
    if (!this.#isWriting) this.#onStop();
    if (this.#isWriting) this.#stopWriting();
    // Between two of its tasks Playwright does not listen.
    else if (!isHeard) setTimeout(() => this.#stop('SIGTERM'), BETWEEN_LOOKS);
    else if (signal !== 'SIGINT') process.emit('SIGINT', 'SIGINT');
  }

  #stopWriting(): void {
    this.#abortedAt ??= Date.now();
    this.#ending.abort();
    // A terminal and npm tell of the same Ctrl-C; whoever asks again later wants no more reports.
    if (Date.now() - this.#abortedAt > SAME_SIGNAL) process.exit(2);
  }
}
