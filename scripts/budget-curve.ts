import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type DefectId, defectIds } from '../mock/defects/index.ts';
import { argumentsOf } from '../src/config/command-line.ts';
import { budgetCandidates, isDocumented } from '../src/run/budget-candidates.ts';
import type { Candidate } from '../src/requests/budget.ts';
import { isSuccess } from '../src/judging/expectations.ts';
import { FULL_ACCESS_CASE } from '../src/requests/case.ts';
import type { BudgetFigure } from '../src/reporting/budget-figures.ts';
import { curveSvg } from '../src/reporting/curve-svg.ts';
import { grouped } from '../src/reporting/wording.ts';
import { catalogue } from '../tests/catalogue/index.ts';
import { orderWithin, probeName } from '../selftest/support/budget-simulation.ts';
import { contractFor, judgeMock, variablesFor } from '../selftest/support/harness.ts';
import { problemOfDefects } from './known-defects.ts';

/**
 * Measures what a budget finds of the defects of the mock. The whole catalogue is sent once to the mock with a defect, which
 * says which probes show it. Until one of them is sent a budget sends what it sends to a sound server, so whether it gets to
 * one needs no further request: `selftest/judged/budget.spec.ts` holds that against real runs.
 */
/** What stands at random in a plan is decided by a seed: each defect meets one of so many plans. */
const SEEDS = 10;
const BUDGETS = [50, 100, 150, 200, 300, 400, 600, 800, 1200, 1623];

const ordersKnown = new Map<string, readonly ReadonlySet<string>[]>();

interface Measured {
  readonly isDocumented: boolean;
  /** By the budget, whether it meets the defect where all operations have it. */
  readonly everywhere: readonly boolean[];
  /** The same where one operation has it, for each operation that shows it. */
  readonly onOne: readonly (readonly boolean[])[];
  /** The same where one form of the key has it, for each form that shows it. */
  readonly oneForm: readonly (readonly boolean[])[];
}

const { words, values } = argumentsOf('budget-curve');
const problem = problemOfDefects(words);
if (problem !== undefined) {
  process.stderr.write(problem);
  process.exitCode = 2;
} else if (process.send) {
  process.send(await measureAll(words));
  process.disconnect();
} else {
  const measured = await measureSideBySide(words.length === 0 ? defectIds : words);
  const figures = BUDGETS.map((requests, index) => ({
    requests,
    everywhere: share(measured.map(({ everywhere }) => everywhere[index] === true)),
    documented: share(measured.filter((one) => one.isDocumented).map(({ everywhere }) => everywhere[index] === true)),
    onOne: share(measured.flatMap(({ onOne }) => onOne.map((met) => met[index] === true))),
    oneForm: share(measured.flatMap(({ oneForm }) => oneForm.map((met) => met[index] === true))),
  }));
  process.stdout.write(`${measured.length} defects\n`);
  process.stdout.write(tableOf(figures));
  if (values.write === true && words.length === 0) write(figures, measured);
}

function tableOf(figures: readonly BudgetFigure[]): string {
  const rows = figures.map(({ requests, everywhere, documented, oneForm, onOne }) => {
    const percent = [everywhere, documented, oneForm, onOne].map((figure) => `${figure.toFixed(1)} %`);
    return `| ${[grouped(requests), ...percent].join(' | ')} |\n`;
  });
  return `| requests | of all operations | of those, of a documented MUST | of one form of the key | of one operation |\n| -: | -: | -: | -: | -: |\n${rows.join('')}`;
}

function write(figures: readonly BudgetFigure[], measured: readonly Measured[]): void {
  writeFileSync('docs/images/budget-curve.svg', curveSvg(figures));
  const file = 'src/reporting/budget-figures.ts';
  const lines = figures.map(
    ({ requests, everywhere, documented, onOne, oneForm }) =>
      `  { requests: ${requests}, everywhere: ${everywhere}, documented: ${documented}, onOne: ${onOne}, oneForm: ${oneForm} },`,
  );
  const written = readFileSync(file, 'utf8').replace(
    /(BUDGET_FIGURES.* = \[\n)[^]*?(\n\];)/,
    `$1${lines.join('\n')}$2`,
  );
  writeFileSync(file, written);
  const page = 'docs/benchmarks.md';
  const size = `${new Date().toISOString().slice(0, 10)}, ${measured.length} defects of the contract of HueChat that its usual keys can show, ${measured.filter((one) => one.isDocumented).length} of them of a documented MUST.`;
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(
      /^\| requests \| of all[^]*?\n\n.*? of a documented MUST\./m,
      () => `${tableOf(figures)}\n${size}`,
    ),
  );
}

/** Has a process for each core measure its share. */
async function measureSideBySide(ids: readonly string[]): Promise<readonly Measured[]> {
  const cores = Math.min(availableParallelism(), ids.length);
  const shares = Array.from({ length: cores }, (_, core) => ids.filter((_id, index) => index % cores === core));
  const measured = await Promise.all(
    shares.map(async (share) => {
      const child = fork('scripts/start.js', [fileURLToPath(import.meta.url), ...share]);
      const [some] = (await Promise.race([
        once(child, 'message'),
        once(child, 'exit').then(([code]) => Promise.reject(new Error(`a share ended with ${String(code)}`))),
      ])) as [readonly Measured[]];
      return some;
    }),
  );
  return measured.flat();
}

async function measureAll(ids: readonly string[]): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (const id of defectIds.filter((one) => ids.includes(one))) {
    const one = await measure(id);
    if (one) measured.push(one);
    else process.stdout.write(`${id}: no request shows it\n`);
  }
  return measured;
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
  const seed = (defectIds.indexOf(id) % SEEDS) + 1;
  const orders = ordersOf(candidates, seed, opened);
  const met = (some: typeof shown): boolean[] => orders.map((order) => some.some((one) => order.has(probeName(one))));
  return {
    isDocumented: shown.some(({ documented }) => documented),
    everywhere: met(shown),
    onOne: [...probes.keys()].flatMap((operation) => {
      const own = shown.filter((one) => one.operation === operation);
      return own.length > 0 ? [met(own)] : [];
    }),
    oneForm: [...new Set(shown.map(formOf))].map((form) => met(shown.filter((one) => formOf(one) === form))),
  };
}

/** Probes of another form than the primary one have its name behind the id of the case. */
function formOf({ id }: { readonly id: string }): string {
  return id.split('@')[1] ?? '';
}

/** By the budget. Few defects change what there is to be sent, so most of them share the orders of their seed. */
function ordersOf(
  candidates: readonly Candidate[],
  seed: number,
  opened: ReadonlySet<string>,
): readonly ReadonlySet<string>[] {
  const key = JSON.stringify([seed, [...opened].sort(), candidates]);
  const known = ordersKnown.get(key);
  if (known) return known;
  const orders = BUDGETS.map((requests) => new Set(orderWithin(candidates, { requests, seed, opened })));
  ordersKnown.set(key, orders);
  return orders;
}

/** In percent, with one digit behind the point. */
function share(met: readonly boolean[]): number {
  return Math.round((1000 * met.filter(Boolean).length) / Math.max(1, met.length)) / 10;
}
