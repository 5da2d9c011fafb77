import type { Case } from '../requests/case.ts';
import { catalogueOf, type JudgingCatalogue, neededFor } from './catalogue.ts';
import { Engine, type EngineOptions, type OperationResult } from './engine.ts';
import { cellId } from '../model/cell-id.ts';
import type { Cell } from '../model/cell.ts';
import type { Contract } from '../model/contract.ts';
import type { Target } from '../model/target.ts';
import { judgeTogether } from '../judging/operation-comparison.ts';
import { type Conformance, type ReportedCell, reportCell } from '../reporting/conformance.ts';
import { isFailing } from '../reporting/outcomes.ts';
import { inLine } from '../visible-text.ts';
import { many, moment } from '../reporting/wording.ts';

/** What became of a cell that failed. `not reproduced`: nothing shows that it is fixed, since it could not be judged. */
export interface Replayed {
  readonly rule: string;
  readonly operation: string;
  readonly became: 'fixed' | 'still failing' | 'not reproduced';
  /** What was found, where it is not fixed. */
  readonly why?: string;
}

export interface Replay {
  readonly cells: readonly Replayed[];
  /** Put on the wire, retries included. */
  readonly requests: number;
}

/**
 * Sends what the failing cells of a report need to be judged once more, and nothing else: through the same engine and
 * the same safety guard as a run, to the target of the settings and never to an address that the report has.
 */
export async function replay(
  contract: Contract,
  target: Target,
  catalogue: JudgingCatalogue,
  { cells }: Pick<Conformance, 'cells'>,
  options: EngineOptions = {},
): Promise<Replay> {
  const failing = cells.filter(({ outcome }) => isFailing(outcome));
  const wanted = casesOfCells(contract, catalogue, failing);
  const ids = new Set(failing.map(({ rule }) => rule));
  const rules = catalogue.rules.filter(({ id }) => ids.has(id));
  const crossOperationRules = catalogue.crossOperationRules.filter(({ id }) => ids.has(id));
  const engine = new Engine(
    contract,
    target,
    { ...catalogue, rules, crossOperationRules },
    {
      ...options,
      casesOn: ({ id }) => wanted.get(id) ?? new Set(),
    },
  );
  try {
    const results: OperationResult[] = [];
    for (const operation of contract.operations.filter(({ id }) => wanted.has(id)))
      results.push(await engine.run(operation));
    const prints = new Map(results.map(({ operation, fingerprints }) => [operation, fingerprints]));
    const judged = [
      ...results.flatMap((result) => result.cells),
      ...judgeTogether(crossOperationRules, prints, contract),
    ];
    const byId = new Map(judged.map((cell) => [cellId(cell), cell]));
    return { cells: failing.map((cell) => replayed(cell, byId.get(cellId(cell)))), requests: engine.requests };
  } finally {
    await engine.close();
  }
}

/** Ids of the cases that the cells need, by operation. */
function casesOfCells(
  contract: Contract,
  catalogue: JudgingCatalogue,
  failing: readonly ReportedCell[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>();
  const want = (operation: string, ids: Iterable<string>): void => {
    wanted.set(operation, new Set([...(wanted.get(operation) ?? []), ...ids]));
  };
  for (const { rule, operation, cases } of failing) {
    const across = catalogue.crossOperationRules.find(({ id }) => id === rule);
    const own = catalogue.rules.find(({ id }) => id === rule);
    if (across) {
      const ids = neededFor(across.given.cases);
      // An operation is unlike the others only beside them.
      for (const { id } of contract.operations) want(id, ids);
    } else if (own && 'every' in own.given) {
      const failed = cases.filter(({ outcome }) => isFailing(outcome)).map((one) => caseOf(one.case, catalogue));
      const known = failed.filter((one) => one !== undefined);
      want(operation, neededFor(known.length < failed.length ? catalogue.cases : known));
    } else if (own)
      want(
        operation,
        catalogueOf(catalogue, new Set([rule])).cases.map(({ id }) => id),
      );
  }
  return wanted;
}

/** The case of the catalogue that a case of a report is: in any security alternative, with a valid request, with one name alone. */
function caseOf(id: string, { cases }: JudgingCatalogue): Case | undefined {
  const plain = id.replace(/[@#].*$/s, '');
  const withoutRepeat = plain.replace(/-valid-request$/, '');
  return cases.find((one) => one.id === plain) ?? cases.find((one) => one.id === withoutRepeat);
}

function replayed({ rule, operation }: ReportedCell, now: Cell | undefined): Replayed {
  const cell = { rule, operation };
  if (now === undefined)
    return { ...cell, became: 'not reproduced', why: 'the catalogue or the contract does not have it any more' };
  if (now.outcome === 'conforms') return { ...cell, became: 'fixed' };
  const { reason = now.outcome, cases } = reportCell(now);
  if (!isFailing(now.outcome)) return { ...cell, became: 'not reproduced', why: reason };
  const first = cases.find(({ outcome }) => isFailing(outcome));
  const why =
    first?.expected === undefined ? reason : `${first.case}: expected ${first.expected}, received ${first.actual}`;
  return { ...cell, became: 'still failing', why };
}

/** 0: all are fixed. 1: one still fails. 2: one could not be judged. */
export function replayCode({ cells }: Pick<Replay, 'cells'>): 0 | 1 | 2 {
  if (cells.some(({ became }) => became === 'still failing')) return 1;
  return cells.some(({ became }) => became === 'not reproduced') ? 2 : 0;
}

const LONGEST = 400;

export function replayText({ cells, requests }: Replay, report: Conformance, target: Target): string {
  const of = (became: Replayed['became']): number => cells.filter((cell) => cell.became === became).length;
  const counts = (['fixed', 'still failing', 'not reproduced'] as const).map((became) => `${of(became)} ${became}`);
  return [
    `${many(cells.length, 'cell')} that failed on ${moment(report.startedAt)} at ${report.target.baseUrl}, sent again to ${target.baseUrl} (${target.environment})`,
    ...cells.map(
      ({ rule, operation, became, why }) => `${became}: ${rule} on ${operation}${why === undefined ? '' : `: ${why}`}`,
    ),
    `${counts.join(', ')}; ${many(requests, 'request')}`,
  ]
    .map((line) => `${inLine(line, LONGEST)}\n`)
    .join('');
}
