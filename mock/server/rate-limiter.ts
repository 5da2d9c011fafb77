import type { Limiter, Quota, RateLimit } from '../types/rate-limit.ts';

/** Counts requests in windows that begin with a client's first request. */
export class RateLimiter implements Limiter {
  readonly #rateLimit: RateLimit;
  readonly #windows = new Map<string, { count: number; readonly endsAt: number }>();

  constructor(rateLimit: RateLimit) {
    this.#rateLimit = rateLimit;
  }

  /** @param now Unix time in milliseconds */
  take(bucket: string, now: number): Quota {
    const { limit, windowSeconds } = this.#rateLimit;
    let window = this.#windows.get(bucket);
    if (!window || window.endsAt <= now) {
      window = { count: 0, endsAt: now + windowSeconds * 1000 };
      this.#windows.set(bucket, window);
    }
    window.count += 1;
    return {
      limit,
      remaining: Math.max(0, limit - window.count),
      resetsAt: Math.ceil(window.endsAt / 1000),
      isExceeded: window.count > limit,
      retryAfter: Math.max(1, Math.ceil((window.endsAt - now) / 1000)),
    };
  }
}
