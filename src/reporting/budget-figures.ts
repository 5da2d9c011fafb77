/** What a budget of so many requests meets of the defects of the mock, in percent. */
export interface BudgetFigure {
  readonly requests: number;
  /** Of the defects that all operations have. */
  readonly everywhere: number;
  /** Of those of them that break a documented MUST. */
  readonly documented: number;
  /** Of the defects that one operation has, whichever it is. */
  readonly onOne: number;
  /** Of the defects that one form of the key has on all operations, such as the key as a bearer token, whichever form it is. */
  readonly oneForm?: number;
}

/** Measured on the ten operations of the contract that the suite brings; `npm run budget-curve -- --write` writes them. */
export const BUDGET_FIGURES: readonly BudgetFigure[] = [
  { requests: 50, everywhere: 46.5, documented: 48, onOne: 20.9 },
  { requests: 100, everywhere: 69.4, documented: 76.8, onOne: 25.7 },
  { requests: 150, everywhere: 83.2, documented: 95.3, onOne: 28.5 },
  { requests: 200, everywhere: 89.4, documented: 99.2, onOne: 35.6 },
  { requests: 300, everywhere: 95.6, documented: 99.2, onOne: 48.9 },
  { requests: 400, everywhere: 98.8, documented: 100, onOne: 61.2 },
  { requests: 600, everywhere: 99.1, documented: 100, onOne: 76.5 },
  { requests: 800, everywhere: 99.1, documented: 100, onOne: 85 },
  { requests: 1200, everywhere: 100, documented: 100, onOne: 99.1 },
  { requests: 1623, everywhere: 100, documented: 100, onOne: 100 },
];
