import { grouped, many } from '../../src/reporting/wording.ts';

/** Milliseconds. */
const BETWEEN_LINES = 10_000;
const MINUTE = 60_000;
/** Pipelines end what says nothing for ten minutes. */
const LONGEST_SILENCE = 5 * MINUTE;
/** A long run writes fewer lines, so that its end is still on the screen: about this many while its time doubles. */
const LINES_WHILE_TIME_DOUBLES = 3;

/** What the rate limiter announces: `waiting 3.0 s: the target answered 429`. */
const WAITING = /^waiting ([\d.]+) s: (.*)$/;

export interface ProgressOptions {
  /** A terminal, on which one line moves. Elsewhere a line is written every ten seconds at most, and ever more rarely. */
  readonly isTerminal: boolean;
  readonly write: (text: string) => void;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** Says how far a run is: operations of all, requests, rate, time left, and what it is waiting for. */
export class Progress {
  readonly #isTerminal: boolean;
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #operations = new Set<string>();
  #total = 0;
  #requests = 0;
  #budget: number | undefined;
  #begun = 0;
  #written = 0;
  #waiting: { readonly until: number; readonly why: string } | undefined;
  #isLineOpen = false;

  constructor({ isTerminal, write, now = Date.now }: ProgressOptions) {
    this.#isTerminal = isTerminal;
    this.#write = write;
    this.#now = now;
  }

  /** @param total operations that the run is to ask */
  begin(total: number): void {
    this.#total = total;
    this.#begun = this.#written = this.#now();
  }

  operationEnded(id: string): void {
    this.#operations.add(id);
    this.#waiting = undefined;
    this.#show();
  }

  /**
   * @param requests put on the wire so far
   * @param budget the most of them: all operations are asked at the same time then, and end together
   */
  sent(requests: number, budget?: number): void {
    this.#requests = requests;
    this.#budget = budget;
    this.#show();
  }

  /** @returns whether the text was about a wait, which is a part of the line and no line of its own */
  takes(text: string): boolean {
    const [, seconds, why] = WAITING.exec(text.trim()) ?? [];
    if (seconds === undefined || why === undefined) return false;
    this.#waiting = { until: this.#now() + Number(seconds) * 1000, why };
    this.#show();
    return true;
  }

  /** Takes the moving line away, so that what follows begins at the left. */
  clear(): void {
    if (this.#isLineOpen) this.#write('\r\u001b[2K');
    this.#isLineOpen = false;
  }

  #show(): void {
    const now = this.#now();
    if (this.#isTerminal) {
      this.#write(`\r\u001b[2K${this.#line(now)}`);
      this.#isLineOpen = true;
    } else if (now - this.#written >= this.#silence(now)) {
      this.#written = now;
      this.#write(`${this.#line(now)}\n`);
    }
  }

  #silence(now: number): number {
    const wanted = (now - this.#begun) / (LINES_WHILE_TIME_DOUBLES + 1);
    return Math.min(LONGEST_SILENCE, Math.max(BETWEEN_LINES, wanted));
  }

  /** Counts down while the run waits. */
  #wait(now: number): string {
    const left = (this.#waiting?.until ?? 0) - now;
    return left <= 0 ? '' : `; waiting ${Math.ceil(left / 1000)} s: ${this.#waiting?.why}`;
  }

  #line(now: number): string {
    const elapsed = Math.max(1, now - this.#begun);
    const done = this.#operations.size;
    const rate = Math.round((this.#requests * 1000) / elapsed);
    const [ended, all] = this.#budget === undefined ? [done, this.#total] : [this.#requests, this.#budget];
    const left = ended === 0 || ended >= all ? [] : [inWords((elapsed / ended) * (all - ended))];
    const parts = [
      // Keys over time are asked about without any.
      ...(this.#total === 0 || this.#budget !== undefined ? [] : [`${done} of ${many(this.#total, 'operation')}`]),
      this.#budget === undefined
        ? many(this.#requests, 'request')
        : `${grouped(this.#requests)} of ${many(this.#budget, 'request')}`,
      `${rate}/s`,
      ...left,
    ];
    return `${parts.join(', ')}${this.#wait(now)}`;
  }
}

function inWords(milliseconds: number): string {
  return milliseconds < MINUTE
    ? `about ${Math.ceil(milliseconds / 1000)} s left`
    : `about ${Math.ceil(milliseconds / MINUTE)} min left`;
}
