/** What tells the time and lets it pass, so that tests can move it. */
export interface Clock {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Resolves when so many milliseconds have passed. */
  readonly wait: (milliseconds: number) => Promise<void>;
}
