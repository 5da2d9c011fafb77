/** One thing an answer is expected to be. `unproven` instead of a verdict where the contract leaves the order of checks open. */
export interface Finding {
  /** Kebab-case; with rule and case it names a complaint. */
  readonly expectation: string;
  readonly holds: boolean;
  readonly expected: string;
  readonly actual: string;
  /** The finding decides nothing, and why. */
  readonly unproven?: string;
}
