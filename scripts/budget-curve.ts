import { readFileSync, writeFileSync } from 'node:fs';
import { type DefectId, defectIds } from '../mock/defects/index.ts';
import { argumentsOf } from '../src/config/command-line.ts';
import { budgetCandidates, isDocumented } from '../src/run/budget-candidates.ts';
import { isSuccess } from '../src/judging/expectations.ts';
import { FULL_ACCESS_CASE } from '../src/requests/case.ts';
import type { BudgetFigure } from '../src/reporting/budget-figures.ts';
import { curveSvg } from '../src/reporting/curve-svg.ts';
import { catalogue } from '../tests/catalogue/index.ts';
import { orderWithin, probeName } from '../selftest/support/budget-simulation.ts';
import { contractFor, judgeMock, variablesFor } from '../selftest/support/harness.ts';
import { problemOfDefects } from './known-defects.ts';

/**
 * Measures what a budget finds of the defects of the mock. The whole catalogue is sent once to the mock with a defect, which
 * says which probes show it. Until one of them is sent a budget sends what it sends to a sound server, so whether it gets to
 * one needs no further request: `selftest/judged/budget.spec.ts` holds that against real runs.
 */
const BUDGETS = [50, 100, 150, 200, 300, 400, 600, 800, 1200, 1623];

interface Measured {
  readonly isDocumented: boolean;
  /** By the budget, whether it meets the defect where all operations have it. */
  readonly everywhere: readonly boolean[];
  /** The same where one operation has it, for each operation that shows it. */
  readonly onOne: readonly (readonly boolean[])[];
}

const { words, values } = argumentsOf('budget-curve');
const problem = problemOfDefects(words);
if (problem !== undefined) {
  process.stderr.write(problem);
  process.exitCode = 2;
} else {
  const measured: Measured[] = [];
  for (const id of defectIds)
    if (words.length === 0 || words.includes(id)) {
      const one = await measure(id);
      if (one) measured.push(one);
      else process.stdout.write(`${id}: no request shows it\n`);
    }
  const figures = BUDGETS.map((requests, index) => ({
    requests,
    everywhere: share(measured.map(({ everywhere }) => everywhere[index] === true)),
    documented: share(measured.filter((one) => one.isDocumented).map(({ everywhere }) => everywhere[index] === true)),
    onOne: share(measured.flatMap(({ onOne }) => onOne.map((met) => met[index] === true))),
  }));
  process.stdout.write(`${measured.length} defects\n`);
  for (const { requests, everywhere, documented, onOne } of figures)
    process.stdout.write(
      `${String(requests).padStart(5)} requests: ${everywhere} % of those of all operations, ${documented} % of those of a documented MUST, ${onOne} % of those of one operation\n`,
    );
  if (values.write === true && words.length === 0) write(figures);
}

function write(figures: readonly BudgetFigure[]): void {
  writeFileSync('docs/images/budget-curve.svg', curveSvg(figures));
  const file = 'src/reporting/budget-figures.ts';
  const lines = figures.map(
    ({ requests, everywhere, documented, onOne }) =>
      `  { requests: ${requests}, everywhere: ${everywhere}, documented: ${documented}, onOne: ${onOne} },`,
  );
  const written = readFileSync(file, 'utf8').replace(
    /(BUDGET_FIGURES.* = \[\n)[^]*?(\n\];)/,
    `$1${lines.join('\n')}$2`,
  );
  writeFileSync(file, written);
}

async function measure(id: DefectId): Promise<Measured | undefined> {
  const contract = await contractFor(id);
  const { asked, cells } = await judgeMock({ contract, defect: { id }, variables: variablesFor(id) });
  const rules = new Map(catalogue.rules.map((rule) => [rule.id, rule]));
  const shown = cells.flatMap(({ operation, rule, cases }) =>
    cases.flatMap((verdict) => {
      const broken = rules.get(rule);
      const isBroken = verdict.unmet.length > 0 || verdict.outcome === 'error';
      const documented = verdict.outcome === 'violates' && broken !== undefined && isDocumented(broken, contract);
      return isBroken ? [{ operation, id: verdict.case, documented }] : [];
    }),
  );
  if (shown.length === 0) return undefined;
  const probes = new Map(asked.map((one) => [one.operation.id, one.probes]));
  const candidates = budgetCandidates(probes, contract, catalogue.rules);
  const opened = new Set(
    asked.flatMap(({ operation, exchanges }) => {
      const response = exchanges.get(FULL_ACCESS_CASE)?.response;
      return response && isSuccess(response) ? [operation.id] : [];
    }),
  );
  const seed = defectIds.indexOf(id) + 1;
  const orders = BUDGETS.map((requests) => new Set(orderWithin(candidates, { requests, seed, opened })));
  const met = (some: typeof shown): boolean[] => orders.map((order) => some.some((one) => order.has(probeName(one))));
  return {
    isDocumented: shown.some(({ documented }) => documented),
    everywhere: met(shown),
    onOne: [...probes.keys()].flatMap((operation) => {
      const own = shown.filter((one) => one.operation === operation);
      return own.length > 0 ? [met(own)] : [];
    }),
  };
}

/** In percent, with one digit behind the point. */
function share(met: readonly boolean[]): number {
  return Math.round((1000 * met.filter(Boolean).length) / Math.max(1, met.length)) / 10;
}
