import { type Access, accessOf } from '../access.ts';
import { bugsOf } from '../grouped-findings.ts';
import type { Conformance, ReportedRequest, Evidence, ReportedCase, ReportedCell } from '../conformance.ts';
import { OUTCOMES } from '../outcomes.ts';
import { readable } from '../../visible-text.ts';
import type { Detail, Embedded, EmbeddedAccess, EmbeddedEvidence, EmbeddedHead } from './embedded-data.ts';
import { RESPONDENTS } from './respondents.ts';
import { Differences, Kinds, Numbered, Texts } from './unique-lists.ts';
import { cellsWithin, type Limits } from './evidence-budget.ts';
import { standardsText } from '../standards-text.ts';

const LIMITS: Limits = { text: 8192, evidence: 6_000_000 };

/** Makes the data of the page's script from a report. */
export function embed(report: Conformance, limits = LIMITS): Embedded {
  const texts = new Texts(limits.text);
  const rules = bySection(report.rules);
  const places = {
    operations: new Map(report.operations.map(({ id }, index) => [id, index])),
    rules: new Map(rules.map(({ id }, index) => [id, index])),
  };
  const keyOf = (cell: ReportedCell): string =>
    `${places.operations.get(cell.operation)}.${places.rules.get(cell.rule)}`;
  const kinds = new Kinds(texts);
  const differences = new Differences(texts);
  const rows = report.operations.map(() => rules.map(() => -1));
  const groups = bugsOf(report).map(({ cells }) => cells);
  const shown = cellsWithin(limits, groups, report.cells);
  const details: Record<string, readonly Detail[]> = {};
  for (const cell of report.cells) {
    const row = rows[places.operations.get(cell.operation) ?? -1];
    const column = places.rules.get(cell.rule);
    if (!row || column === undefined) continue;
    row[column] = kinds.numberOf(cell);
    const its = shown.has(cell) ? cell.cases.flatMap((each, of) => detail(each, of, texts, differences)) : [];
    if (its.length > 0) details[keyOf(cell)] = its;
  }
  const several = groups.filter(({ length }) => length > 1);
  return {
    contract: readable(report.contract.file),
    isCompared: report.changes !== undefined,
    outcomes: OUTCOMES.map(({ outcome, symbol }) => ({ outcome, symbol })),
    rules: rules.map(({ id, level, title, section, source, standards }) => ({
      ...{ id, level },
      ...{ title: readable(title), section: readable(section), text: readable(source.text), url: source.url },
      isPromise: source.promise !== undefined,
      ...(standards && standardsText(standards) !== '' && { standards: standardsText(standards) }),
    })),
    operations: report.operations.map(({ id, line }) => ({ id: readable(id), line })),
    cases: Object.fromEntries(report.cases.map(({ id, title }) => [id, readable(title)])),
    respondents: RESPONDENTS,
    causes: Object.fromEntries((report.causes ?? []).map(({ id, sentence }) => [id, readable(sentence)])),
    texts: texts.all,
    copied: texts.copied,
    kinds: kinds.all,
    cells: rows,
    details,
    marks: differences.all,
    access: embedAccess(report, places.rules),
    bugs: {
      groups: several.map((cells) => cells.map(({ operation }) => places.operations.get(operation) ?? -1)),
      of: Object.fromEntries(several.flatMap((cells, index) => cells.map((cell) => [keyOf(cell), index]))),
    },
  };
}

function embedAccess(report: Conformance, rules: ReadonlyMap<string, number>): EmbeddedAccess {
  const { keys, rows } = accessOf(report);
  const kinds = new Numbered<EmbeddedAccess['kinds'][number]>();
  const unique = new Numbered<readonly number[]>();
  const numberOf = (cell: Access | undefined): number =>
    cell ? kinds.numberOf({ ...cell, rule: rules.get(cell.rule) ?? -1 }) : -1;
  const rowOf = rows.map((row) => unique.numberOf(row.map(numberOf)));
  return { keys: keys.map(readable), kinds: kinds.all, rows: unique.all, rowOf };
}

/** A section's rules side by side, in the order in which the sections first come. */
function bySection(rules: Conformance['rules']): Conformance['rules'] {
  const sections = [...new Set(rules.map(({ section }) => section))];
  return sections.flatMap((section) => rules.filter((rule) => rule.section === section));
}

function detail(
  { expected, actual, evidence }: ReportedCase,
  of: number,
  texts: Texts,
  differences: Differences,
): Detail[] {
  if (actual === undefined && !evidence) return [];
  const marks = expected === undefined || actual === undefined ? undefined : differences.numberOf(expected, actual);
  return [
    {
      of,
      ...(actual !== undefined && { actual: texts.numberOf(actual) }),
      ...(marks !== undefined && { marks }),
      ...(evidence && { evidence: embedEvidence(evidence, texts) }),
    },
  ];
}

function embedEvidence({ request, answer, fault, controlStatus, curl }: Evidence, texts: Texts): EmbeddedEvidence {
  const number = (text: string): number => texts.numberOf(text);
  const head = ({ method, url, headers }: ReportedRequest): EmbeddedHead => ({
    ...{ method: number(method), url: number(url), headers: headers.map(number) },
  });
  return {
    ...head(request),
    ...(request.before && { before: head(request.before) }),
    ...(request.body !== undefined && { body: number(request.body) }),
    ...(answer && {
      ...{ status: answer.status, answerHeaders: answer.headers.map(number), answerBody: number(answer.body) },
      ...(answer.truncated && { truncated: true }),
    }),
    ...(fault !== undefined && { fault: number(fault) }),
    ...(controlStatus !== undefined && { controlStatus }),
    curl: texts.lineOf(curl),
  };
}
