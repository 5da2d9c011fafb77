import type { Contract } from '../../src/model/contract.ts';
import type { CaseVerdict, Cell } from '../../src/model/cell.ts';

/**
 * Every complaint of a run, exactly, in as few lines as it takes: `rule: cases (expectations) on operations`. `*` stands
 * for every case that the rule judged, `* but` for all others, `case@*` for every form of one; the operations are left out where they are all
 * those on which the case was judged, and an error stands as its kind.
 */
export function complaintLines(cells: readonly Cell[], contract: Contract): string[] {
  const rules = [...new Set(cells.map(({ rule }) => rule))];
  return rules.flatMap((rule) =>
    ruleLines(
      rule,
      cells.filter((cell) => cell.rule === rule),
      contract,
    ),
  );
}

function ruleLines(rule: string, cells: readonly Cell[], contract: Contract): string[] {
  const judged = new Map<string, string[]>();
  const hits = new Map<string, Map<string, string[]>>();
  // What applies to no operation, of a kind of key that the mock does not have, was not judged.
  const applicable = new Set(
    cells.flatMap(({ cases }) =>
      cases.flatMap(({ case: id, outcome, unmet }) => (outcome === 'not applicable' && unmet.length === 0 ? [] : id)),
    ),
  );
  for (const { operation, cases } of cells) {
    for (const verdict of cases.filter(({ case: id }) => applicable.has(id))) {
      append(judged, verdict.case, operation);
      const what = expectationsOf(verdict);
      if (what === undefined) continue;
      const byWhat = hits.get(verdict.case) ?? new Map<string, string[]>();
      append(byWhat, what, operation);
      hits.set(verdict.case, byWhat);
    }
  }
  const lines = new Map<string, string[]>();
  for (const [id, byWhat] of hits) {
    for (const [what, operations] of byWhat)
      append(lines, `(${what})${where(operations, judged.get(id) ?? [], contract)}`, id);
  }
  return [...lines].map(([rest, ids]) => `${rule}: ${named(ids, [...judged.keys()])} ${rest}`);
}

function expectationsOf({ unmet, outcome, reason }: CaseVerdict): string | undefined {
  if (unmet.length > 0) return unmet.map(({ expectation }) => expectation).join(', ');
  return outcome === 'error' ? `error ${reason?.split(':')[0] ?? ''}` : undefined;
}

function where(hit: readonly string[], judged: readonly string[], contract: Contract): string {
  if (hit.length === judged.length) return '';
  const safe = new Set(contract.operations.filter(({ isSafe }) => isSafe).map(({ id }) => id));
  const isGroup = (inGroup: (id: string) => boolean): boolean =>
    hit.every(inGroup) && judged.filter(inGroup).length === hit.length;
  if (isGroup((id) => safe.has(id))) return ' on safe operations';
  if (isGroup((id) => !safe.has(id))) return ' on unsafe operations';
  return ` on ${hit.join(', ')}`;
}

function named(ids: readonly string[], judged: readonly string[]): string {
  if (ids.length === judged.length && ids.length > 1) return '*';
  const rest = judged.filter((id) => !ids.includes(id));
  if (rest.length > 0 && ids.length > 2 * rest.length) return `* but ${named(rest, judged)}`;
  const bare = [...new Set(ids.map((id) => id.split('@')[0] ?? ''))];
  return bare
    .flatMap((id) => {
      const forms = ids.filter((one) => one.split('@')[0] === id);
      const all = judged.filter((one) => one.split('@')[0] === id);
      return forms.length > 1 && forms.length === all.length ? [`${id}@*`] : forms;
    })
    .join(' ');
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
