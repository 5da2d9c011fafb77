import type { OperationExchanges } from '../../src/judging/judge.ts';
import type { Cell } from '../../src/model/cell.ts';
import { AS_ON_MOST_OPERATIONS } from '../../src/judging/operation-comparison.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { cases, crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { judgeAll } from './harness.ts';

/** What one defect shows about the suite: written by the test of each defect, read by the tests of all together. */
export interface Kill {
  readonly defect: string;
  /** `rule/expectation` of every complaint. */
  readonly expectations: readonly string[];
  /** Those of them that alone complained of some answer. */
  readonly sole: readonly string[];
  readonly rules: readonly string[];
  /** Weakenings of the suite that change what it says of the defect. */
  readonly noticed: readonly string[];
  readonly tried: readonly string[];
}

/** Every expectation that a rule declares: `missing-key/status`. */
export const declaredExpectations: readonly string[] = [
  ...rules.flatMap(({ id, expectations }) => expectations.map((expectation) => `${id}/${expectation}`)),
  ...crossOperationRules.map(({ id }) => `${id}/${AS_ON_MOST_OPERATIONS}`),
];

/** Everything that the suite could lose: each of its cases and each expectation that a rule declares. */
export const weakenings: readonly string[] = [
  ...cases.map(({ id }) => `case ${id}`),
  ...declaredExpectations.map((name) => `expectation ${name}`),
];

/** Takes one thing after another away that complains of the defect, and judges again what was answered. */
export function tryWeakenings(defect: string, asked: readonly OperationExchanges[], cells: readonly Cell[]): Kill {
  const complaints = cells.flatMap(({ rule, operation, cases: verdicts }) =>
    verdicts.flatMap((verdict) =>
      verdict.unmet.map(({ expectation }) => ({ rule, operation, expectation, case: verdict.case })),
    ),
  );
  const expectations = [...new Set(complaints.map(({ rule, expectation }) => `${rule}/${expectation}`))];
  const seen = [...new Set(complaints.map((complaint) => complaint.case.split('@')[0] ?? ''))];
  const helpers = cases
    .filter(({ kind }) => kind === 'on-demand')
    .map(({ id }) => id)
    .filter((id) => asked.some(({ exchanges }) => exchanges.has(id)));
  const tried = [
    ...expectations.map((name) => `expectation ${name}`),
    ...[...seen, ...helpers].map((id) => `case ${id}`),
  ];
  const before = fingerprint(cells);
  const noticed = tried.filter((weakening) => fingerprint(judgedWithout(weakening, asked)) !== before);
  return {
    defect,
    expectations,
    sole: soleExpectations(complaints),
    rules: [...new Set(complaints.map(({ rule }) => rule))],
    noticed,
    tried,
  };
}

function judgedWithout(weakening: string, asked: readonly OperationExchanges[]): Cell[] {
  const [kind, name = ''] = weakening.split(' ');
  if (kind === 'case') {
    const without = asked.map((one) => ({
      ...one,
      probes: one.probes.filter((probe) => probe.case.id !== name),
      exchanges: new Map([...one.exchanges].filter(([id]) => id.split('@')[0] !== name)),
    }));
    return judgeAll(without, rules);
  }
  const [rule, expectation] = name.split('/');
  return judgeAll(
    asked,
    rules.map((one) => (one.id === rule ? withoutExpectation(one, expectation) : one)),
    crossOperationRules.filter(({ id }) => id !== rule),
  );
}

function withoutExpectation(rule: Rule, expectation: string | undefined): Rule {
  return { ...rule, verify: (judged) => rule.verify(judged).filter((found) => found.expectation !== expectation) };
}

/** Of every case on every operation: its complaints, and nothing that another expectation would have caught as well. */
function soleExpectations(
  complaints: readonly {
    readonly rule: string;
    readonly operation: string;
    readonly expectation: string;
    readonly case: string;
  }[],
): string[] {
  const byAnswer = new Map<string, Set<string>>();
  for (const { rule, operation, expectation, case: id } of complaints) {
    const answer = `${operation} ${id}`;
    byAnswer.set(answer, (byAnswer.get(answer) ?? new Set()).add(`${rule}/${expectation}`));
  }
  return [...new Set([...byAnswer.values()].filter((found) => found.size === 1).flatMap((found) => [...found]))];
}

function fingerprint(cells: readonly Cell[]): string {
  return cells
    .map(
      ({ rule, operation, cases: verdicts }) =>
        `${rule} ${operation} ${verdicts.flatMap(({ case: id, unmet }) => unmet.map(({ expectation }) => `${id} ${expectation}`)).join()}`,
    )
    .join('\n');
}
