import type { Outcome } from '../model/cell.ts';
import { cellId } from '../model/cell-id.ts';
import type { ChangedCell, Changes, Conformance, PastRun, ReportedCell } from './conformance.ts';
import { outcomesOf, type RememberedRun } from './history.ts';
import { isFailing, isUndecided } from './outcomes.ts';

const LONGEST_TREND = 29;

/** The runs of the same contract, environment and server. On this machine the port says nothing: the mock's is new each time. */
export function runsOfTarget(past: readonly RememberedRun[], report: Conformance): RememberedRun[] {
  return past
    .filter(
      ({ contract, target, startedAt }) =>
        contract.id === report.contract.id &&
        target.environment === report.target.environment &&
        place(target.baseUrl) === place(report.target.baseUrl) &&
        (target.mock === true) === (report.target.mock === true) &&
        startedAt < report.startedAt,
    )
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** The report with what is different from the earlier runs, and since when each failure is there. */
export function withPast(report: Conformance, past: readonly RememberedRun[]): Conformance {
  const previous = past.at(-1);
  const first = firstSeen(past);
  const cells = report.cells.map((cell): ReportedCell => {
    const since = isFailing(cell.outcome) ? first.get(cellId(cell)) : undefined;
    return since === undefined ? cell : { ...cell, since };
  });
  if (!previous) return { ...report, cells };
  return { ...report, cells, changes: changesOf(report, previous, lastJudged(past)), trend: trendOf(past) };
}

function changesOf(report: Conformance, previous: RememberedRun, then: ReadonlyMap<string, Outcome>): Changes {
  const changed = report.cells.map((cell): ChangedCell => {
    const before = then.get(cellId(cell));
    return { operation: cell.operation, rule: cell.rule, outcome: cell.outcome, ...(before && { before }) };
  });
  const failing = changed.filter(({ outcome }) => isFailing(outcome));
  const gone = changed.filter(({ outcome, before }) => isFailing(before) && !isFailing(outcome));
  const appeared = failing.filter(({ before }) => !isFailing(before));
  return {
    since: previous.startedAt,
    baseUrl: previous.target.baseUrl,
    contractChanged: previous.contract.sha256 !== report.contract.sha256,
    new: appeared,
    fixed: gone.filter(({ outcome }) => !isUndecided(outcome)),
    lost: gone.filter(({ outcome }) => isUndecided(outcome)),
    stillFailing: failing.length - appeared.length,
  };
}

/** Changed cells with the same rule and the same change, as one: a rule that breaks everywhere is one thing to read. */
export function byRule(cells: readonly ChangedCell[]): (readonly [ChangedCell, ...ChangedCell[]])[] {
  const groups = new Map<string, [ChangedCell, ...ChangedCell[]]>();
  for (const cell of cells) {
    const key = [cell.rule, cell.outcome, cell.before].join();
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  return [...groups.values()];
}

/** Of each cell what it was when it was last judged to an end, however many runs ago: some judge only a part. */
function lastJudged(past: readonly RememberedRun[]): ReadonlyMap<string, Outcome> {
  const last = new Map<string, Outcome>();
  for (const run of past) {
    for (const [name, outcome] of outcomesOf(run))
      if (!last.has(name) || !isUndecided(outcome)) last.set(name, outcome);
  }
  return last;
}

/** Of each cell that failed when it was last judged: when that began. A run that did not judge it changes nothing. */
function firstSeen(past: readonly RememberedRun[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const run of past) {
    for (const [name, outcome] of outcomesOf(run)) {
      if (isFailing(outcome)) first.set(name, earliest(first.get(name), run.since[name] ?? run.startedAt));
      else if (!isUndecided(outcome)) first.delete(name);
    }
  }
  return first;
}

function earliest(known: string | undefined, other: string): string {
  return known !== undefined && known < other ? known : other;
}

function trendOf(past: readonly RememberedRun[]): PastRun[] {
  const runs = new Map<string, PastRun>();
  for (const run of past) {
    for (const { startedAt, verdict, partial, counts } of [...(run.trend ?? []), run])
      runs.set(startedAt, { startedAt, verdict, partial, counts });
  }
  return [...runs.values()].toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1)).slice(-LONGEST_TREND);
}

function place(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url) return baseUrl;
  const isHere = /^(localhost|127\.|\[::1\])/.test(url.hostname);
  return isHere ? `this machine${url.pathname}` : `${url.origin}${url.pathname}`;
}
