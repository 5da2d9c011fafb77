import type { Outcome } from '../model/cell.ts';
import type { Conformance, ReportedCase, ReportedCell } from './conformance.ts';

/** One thing that is wrong, with every operation that it was seen on. */
export interface Bug {
  readonly rule: string;
  readonly outcome: Outcome;
  /** The cell that shows most of it, then the others, in the contract's order. */
  readonly cells: readonly [ReportedCell, ...ReportedCell[]];
}

/** Where a rule breaks in more ways than this, only ways that are the very same are one bug: looking longer takes for ever. */
const MOST_COMPARED = 50;

const SHOWN: readonly Outcome[] = ['violates', 'deviates', 'error'];

/**
 * The cells that ask for a person, the same bug once. Bugs are the same if one rule breaks in the same way; an operation
 * that was not sent all cases of another (it has no body to break, say) breaks in the same way if what it was sent does.
 */
export function bugsOf({ cells, rules }: Pick<Conformance, 'cells' | 'rules'>): Bug[] {
  const order = new Map(rules.map(({ id }, index) => [id, index]));
  const bugs = new Map<string, Kind[]>();
  const alike = new Map<string, Kind>();
  for (const cell of cells) {
    if (!SHOWN.includes(cell.outcome)) continue;
    const key = JSON.stringify([cell.rule, cell.outcome, cell.known?.reason, cell.known?.link, cell.cause]);
    const kinds = bugs.get(key) ?? [];
    bugs.set(key, kinds);
    const ways = waysOf(cell);
    const exactly = JSON.stringify([key, ways.size === 0 ? likeness(cell.reason) : '', ...ways]);
    const kind = alike.get(exactly) ?? kinds.slice(0, MOST_COMPARED).find((each) => isSame(each, cell, ways));
    if (kind) {
      kind.cells.push(cell);
      if (ways.size > kind.ways.size) Object.assign(kind, { ways, cell });
      alike.set(exactly, kind);
    } else {
      const made = { ways, cell, cells: [cell] };
      kinds.push(made);
      alike.set(exactly, made);
    }
  }
  return [...bugs.values()]
    .flat()
    .map(({ cell, cells: its }) => ({
      rule: cell.rule,
      outcome: cell.outcome,
      cells: [cell, ...its.filter((other) => other !== cell)] as const,
    }))
    .toSorted(
      (a, b) =>
        SHOWN.indexOf(a.outcome) - SHOWN.indexOf(b.outcome) || (order.get(a.rule) ?? 0) - (order.get(b.rule) ?? 0),
    );
}

interface Kind {
  ways: ReadonlyMap<string, string>;
  cell: ReportedCell;
  cells: ReportedCell[];
}

/** How each failing case fails. */
function waysOf({ cases, outcome, judged }: ReportedCell): Map<string, string> {
  const failing = cases.filter((each) => each.outcome === outcome);
  // Which answers a rule looks at that looks at all of them differs from one operation to the next.
  if (judged !== undefined) return new Map(failing.map((each) => [way(each), '']));
  return new Map(failing.map((each) => [each.case, way(each)]));
}

function way({ expectations, reason }: ReportedCase): string {
  return (expectations ?? [likeness(reason)]).join();
}

/** Ports and counts differ from one request to the next. */
function likeness(reason = ''): string {
  return reason.replace(/\d+/g, '#');
}

function isSame(kind: Kind, cell: ReportedCell, ways: ReadonlyMap<string, string>): boolean {
  if (ways.size === 0) return kind.ways.size === 0 && likeness(kind.cell.reason) === likeness(cell.reason);
  if (cell.judged !== undefined)
    return ways.size === kind.ways.size && [...ways.keys()].every((key) => kind.ways.has(key));
  return agree(kind.ways, cell, ways) && agree(ways, kind.cell, kind.ways);
}

/** What is expected to fail does, wherever it was sent. */
function agree(
  expected: ReadonlyMap<string, string>,
  { cases }: ReportedCell,
  found: ReadonlyMap<string, string>,
): boolean {
  const common = cases.filter((each) => expected.has(each.case));
  return common.length > 0 && common.every((each) => found.get(each.case) === expected.get(each.case));
}
