import type { OperationExchanges } from '../../src/judging/judge.ts';
import type { Cell } from '../../src/model/cell.ts';
import { AS_ON_MOST_OPERATIONS } from '../../src/judging/operation-comparison.ts';
import { cases, crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { casesGiven } from '../../src/judging/rule.ts';
import { type JudgedMock, judgeAll } from './harness.ts';

/** What one defect shows about the suite: written by the test of each defect, read by the tests of all together. */
export interface Kill {
  readonly defect: string;
  /** `rule/expectation` of every complaint. */
  readonly expectations: readonly string[];
  /** Those of them that alone complained of some response. */
  readonly sole: readonly string[];
  readonly rules: readonly string[];
  /** Weakenings of the suite that change what it says of the defect. */
  readonly noticed: readonly string[];
}

function expectationWeakening(name: string): string {
  return `expectation ${name}`;
}

/** Every expectation that a rule declares: `missing-key/status`. */
export const declaredExpectations: readonly string[] = [
  ...rules.flatMap(({ id, expectations }) => expectations.map((expectation) => `${id}/${expectation}`)),
  ...crossOperationRules.map(({ id }) => `${id}/${AS_ON_MOST_OPERATIONS}`),
];

/**
 * What peculiar requests get on a path that is no operation clears servers, and finds fault with none: the tests of the sound
 * variants notice its loss.
 */
const elsewhere: ReadonlySet<string> = new Set(cases.flatMap((one) => one.elsewhere?.id ?? []));

/** What no rule judges by itself, so that it draws no complaint: what is sent on demand, and what is only looked up. */
const given: ReadonlySet<string> = new Set(rules.flatMap(casesGiven).map(({ id }) => id));
const onlyCompared = cases.filter(
  ({ kind, id }) => !elsewhere.has(id) && (kind === 'on-demand' || (kind === 'uncontrolled' && !given.has(id))),
);

/** Everything whose loss the suite has to notice: each of its cases and each expectation that a rule declares. */
export const weakenings: readonly string[] = [
  ...cases.filter(({ id }) => !elsewhere.has(id)).map(({ id }) => `case ${id}`),
  ...declaredExpectations.map(expectationWeakening),
];

interface Complaint {
  readonly rule: string;
  readonly operation: string;
  readonly expectation: string;
  readonly case: string;
}

/**
 * Which weakenings of the suite the exact table of complaints notices on this defect. A complaint goes with its
 * expectation and with its case, so those need no second judgement. A comparison draws no complaint of
 * its own: whether it is missed shows only when everything is judged again without it.
 */
export function tryWeakenings(defect: string, { asked, cells }: JudgedMock): Kill {
  const complaints = complaintsOf(cells);
  const expectations = [...new Set(complaints.map(({ rule, expectation }) => `${rule}/${expectation}`))];
  const comparisons = onlyCompared.map(({ id }) => id).filter((id) => asked.some(({ exchanges }) => exchanges.has(id)));
  const noticed = [
    ...expectations.map(expectationWeakening),
    ...new Set(complaints.map((complaint) => `case ${caseOf(complaint.case)}`)),
    ...comparisons.filter((id) => isNoticed(id, asked, cells)).map((id) => `case ${id}`),
  ];
  return {
    defect,
    expectations,
    sole: soleExpectations(complaints),
    rules: [...new Set(complaints.map(({ rule }) => rule))],
    noticed: [...new Set(noticed)],
  };
}

/** Only rules that read the comparison can say something else without it. */
function isNoticed(id: string, asked: readonly OperationExchanges[], cells: readonly Cell[]): boolean {
  const reading = rules.filter(
    (rule) =>
      rule.comparedWith?.some((one) => one.id === id) ||
      casesGiven(rule).some((one) => one.id === id || one.comparison?.id === id),
  );
  const ids = new Set(reading.map((rule) => rule.id));
  const without = asked.map((one) => withoutCase(one, id));
  const after = judgeAll(without, reading, []);
  return fingerprint(after) !== fingerprint(cells.filter(({ rule }) => ids.has(rule)));
}

function complaintsOf(cells: readonly Cell[]): Complaint[] {
  return cells.flatMap(({ rule, operation, cases: verdicts }) =>
    verdicts.flatMap((verdict) =>
      verdict.unmet.map(({ expectation }) => ({ rule, operation, expectation, case: verdict.case })),
    ),
  );
}

/** The case of a probe, without the alternative that it was sent in. */
function caseOf(probe: string): string {
  return probe.split('@')[0] ?? '';
}

function withoutCase(one: OperationExchanges, id: string): OperationExchanges {
  return {
    ...one,
    probes: one.probes.filter((probe) => probe.case.id !== id),
    exchanges: new Map([...one.exchanges].filter(([probe]) => caseOf(probe) !== id)),
  };
}

/** Of every case on every operation: its complaints, and nothing that another expectation would have caught as well. */
function soleExpectations(complaints: readonly Complaint[]): string[] {
  const byResponse = new Map<string, Set<string>>();
  for (const { rule, operation, expectation, case: id } of complaints) {
    const response = `${operation} ${id}`;
    byResponse.set(response, (byResponse.get(response) ?? new Set()).add(`${rule}/${expectation}`));
  }
  return [...new Set([...byResponse.values()].filter((found) => found.size === 1).flatMap((found) => [...found]))];
}

function fingerprint(cells: readonly Cell[]): string {
  return cells
    .map(
      ({ rule, operation, cases: verdicts }) =>
        `${rule} ${operation} ${verdicts.flatMap(({ case: id, unmet }) => unmet.map(({ expectation }) => `${id} ${expectation}`)).join()}`,
    )
    .join('\n');
}
