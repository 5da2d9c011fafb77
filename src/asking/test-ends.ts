import type { Contract } from '../model/contract.ts';
import type { RunSettings } from '../model/target.ts';
import { type ReportedCell, type ReportedRule, reportRule } from '../reporting/conformance.ts';
import type { ReportedKeys } from '../reporting/reported-keys.ts';
import type { ReportedOperation } from '../reporting/playwright-notes.ts';
import type { Catalogue } from '../run/catalogue.ts';
import { endOfTest, failureText } from './end-of-test.ts';
import type { TestEnd } from './messages.ts';
import { rulesOf, testOfRule, testsOfAnOperation } from './test-units.ts';

type Rules = Pick<Catalogue, 'rules' | 'crossOperationRules' | 'keyRules'>;

/** How the tests of an operation end, by their title. */
export function endsOfOperation(
  { cells }: ReportedOperation,
  catalogue: Rules,
  contract: Contract,
  settings: RunSettings,
): ReadonlyMap<string, TestEnd> {
  const sources = sourcesOf(catalogue, contract);
  const ends = testsOfAnOperation(contract, settings, catalogue.rules).map(({ title }) => {
    const its = new Set(rulesOf(title, catalogue.rules));
    const own = cells.filter(({ rule }) => its.has(rule));
    const end = own.length === 0 ? NOT_ASKED : endOf(own, sources, settings.strict.has('should'));
    return [title, end] as const;
  });
  return new Map(ends);
}

/** How the tests of the rules that compare operations end, by their title. */
export function endsOfComparisons(
  cells: readonly ReportedCell[],
  catalogue: Rules,
  contract: Contract,
  settings: RunSettings,
): ReadonlyMap<string, TestEnd> {
  const sources = sourcesOf(catalogue, contract);
  const ends = catalogue.crossOperationRules.map((rule) => {
    const own = cells.filter((cell) => cell.rule === rule.id);
    return [testOfRule(rule).title, endOf(own, sources, settings.strict.has('should'))] as const;
  });
  return new Map(ends);
}

/** How the tests of the rules about keys over time end, by their title. */
export function endsOfKeys(
  { cells, leftovers }: ReportedKeys,
  catalogue: Rules,
  contract: Contract,
  settings: RunSettings,
): ReadonlyMap<string, TestEnd> {
  const sources = sourcesOf(catalogue, contract);
  const ends = catalogue.keyRules.map((rule, index) => {
    const own = cells.filter((cell) => cell.rule === rule.id);
    const end = own.length === 0 ? NOT_ASKED : endOf(own, sources, settings.strict.has('should'));
    // What is left behind is an error of the run, and stands where a reader of any report meets it.
    const { skipped, ...rest } = end;
    const isShown = index === 0 && leftovers.length > 0;
    return [testOfRule(rule).title, isShown ? { ...rest, errors: [...rest.errors, ...leftovers] } : end] as const;
  });
  return new Map(ends);
}

/** A rule that the run does not ask about has no cell. */
const NOT_ASKED: TestEnd = { annotations: [], errors: ['the operation was not asked'] };

/** Who says what a rule demands. */
function sourcesOf(
  { rules, crossOperationRules, keyRules }: Rules,
  contract: Contract,
): ReadonlyMap<string, ReportedRule> {
  return new Map([...rules, ...crossOperationRules, ...keyRules].map((rule) => [rule.id, reportRule(rule, contract)]));
}

function endOf(cells: readonly ReportedCell[], sources: ReadonlyMap<string, ReportedRule>, strict: boolean): TestEnd {
  const end = endOfTest(cells, strict);
  const { skipped, annotations, failing, errors } = end;
  return {
    ...{ annotations, errors },
    ...(skipped !== undefined && { skipped }),
    ...(failing.length > 0 && { failure: failureText(end, sources) }),
  };
}
