import { canFail, type ReportedCell, type ReportedRule } from '../reporting/conformance.ts';
import { evidenceText, findingText } from '../reporting/evidence.ts';
import { NEWER } from '../reporting/wording.ts';

/** How a test ends that reports on some cells, before a runner is told. */
export interface EndOfTest {
  /** Why nothing could be decided, a line for each cell; absent: something was. */
  readonly skipped?: string;
  readonly annotations: readonly { readonly type: string; readonly description: string }[];
  /** The cells that the test fails for. */
  readonly failing: readonly ReportedCell[];
  /** Why cells could not be judged. */
  readonly errors: readonly string[];
}

/**
 * The worst of the cells decides, and each that needs a word has one.
 *
 * @param strict whether a SHOULD is to fail as well
 */
export function endOfTest(cells: readonly ReportedCell[], strict: boolean): EndOfTest {
  const labelled = (cell: ReportedCell, text: string): string =>
    cells.length === 1 ? text : `${labelOf(cell, cells)}: ${text}`;
  const withOutcome = (...outcomes: readonly string[]): ReportedCell[] =>
    cells.filter(({ outcome }) => outcomes.includes(outcome));
  const note = (type: string, cell: ReportedCell, text: string): EndOfTest['annotations'][number] => ({
    type,
    description: labelled(cell, text),
  });
  const undecided = withOutcome('not applicable', 'not proven');
  return {
    ...(undecided.length === cells.length && {
      skipped: undecided.map((cell) => labelled(cell, `${cell.outcome}: ${cell.reason}`)).join('\n'),
    }),
    annotations: [
      ...withOutcome('not proven').map((cell) => note('not proven', cell, cell.reason ?? '')),
      ...withOutcome('deviates').map((cell) => note('deviates', cell, findingText(cell))),
      ...cells.flatMap((cell) => {
        if (!cell.known) return [];
        const { reason, owner, link, expires } = cell.known;
        return note('known failure', cell, `${findingText(cell)}: ${reason} (${owner}, ${link}, until ${expires})`);
      }),
      ...withOutcome('violates', 'deviates', 'error')
        .filter(({ newer }) => newer)
        .map((cell) => note('newer rule', cell, `${NEWER}: ${cell.outcome}: ${findingText(cell)}`)),
    ],
    failing: withOutcome(...(strict ? ['violates', 'deviates'] : ['violates'])).filter((cell) => canFail(cell)),
    errors: withOutcome('error')
      .filter(({ newer }) => !newer)
      .map((cell) => labelled(cell, cell.reason ?? 'an error without a reason')),
  };
}

/** What the cells of one test differ in: it is about one operation, or about one rule on all of them. */
function labelOf({ rule, operation }: ReportedCell, cells: readonly ReportedCell[]): string {
  return cells.every((other) => other.operation === operation) ? rule : operation;
}

/**
 * The message of a test that fails. A list of failures shows its first line alone.
 *
 * @param rules who says what a rule demands, by its id
 */
export function failureText({ failing, errors }: EndOfTest, rules: ReadonlyMap<string, ReportedRule>): string {
  const findings = failing.map((cell) => `${cell.operation} ${cell.outcome} ${cell.rule}: ${findingText(cell)}`);
  const complaints = failing.map((cell) => {
    const head = failing.length > 1 ? `${labelOf(cell, failing)}\n` : '';
    return head + evidenceText(cell, rules.get(cell.rule)?.source);
  });
  // Playwright's JUnit reporter takes a failure without the last line for an error.
  const last = `expect(${[...new Set(failing.map(({ rule }) => rule))].join(', ')}).toConform()`;
  return [...findings, '', ...complaints, ...errors, last].join('\n');
}
