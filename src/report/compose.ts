import type { Contract } from '../contract/contract.ts';
import type { Case } from '../plan/case.ts';
import type { Strictness } from '../target/target.ts';
import { type KnownFailure, staleEntries } from '../verdict/known-failures.ts';
import type { Rule } from '../verdict/rule.ts';
import { type Conformance, count, type ReportedCell, reportRule, type Verdict, verdictOf } from './conformance.ts';
import type { ReportedOperation, TargetNote } from './playwright-notes.ts';

export interface Findings {
  readonly contract: Contract;
  readonly rules: readonly Rule[];
  readonly cases: readonly Case[];
  readonly operations: ReadonlyMap<string, ReportedOperation>;
  /** `operation › rule` of the cells that count. */
  readonly ended: ReadonlySet<string>;
  readonly target: TargetNote | undefined;
  readonly version: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly strict: ReadonlySet<Strictness>;
  readonly known: readonly KnownFailure[];
  readonly today: string;
  readonly interrupted: boolean;
  /** Cells that the run was to judge. */
  readonly planned: number;
}

/** Makes the report from what the tests found, in the order of the contract and the catalogue whatever order they ran in. */
export function composeReport(found: Findings): Conformance {
  const { contract, rules, cases, operations, target } = found;
  const cells = contract.operations.flatMap(({ id }) =>
    (operations.get(id)?.cells ?? []).filter(({ rule }) => found.ended.has(`${id} › ${rule}`)),
  );
  const { verdict, reason } = conclude(found, cells);
  return {
    suite: { version: found.version },
    contract: {
      id: contract.id,
      title: contract.title,
      version: contract.version,
      file: contract.file,
      sha256: contract.sha256,
    },
    target: { baseUrl: target?.baseUrl ?? '', environment: target?.environment ?? '' },
    startedAt: found.startedAt.toISOString(),
    durationMs: Math.round(found.durationMs),
    requests: [...operations.values()].reduce((sum, { requests }) => sum + requests, target?.requests ?? 0),
    verdict,
    ...(reason !== undefined && { reason }),
    partial: cells.length < contract.operations.length * rules.length,
    counts: count(cells),
    rules: rules.map((rule) => reportRule(rule, contract)),
    cases: cases.map(({ id, title, group }) => ({ id, title, group })),
    operations: contract.operations.map(({ id, line }) => ({ id, line })),
    promises: contract.promises,
    cells,
  };
}

/** A violation stands however little else is known; otherwise nothing conforms that was not judged to its end. */
function conclude(
  { strict, known, today, target, interrupted, planned }: Findings,
  cells: readonly ReportedCell[],
): { verdict: Verdict; reason?: string } {
  const verdict = verdictOf(cells, strict);
  if (verdict === 'violates') return { verdict };
  if (interrupted)
    return { verdict: 'error', reason: `the run was interrupted after ${cells.length} of ${planned} cells` };
  if (cells.length < planned)
    return {
      verdict: 'error',
      reason: `${planned - cells.length} of ${planned} cells are missing: did a shard or a worker not report?`,
    };
  const stale = staleEntries(known, cells, target?.environment ?? '', today);
  if (stale.length > 0) return { verdict: 'error', reason: stale.join(' ') };
  if (cells.length === 0) return { verdict: 'not proven', reason: 'nothing was judged' };
  return { verdict };
}
