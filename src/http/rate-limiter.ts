/** What a response says about the caller's rate limit. Times are Unix milliseconds. */
export interface RateLimitNotice {
  /** Requests that are left until `resetAt`. */
  readonly remaining?: number;
  readonly resetAt?: number;
  /** Requests in a window, where nothing says how many of them are left. */
  readonly limit?: number;
  /** Set on a 429: when the server allows the next request. */
  readonly retryAt?: number;
}

/** What time it is and how it passes; a test has one that it moves. */
export interface Clock {
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export const REAL_CLOCK: Clock = {
  now: () => Date.now(),
  wait: (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds)),
};

export interface RateLimiterOptions {
  /** The most requests that are under way at once. */
  readonly concurrency: number;
  /** Milliseconds that are waited at most until a response other than a 429 comes. */
  readonly longestPause: number;
  /** Called once for each pause. Example: `waiting 3.0 s: the target answered 429`. */
  readonly announce: (message: string) => void;
  /** Requests in a window of a target that does not say how many are left; absent: it is found out by the first 429. */
  readonly expected?: number | undefined;
  readonly clock?: Clock;
}

/** After so many pauses for a `Remaining: 0` that never becomes more, and without a 429, the header is taken to be wrong. */
const UNCONFIRMED_PAUSES = 3;

/** Milliseconds. Several requests get their 429 at nearly the same time: a pause that is prolonged by less is not announced again. */
const SAME_PAUSE = 1000;

/** Responses for each request that is under way at once, after which one more may be. */
const CALM = 4;

/** Milliseconds. A reset in seconds from now is rounded, so the ends of one window differ by that much. */
const SAME_WINDOW = 1500;

