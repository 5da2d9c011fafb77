/** What a response says about the caller's rate limit. Times are Unix milliseconds. */
export interface RateLimitNotice {
  /** Requests that are left until `resetAt`. */
  readonly remaining?: number;
  readonly resetAt?: number;
  /** Set on a 429: when the server allows the next request. */
  readonly retryAt?: number;
}

export interface RateLimiterOptions {
  /** The most requests that are under way at once. */
  readonly concurrency: number;
  /** Milliseconds that are waited at most until a response other than a 429 comes. */
  readonly longestPause: number;
  /** Called once for each pause. Example: `waiting 3.0 s: the target answered 429`. */
  readonly announce: (message: string) => void;
}

/** After so many pauses for a `Remaining: 0` without a single 429, the header is taken to be wrong and is ignored. */
const UNCONFIRMED_PAUSES = 3;

/** Milliseconds. Several requests get their 429 at nearly the same time: a pause that is prolonged by less is not announced again. */
const SAME_PAUSE = 1000;

/** Limits how many requests are under way at once, and lets all of them wait when the target's rate limit asks for it. */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  #ceiling: number;
  #resumeAt = 0;
  #unconfirmed = 0;
  /** Milliseconds that 429s asked for since the last other response. */
  #waited = 0;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#ceiling = options.concurrency;
  }

  /** Runs `send` as soon as fewer requests than allowed are under way and no pause is on. */
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
      if (this.#waited + longer > this.#options.longestPause) return false;
      this.#waited += longer;
      return this.#pause(retryAt, now, 'the target answered 429');
    }
    this.#waited = 0;
    if (remaining === undefined || resetAt === undefined) return true;
    const isTrusted = this.#unconfirmed < UNCONFIRMED_PAUSES;
    // Requests under way may still be counted, so no more are started than are known to be left.
    this.#ceiling = isTrusted ? Math.max(1, Math.min(this.#options.concurrency, remaining)) : this.#options.concurrency;
    if (remaining > 0 || resetAt <= now || !isTrusted) return true;
    if (resetAt > this.#resumeAt && this.#pause(resetAt, now, 'no requests remain in the rate limit'))
      this.#unconfirmed++;
    return true;
  }

  #pause(until: number, now: number, why: string): boolean {
    if (until - now > this.#options.longestPause) return false;
    if (until <= this.#resumeAt) return true;
    const isAnnounced = this.#resumeAt > now && until - this.#resumeAt < SAME_PAUSE;
    this.#resumeAt = until;
    if (isAnnounced) return true;
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
