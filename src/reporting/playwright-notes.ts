import type { OperationSigns } from '../judging/causes.ts';
import type { KnownFailure } from '../config/known-failures.ts';
import type { Fingerprints } from '../judging/operation-comparison.ts';
import type { Cell } from '../model/cell.ts';
import type { Exchange } from '../model/exchange.ts';
import { type Evidence, evidenceOf, type ReportedCell, reportCell } from './conformance.ts';

/** All cells of one operation, and what they cost; attached to the first of its tests that runs. */
export interface ReportedOperation {
  readonly operation: string;
  readonly requests: number;
  readonly cells: readonly ReportedCell[];
  readonly fingerprints: Fingerprints;
  /** The evidence of what the fingerprints are of, by case; absent in reports that were not made of a run. */
  readonly compared?: Readonly<Record<string, Evidence>>;
  /** For the causes that explain cells of several operations. */
  readonly signs: OperationSigns;
  /** Requests on unsafe methods that no control has shown to be harmless. */
  readonly unprovenHarmless: number;
}

export interface TargetNote {
  readonly baseUrl: string;
  readonly environment: string;
  /** The run started the target itself, because none was named. */
  readonly mock?: true;
  /** Requests that were sent before the first cell. */
  readonly requests: number;
}

/** What the engine found of an operation, before it is put into words. */
interface FoundOfOperation extends Omit<ReportedOperation, 'cells' | 'compared'> {
  readonly cells: readonly Cell[];
  readonly compared: Readonly<Record<string, Exchange>>;
}

/**
 * @param excused finds the known failure that excuses a cell
 * @param newer ids of the rules that are newer than the edition that the run pins
 */
export function reportOperation(
  { cells, compared, ...rest }: FoundOfOperation,
  excused: (cell: Cell) => KnownFailure | undefined,
  newer: ReadonlySet<string> = new Set(),
): ReportedOperation {
  return {
    ...rest,
    cells: cells.map((cell) => reportCell(cell, excused(cell), newer.has(cell.rule))),
    compared: Object.fromEntries(Object.entries(compared).map(([id, exchange]) => [id, evidenceOf(exchange)])),
  };
}