/**
 * Limits how many requests are under way at once, and lets all of them wait when the target's rate limit asks for it. So
 * that a limit is met with one 429 in a window at the most, the first request and the first one after a pause go alone, and
 * no more are under way than are left. Of a target that says what is left only by a 429, what went through before it is
 * taken for the limit of the next windows, near whose end requests go one by one. Of a target that cannot cope with as many
 * as are under way, and says so without a 429, it learns how many it can.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  #resumeAt = 0;
  #pauses = 0;
  #unconfirmed = 0;
  /** Milliseconds that 429s asked for since the last other response. */
  #waited = 0;
  /** No response has told yet how the window stands. */
  #isBlind = true;
  /** What responses say of the window of each credential: the fewest that they said to be left. */
  readonly #windows = new Map<string, { readonly left: number; readonly resetAt: number }>();
  /** Requests in a window, of a target that does not say how many are left. */
  #expected: number | undefined;
  /** Responses other than a 429 since the window began, as far as that is known. */
  #counted = 0;
  /** The most that the target copes with, as far as that is known. */
  #most: number;
  #hasSlowedDown = false;
  /** Responses since that changed. */
  #calm = 0;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? REAL_CLOCK;
    this.#expected = options.expected;
    this.#most = options.concurrency;
  }

  /** The target has shown that it cannot cope with as many requests as may be sent at once. */
  get isStrained(): boolean {
    return this.#most < this.#options.concurrency;
  }

  /** The target itself answered. */
  wentThrough(): void {
    if (!this.isStrained || ++this.#calm < CALM * this.#most) return;
    this.#most++;
    this.#calm = 0;
  }

  /**
   * A gateway answered in the place of the target, or did not take a connection, and took the same request a little later: so
   * half as many are under way from now on, and none begins before `until`. Each calm while allows one more.
   *
   * @param until Unix milliseconds
   */
  slowDown(until: number, now = this.#clock.now()): void {
    // What fails while all wait for the last such reason was under way before.
    if (!this.#isPaused()) {
      if (!this.#hasSlowedDown)
        this.#options.announce('the target did not take a request and took it a little later: asking slower');
      this.#hasSlowedDown = true;
      this.#most = Math.max(1, Math.floor(this.#most / 2));
    }
    this.#calm = 0;
    if (until <= this.#resumeAt || until - now > this.#options.longestPause) return;
    this.#resumeAt = until;
    this.#isBlind = true;
    this.#pauses++;
  }

  /** Runs `send` as soon as fewer requests than allowed are under way and no pause is on. */
  async run<T>(send: () => Promise<T>): Promise<T> {
    await this.#enter();
    const pauses = this.#pauses;
    try {
      return await send();
    } finally {
      // What began before a pause does not tell how the window after it stands.
      if (pauses === this.#pauses) this.#isBlind = false;
      this.#underWay--;
      this.#wake();
    }
  }

  /**
   * @param credential what the request presented, since many servers count for each key
   * @returns false when the limit asks for a longer wait than the run is ready for
   */
  notice(said: RateLimitNotice, now = this.#clock.now(), credential = ''): boolean {
    const { remaining, resetAt, retryAt } = said;
    if (retryAt !== undefined) {
      this.#unconfirmed = 0;
      const longer = Math.max(0, retryAt - Math.max(now, this.#resumeAt));
      if (this.#waited + longer > this.#options.longestPause) return false;
      this.#waited += longer;
      if (this.#counted > 0) this.#expected = this.#counted;
      return this.#pause(retryAt, now, 'the target answered 429');
    }
    this.#waited = 0;
    this.#count(said);
    if (remaining === undefined || resetAt === undefined) return true;
    // Where there are more again, the pauses were right.
    if (remaining > 0) this.#unconfirmed = 0;
    if (this.#unconfirmed >= UNCONFIRMED_PAUSES) {
      this.#windows.clear();
      return true;
    }
    const known = this.#windows.get(credential);
    const isSame = known !== undefined && Math.abs(known.resetAt - resetAt) < SAME_WINDOW;
    // Responses overtake each other, so the fewest of a window count.
    const left = isSame ? Math.min(known.left, remaining) : remaining;
    this.#windows.set(credential, { left, resetAt });
    if (left > 0 || resetAt <= now) return true;
    if (resetAt > this.#resumeAt && this.#pause(resetAt, now, 'no requests remain in the rate limit'))
      this.#unconfirmed++;
    return true;
  }

  #count({ remaining, limit }: RateLimitNotice): void {
    if (remaining !== undefined) {
      this.#expected = undefined;
      return;
    }
    this.#expected ??= limit;
    // One more than a window takes is the first of the next one.
    this.#counted = this.#expected !== undefined && this.#counted >= this.#expected ? 1 : this.#counted + 1;
  }

  #pause(until: number, now: number, why: string): boolean {
    if (until - now > this.#options.longestPause) return false;
    if (until <= this.#resumeAt) return true;
    const isAnnounced = this.#resumeAt > now && until - this.#resumeAt < SAME_PAUSE;
    this.#resumeAt = until;
    this.#isBlind = true;
    this.#pauses++;
    this.#counted = 0;
    for (const [credential, { resetAt }] of this.#windows) if (resetAt <= until) this.#windows.delete(credential);
    if (isAnnounced) return true;
    const seconds = Math.max(0, (until - now) / 1000);
    this.#options.announce(`waiting ${seconds.toFixed(1)} s: ${why}`);
    return true;
  }

  #isPaused(): boolean {
    return this.#resumeAt > this.#clock.now();
  }

  async #enter(): Promise<void> {
    for (;;) {
      if (this.#isPaused()) await this.#clock.wait(this.#resumeAt - this.#clock.now());
      else if (this.#underWay < this.#mostUnderWay()) break;
      else await new Promise<void>((go) => this.#waiting.push(go));
    }
    this.#underWay++;
  }

  #mostUnderWay(): number {
    if (this.#isBlind) return 1;
    const left = Math.min(this.#left(), this.#expected === undefined ? Infinity : this.#expected - this.#counted);
    return Math.max(1, Math.min(this.#most, left));
  }

  /** Requests under way may be counted already or not, so no more are started than are known to be left. */
  #left(): number {
    const now = this.#clock.now();
    return Math.min(...[...this.#windows.values()].map(({ left, resetAt }) => (resetAt > now ? left : Infinity)));
  }

  #wake(): void {
    for (let free = this.#mostUnderWay() - this.#underWay; free > 0; free--) this.#waiting.shift()?.();
  }
}
