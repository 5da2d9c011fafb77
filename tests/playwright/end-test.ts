import { isReported } from '../../src/config/variables.ts';
import type { ReportedCell, ReportedRule } from '../../src/reporting/conformance.ts';
import { endOfTest } from './end-of-test.ts';
import { expect } from './expect.ts';
import { fault } from './runner.ts';
import { expectFailure, runnerTest as test } from './workarounds.ts';

/**
 * Ends the test that is running as its cells did.
 *
 * @param rules who says what a rule demands, by its id
 * @param strict whether a SHOULD is to fail as well
 */
export function endTest(
  cells: readonly ReportedCell[],
  rules: ReadonlyMap<string, ReportedRule>,
  strict: boolean,
): void {
  const end = endOfTest(cells, strict);
  const { skipped, annotations, failing, errors } = end;
  if (skipped !== undefined) test.skip(true, skipped);
  test.info().annotations.push(...annotations);
  if (failing.length + errors.length > 0 && isReported()) expectFailure(test.info());
  // A passing assertion would be a step, which costs more than the judgement did.
  if (failing.length > 0) expect(end).toConform(rules);
  if (errors.length > 0) throw fault(errors.join('\n'));
}
