import { type Document, isSeq, parseDocument } from 'yaml';
import { entryFor, type KnownFailure } from '../config/known-failures.ts';
import { cellId } from '../model/cell-id.ts';
import type { Conformance, ReportedCell } from './conformance.ts';
import { isFailing } from './outcomes.ts';
import { readable } from '../visible-text.ts';
import { many } from './wording.ts';

/** What is said of all failures that are accepted together; empty: it was not given. */
export interface Acceptance {
  readonly owner: string;
  readonly reason: string;
  readonly link: string;
  readonly until: string;
}

/** Which failing cells are accepted: those of these ids, those of a rule, or all for which the run fails. */
export interface Chosen {
  readonly cells: readonly string[];
  readonly rule: string | undefined;
  readonly all: boolean;
}

/** What is wrong with what was typed, in sentences for the user. */
export function acceptanceProblems(
  { owner, reason, link, until }: Acceptance,
  chosen: Chosen,
  today: string,
): string[] {
  const isLine = (text: string): boolean => text.trim() !== '' && readable(text) === text && !/[\r\n\t]/.test(text);
  const ways = [chosen.cells.length > 0, chosen.rule !== undefined, chosen.all].filter(Boolean).length;
  return [
    ...(ways === 1
      ? []
      : [
          'Choose what is accepted in one way: name cells such as "missing-key@GET /contacts", or --rule ID, or --all.',
        ]),
    ...(isLine(owner) ? [] : ['--owner is missing or not one line: say who is going to fix it.']),
    ...(isLine(reason) ? [] : ['--reason is missing or not one line: say what is wrong and why it may stay for now.']),
    ...(/^https?:\/\/[\x21-\x7e]+$/.test(link) && URL.canParse(link)
      ? []
      : ['--link is missing or no http(s) address: give the address of the issue that tracks the fix.']),
    ...untilProblem(until, today),
  ];
}

function untilProblem(until: string, today: string): string[] {
  const isDay =
    /^\d{4}-\d\d-\d\d$/.test(until) &&
    !Number.isNaN(Date.parse(until)) &&
    new Date(until).toISOString().startsWith(until);
  if (!isDay) return ['--until is missing or no day: give the last day on which it is excused, such as 2027-01-31.'];
  return until < today ? [`--until is before today, ${today}: give a day that is still to come.`] : [];
}

export interface Accepted {
  /** The new text of the file; undefined: it stays as it is. */
  readonly text?: string;
  readonly written: readonly KnownFailure[];
  /** Sentences about cells that have an entry already. */
  readonly known: readonly string[];
  /** Sentences about what was chosen and cannot be accepted. */
  readonly refused: readonly string[];
}

/**
 * Adds entries for chosen failing cells to the text of a known-failures.yaml, whose comments and entries stay.
 *
 * @param entries those of the text
 */
export function accept(
  report: Conformance,
  chosen: Chosen,
  said: Acceptance,
  {
    text,
    entries,
    today,
  }: { readonly text: string; readonly entries: readonly KnownFailure[]; readonly today: string },
): Accepted {
  const { environment } = report.target;
  const { cells, refused } = choose(report, chosen);
  const known: string[] = [];
  const written: KnownFailure[] = [];
  for (const { rule, operation } of cells) {
    const its = entryFor({ rule, operation }, environment, [...entries, ...written]);
    const name = `${rule} on ${operation}`;
    if (its === undefined)
      written.push({
        ...{ rule, operation, environment, reason: said.reason, owner: said.owner },
        ...{ link: said.link, expires: said.until },
      });
    else if (its.expires < today)
      refused.push(
        `${name} has an entry that expired on ${its.expires}: give that entry a new last day, or remove it.`,
      );
    else known.push(`${name} has an entry until ${its.expires}`);
  }
  return { ...(written.length > 0 && { text: withEntries(text, written) }), written, known, refused };
}

function choose(
  { cells, strict = [] }: Conformance,
  { cells: ids, rule, all }: Chosen,
): { readonly cells: readonly ReportedCell[]; readonly refused: string[] } {
  const failing = cells.filter(({ outcome }) => isFailing(outcome));
  if (all)
    return {
      cells: failing.filter(({ outcome }) => outcome === 'violates' || strict.includes('should')),
      refused: [],
    };
  if (rule !== undefined) {
    const its = failing.filter((cell) => cell.rule === rule);
    return { cells: its, refused: its.length === 0 ? [`no cell of the rule ${rule} fails in the report.`] : [] };
  }
  const byId = new Map(cells.map((cell) => [cellId(cell), cell]));
  const found = [...new Set(ids)].map((id) => ({ id, cell: byId.get(id) }));
  return {
    cells: found.flatMap(({ cell }) => (cell && isFailing(cell.outcome) ? [cell] : [])),
    refused: found.flatMap(({ id, cell }) => {
      if (cell === undefined) return [`${id} is no cell of the report: write rule@METHOD /path, as the report has it.`];
      return isFailing(cell.outcome)
        ? []
        : [`${id} does not fail, it is ${cell.outcome}: only failures can be accepted.`];
    }),
  };
}

/** Through the document, so that comments and the order of what is there stay. */
function withEntries(text: string, entries: readonly KnownFailure[]): string {
  const document: Document = parseDocument(text);
  if (!isSeq(document.contents)) document.contents = document.createNode([]);
  const list = document.contents;
  if (!isSeq(list)) throw new Error('the entries are no list');
  // The empty list is written as [], and a list in brackets has no room for entries.
  list.flow = false;
  for (const entry of entries) list.add(document.createNode(entry));
  return document.toString({ lineWidth: 0 });
}

/** What a person is told. */
export function acceptedText(file: string, { written, known, refused }: Accepted): { out: string; err: string } {
  const lines = [
    `${file}: ${many(written.length, 'entry', 'entries')} written`,
    ...written.map(({ rule, operation, expires }) => `  ${rule} on ${operation}, until ${expires}`),
    ...known.map((sentence) => `  left as it is: ${sentence}`),
  ];
  return { out: readable(`${lines.join('\n')}\n`), err: readable(refused.map((sentence) => `${sentence}\n`).join('')) };
}
