import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../model/cell.ts';
import { cellId } from '../model/cell-id.ts';
import type { Conformance, PastRun } from './conformance.ts';
import { OUTCOMES } from './outcomes.ts';

/** What is kept of a run: enough to say of every cell what became of it, in a letter each. */
export interface RememberedRun extends PastRun {
  readonly contract: { readonly id: string; readonly sha256: string };
  readonly target: Conformance['target'];
  readonly operations: readonly string[];
  /** By rule, a letter for each operation. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** By cell id, for failing cells. */
  readonly since: Readonly<Record<string, string>>;
  readonly trend?: readonly PastRun[];
}

const MOST_RUNS = 30;
const NOT_JUDGED = '.';
const LETTERS: ReadonlyMap<Outcome, string> = new Map(
  OUTCOMES.map(({ outcome }) => [outcome, outcome === 'not applicable' ? 'a' : (outcome[0] ?? NOT_JUDGED)]),
);
const OF_LETTERS: ReadonlyMap<string | undefined, Outcome> = new Map(
  [...LETTERS].map(([outcome, letter]) => [letter, outcome]),
);

export function remember(report: Conformance): RememberedRun {
  const { startedAt, verdict, partial, counts, contract, target, trend } = report;
  const places = new Map(report.operations.map(({ id }, index) => [id, index]));
  const letters = new Map(report.rules.map(({ id }) => [id, report.operations.map(() => NOT_JUDGED)]));
  for (const { rule, operation, outcome } of report.cells) {
    const row = letters.get(rule);
    const place = places.get(operation);
    if (row && place !== undefined) row[place] = LETTERS.get(outcome) ?? NOT_JUDGED;
  }
  return {
    ...{ startedAt, verdict, partial, counts, target },
    contract: { id: contract.id, sha256: contract.sha256 },
    operations: report.operations.map(({ id }) => id),
    outcomes: Object.fromEntries([...letters].map(([rule, row]) => [rule, row.join('')])),
    since: Object.fromEntries(
      report.cells.flatMap((cell) => (cell.since === undefined ? [] : [[cellId(cell), cell.since]])),
    ),
    ...(trend && { trend }),
  };
}

/** Outcomes by cell id; what was not judged is not there. */
export function outcomesOf({ operations, outcomes }: RememberedRun): ReadonlyMap<string, Outcome> {
  const found = new Map<string, Outcome>();
  for (const [rule, row] of Object.entries(outcomes)) {
    for (const [index, operation] of operations.entries()) {
      const outcome = OF_LETTERS.get(row[index]);
      if (outcome) found.set(cellId({ rule, operation }), outcome);
    }
  }
  return found;
}

/**
 * Reads a `conformance.json`, or what is kept of one.
 *
 * @returns undefined where the file is neither
 */
export function readRun(file: string): RememberedRun | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Conformance & RememberedRun>;
    if (typeof value.startedAt !== 'string' || !value.contract || !value.target || !value.counts) return undefined;
    if (value.cells && value.rules) return remember(value as Conformance);
    return value.outcomes && value.operations && value.since ? (value as RememberedRun) : undefined;
  } catch {
    return undefined;
  }
}

/** The runs that are kept in a folder, the oldest first; what is none is passed over. */
export function readHistory(folder: string): RememberedRun[] {
  return filesOf(folder).flatMap((name) => readRun(join(folder, name)) ?? []);
}

/** Keeps a run, and of the others the last ones. */
export function keepRun(folder: string, report: Conformance): void {
  // What came before is in the folder already.
  const { trend, ...run } = remember(report);
  mkdirSync(folder, { recursive: true });
  // No colon: there are file systems that take none.
  writeFileSync(join(folder, `${run.startedAt.replaceAll(':', '-')}.json`), `${JSON.stringify(run)}\n`);
  forgetOldRuns(folder);
}

/** Leaves the last runs of those that a folder keeps. */
export function forgetOldRuns(folder: string): void {
  for (const name of filesOf(folder).slice(0, -MOST_RUNS)) rmSync(join(folder, name), { force: true });
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{4}-\d\d-\d\dT.*\.json$/.test(name))
      .toSorted();
  } catch {
    return [];
  }
}
