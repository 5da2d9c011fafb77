import type { ReportedCase, ReportedCell } from '../conformance.ts';

/** In characters. */
export interface Limits {
  /** Of one text; the whole of it stands in conformance.json. */
  readonly text: number;
  /** Of everything that was sent and received. */
  readonly evidence: number;
}

/** What a case takes beside its texts. */
const STRUCTURE = 200;

/** The cells whose evidence finds room: of every bug the first operation, then of every bug the second, and so on. */
export function cellsWithin(
  limits: Limits,
  groups: readonly (readonly ReportedCell[])[],
  cells: readonly ReportedCell[],
): ReadonlySet<ReportedCell> {
  const turns = Math.max(0, ...groups.map(({ length }) => length));
  const inTurn = Array.from({ length: turns }, (_, turn) => groups.flatMap((group) => group[turn] ?? [])).flat();
  const others = cells.filter(({ outcome }) => outcome === 'not proven');
  const shown = new Set<ReportedCell>();
  const stored = new Set<string>();
  let room = limits.evidence;
  for (const cell of [...inTurn, ...others]) {
    const texts = new Set(cell.cases.flatMap(textsOf).filter((text) => !stored.has(text)));
    const size = [...texts].reduce((sum, { length }) => sum + Math.min(length, limits.text), 0);
    if (size + cell.cases.length * STRUCTURE > room) continue;
    room -= size + cell.cases.length * STRUCTURE;
    for (const text of texts) stored.add(text);
    shown.add(cell);
  }
  return shown;
}

function textsOf({ actual, evidence }: ReportedCase): string[] {
  if (!evidence) return actual === undefined ? [] : [actual];
  const { request, answer, curl } = evidence;
  const bodies = [actual, request.body, answer?.body].filter((text) => text !== undefined);
  const heads = [request, ...(request.before ? [request.before] : [])].flatMap(({ url, headers }) => [url, ...headers]);
  return [...bodies, ...heads, ...(answer?.headers ?? []), curl];
}
