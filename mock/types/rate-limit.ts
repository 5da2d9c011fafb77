/** Requests in a window, such as `{ limit: 60, windowSeconds: 2 }`. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** What a client has left after a request. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  /** End of the window, a Unix time in seconds. */
  readonly resetsAt: number;
  readonly isExceeded: boolean;
  /** Seconds until the window ends, at least one. */
  readonly retryAfter: number;
}

/** Counts the requests of each bucket. */
export interface Limiter {
  /** @param now Unix time in milliseconds */
  readonly take: (bucket: string, now: number) => Quota;
}
