/** What a rule found about one expectation. */
export type Finding = MetFinding | UnmetFinding | UndecidedFinding;

interface FindingParts {
  /** Kebab-case, one of the expectations that the rule declares: `status`. */
  readonly expectation: string;
}

export interface MetFinding extends FindingParts {
  readonly state: 'met';
}

/** The response is not what the rule demands. At level MUST it violates, at SHOULD it deviates, at SURVEY it is recorded. */
export interface UnmetFinding extends FindingParts {
  readonly state: 'unmet';
  /** `status 401` */
  readonly expected: string;
  /** `status 200` */
  readonly actual: string;
}

/** The response shows neither, for example because the contract leaves the order of two checks open. */
export interface UndecidedFinding extends FindingParts {
  readonly state: 'undecided';
  readonly reason: string;
}
