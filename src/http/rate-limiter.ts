/** What an answer says about the caller's rate limit. Times are Unix milliseconds. */
export interface RateLimitNotice {
  readonly remaining?: number;
  readonly resetAt?: number;
  /** Set on a 429: when the server allows the next request. */
  readonly retryAt?: number;
}

export interface RateLimiterOptions {
  readonly concurrency: number;
  /** Without an answer in between, no longer than this is waited, in milliseconds. */
  readonly longestPause: number;
  /** Told once for each pause. */
  readonly announce: (message: string) => void;
}

/** After so many pauses that a `Remaining: 0` asked for and no 429 confirmed, that header is not believed any more. */
const UNCONFIRMED_PAUSES = 3;

/** Requests under way are refused within moments of each other: what prolongs a pause by less is the same pause. */
const SAME_PAUSE = 1000;

/** How many requests are under way at once, and when everyone waits: one for the whole run. */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  #ceiling: number;
  #resumeAt = 0;
  #unconfirmed = 0;
  /** Milliseconds that 429s asked for since the last other answer. */
  #inVain = 0;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#ceiling = options.concurrency;
  }

  /** Runs one request when its turn has come and no pause is on. */
  async run<T>(send: () => Promise<T>): Promise<T> {
    if (this.#underWay >= this.#ceiling) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#underWay++;
    try {
      await this.#pauseOver();
      return await send();
    } finally {
      this.#next();
    }
  }

  /** @returns false when the limit asks for a longer wait than the run is ready for */
  notice({ remaining, resetAt, retryAt }: RateLimitNotice, now = Date.now()): boolean {
    if (retryAt !== undefined) {
      this.#unconfirmed = 0;
      const longer = Math.max(0, retryAt - Math.max(now, this.#resumeAt));
      if (this.#inVain + longer > this.#options.longestPause) return false;
      this.#inVain += longer;
      return this.#pause(retryAt, now, 'the target answered 429');
    }
    this.#inVain = 0;
    if (remaining === undefined || resetAt === undefined) return true;
    const isBelieved = this.#unconfirmed < UNCONFIRMED_PAUSES;
    // Requests under way may still be counted, so no more are started than are known to be left.
    this.#ceiling = isBelieved
      ? Math.max(1, Math.min(this.#options.concurrency, remaining))
      : this.#options.concurrency;
    if (remaining > 0 || resetAt <= now || !isBelieved) return true;
    if (resetAt > this.#resumeAt && this.#pause(resetAt, now, 'no requests remain in the rate limit'))
      this.#unconfirmed++;
    return true;
  }

  #pause(until: number, now: number, why: string): boolean {
    if (until - now > this.#options.longestPause) return false;
    if (until <= this.#resumeAt) return true;
    const isTold = this.#resumeAt > now && until - this.#resumeAt < SAME_PAUSE;
    this.#resumeAt = until;
    if (isTold) return true;
    const seconds = Math.max(0, (until - now) / 1000);
    this.#options.announce(`waiting ${seconds.toFixed(1)} s: ${why}`);
    return true;
  }

  async #pauseOver(): Promise<void> {
    for (let left = this.#resumeAt - Date.now(); left > 0; left = this.#resumeAt - Date.now()) {
      await new Promise((resume) => setTimeout(resume, left));
    }
  }

  #next(): void {
    this.#underWay--;
    while (this.#underWay < this.#ceiling) {
      const go = this.#waiting.shift();
      if (!go) return;
      this.#underWay++;
      go();
    }
  }
}
