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
  readonly oneForm: number;
}

/** Measured on the ten operations of the contract that the suite brings; `npm run budget-curve -- --write` writes them. */
export const BUDGET_FIGURES: readonly BudgetFigure[] = [
  { requests: 50, everywhere: 45.8, documented: 51.3, onOne: 19.6, oneForm: 35.2 },
  { requests: 100, everywhere: 67.4, documented: 78.9, onOne: 24.3, oneForm: 58.9 },
  { requests: 150, everywhere: 81.9, documented: 97.3, onOne: 28.5, oneForm: 70.5 },
  { requests: 200, everywhere: 87.1, documented: 99.6, onOne: 35.1, oneForm: 77.7 },
  { requests: 300, everywhere: 97.5, documented: 99.6, onOne: 48.7, oneForm: 87.6 },
  { requests: 400, everywhere: 98.1, documented: 99.6, onOne: 60.8, oneForm: 88 },
  { requests: 600, everywhere: 99.2, documented: 100, onOne: 76.3, oneForm: 90.3 },
  { requests: 800, everywhere: 99.7, documented: 100, onOne: 87.2, oneForm: 93.5 },
  { requests: 1200, everywhere: 100, documented: 100, onOne: 99.6, oneForm: 94.9 },
  { requests: 1623, everywhere: 100, documented: 100, onOne: 100, oneForm: 100 },
];
