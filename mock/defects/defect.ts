import type { Patch } from '../types/behaviour.ts';

/** Row of the catalogue of authentication bugs: its group's letter and a number. */
type BugRow = `${'K' | 'T' | 'H' | 'L' | 'M' | 'I' | 'S' | 'P' | 'V' | 'R' | 'X' | 'O' | 'G' | 'W'}${number}`;

/** One thing that a server gets wrong. Its id is its name in its group. */
export interface Defect {
  readonly bug: BugRow;
  /** What the server does, in the present tense. */
  readonly title: string;
  readonly patch: Patch;
  /**
   * What the suite says of it, exactly, in the notation of `complaintLines` in the self-test:
   * `missing-key: no-key (status, body)`. Empty where the suite sends nothing that shows the defect.
   * `npm run defects -- ID` prints the lines of a new defect.
   */
  readonly complaints: readonly string[];
}

export type DefectGroup = Readonly<Record<string, Defect>>;
