import type { Level } from '../../model/contract.ts';
import type { Outcome } from '../../model/cell.ts';
import type { ReportedCase, ReportedCell } from '../conformance.ts';
import type { Access } from '../access.ts';
import type { Difference } from './difference.ts';

/**
 * The data of the page's script, as small as it gets: a cell is a number into the list of the kinds of cell that there
 * are, a text is a number into the list of texts, and only what differs from cell to cell stands by itself.
 */
export interface Embedded {
  readonly contract: string;
  /** An earlier run is known, so a failure without a beginning is new. */
  readonly isCompared: boolean;
  readonly outcomes: readonly { readonly outcome: Outcome; readonly symbol: string }[];
  readonly rules: readonly EmbeddedRule[];
  readonly operations: readonly { readonly id: string; readonly line: number }[];
  /** Title of a case by its id. */
  readonly cases: Readonly<Record<string, string>>;
  /** Who wrote a response, in words, by the name of the respondent. */
  readonly respondents: Readonly<Record<string, string>>;
  /** The sentence of a cause by its id. */
  readonly causes: Readonly<Record<string, string>>;
  readonly texts: readonly string[];
  /** A shell line that must be copied as it is, where that is not what is shown. */
  readonly copied: Readonly<Record<number, string>>;
  readonly kinds: readonly Kind[];
  /** A row for each operation, a number for each rule: the kind of the cell, -1 where it was not judged. */
  readonly cells: readonly (readonly number[])[];
  /** By `operation.rule`, both as numbers. What finds no room in the page is left out. */
  readonly details: Readonly<Record<string, readonly Detail[]>>;
  /** Where an expected and a received text differ: what a detail's `marks` counts into. */
  readonly marks: readonly Difference[];
  /** Which key opened what. */
  readonly access: EmbeddedAccess;
  /** Operations that have the same bug, as numbers; by `operation.rule`, a number into the list of such groups. */
  readonly bugs: { readonly groups: readonly (readonly number[])[]; readonly of: Readonly<Record<string, number>> };
}

export interface EmbeddedAccess {
  /** What the keys are, in words. */
  readonly keys: readonly string[];
  /** What there is to say of a key on an operation; a cell is a number into this list. */
  readonly kinds: readonly (Omit<Access, 'rule'> & { readonly rule: number })[];
  /** The rows that there are, a number for each key: -1 where the key was not sent. */
  readonly rows: readonly (readonly number[])[];
  /** Which of the rows each operation has: most have the same. */
  readonly rowOf: readonly number[];
}

export interface EmbeddedRule {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly section: string;
  readonly text: string;
  readonly url: string;
  /** The text is a promise in its source's words. */
  readonly isPromise: boolean;
  /** What standards call what it looks for; absent: nothing is known of them. */
  readonly standards?: string;
}

/** What cells have in common, their operation, answers and requests aside. */
export interface Kind {
  readonly outcome: Outcome;
  readonly level: Level;
  readonly reason?: string;
  readonly since?: string;
  readonly known?: ReportedCell['known'];
  readonly newer?: boolean;
  readonly judged?: number;
  /** Id of the cause that it follows from. */
  readonly cause?: string;
  readonly cases: readonly EmbeddedCase[];
}

export type EmbeddedCase = Omit<ReportedCase, 'expected' | 'actual' | 'evidence' | 'expectations' | 'scopes'> & {
  readonly expected?: number;
  readonly expectations?: readonly string[];
};

/** What one case of one cell found. Numbers are texts. */
export interface Detail {
  /** Which of the kind's cases. */
  readonly of: number;
  readonly actual?: number;
  /** Of the expected and the received text. Absent: nothing is to be marked. */
  readonly marks?: number;
  readonly evidence?: EmbeddedEvidence;
}

export interface EmbeddedHead {
  readonly method: number;
  readonly url: number;
  readonly headers: readonly number[];
}

export interface EmbeddedEvidence extends EmbeddedHead {
  /** Of two requests the first. */
  readonly before?: EmbeddedHead;
  readonly body?: number;
  readonly status?: number;
  readonly answerHeaders?: readonly number[];
  readonly answerBody?: number;
  readonly truncated?: boolean;
  readonly fault?: number;
  readonly controlStatus?: number;
  readonly curl: number;
}
