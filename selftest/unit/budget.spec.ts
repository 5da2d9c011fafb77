import { dryRunSettings } from '../../mock/dry-run.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { BudgetPlan, type Candidate } from '../../src/requests/budget.ts';
import { budgetCandidates } from '../../src/run/budget-candidates.ts';
import { inShard, planAll } from '../../src/run/plan-run.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { orderWithin, probeName } from '../support/budget-simulation.ts';
import { huechat, mockOf } from '../support/contracts.ts';
import { expect, test } from '../support/unit-test.ts';
import { measuredWorth } from '../support/worth.ts';

const known = { opened: new Set<string>(), different: new Set<string>() };

/** A probe of a small API whose operations are all alike. */
function candidate(operation: string, id: string, more: Partial<Candidate> = {}): Candidate {
  return { operation, id, cost: 1, onDemand: 0, needs: [], isSafe: true, promises: [], ...more };
}

const OPERATIONS = ['GET /a', 'GET /b', 'GET /c', 'GET /d'];
const each = (id: string, more: Partial<Candidate> = {}): Candidate[] =>
  OPERATIONS.map((operation) => candidate(operation, id, more));

const WORTH = {
  measured: ['telling', 'second', 'control', 'silent'],
  defects: [{ by: ['telling'] }, { by: ['telling', 'second'] }, { by: ['second'] }],
};

const names = (batch: readonly Candidate[]): string[] => batch.map(probeName);

test('what shows most is sent first, on one operation, with what it needs', () => {
  const all = [...each('second'), ...each('telling', { needs: ['control'] }), ...each('control')];
  const plan = new BudgetPlan(all, WORTH, { requests: 3, seed: 1 });
  const sent = plan.next(3);
  expect(sent).toHaveLength(3);
  const [first, ...others] = sent.map(({ id }) => id);
  expect(first, 'two defects for one request').toBe('second');
  expect(others.toSorted()).toEqual(['control', 'telling']);
  expect(new Set(sent.slice(1).map(({ operation }) => operation)).size).toBe(1);
  expect(plan.next(0)).toEqual([]);
});

test('a case that showed something is sent on all operations; one that conformed is left for later', () => {
  const others = Array.from({ length: 40 }, (_, index) => candidate('GET /a', `other-${index}`));
  const worth = {
    measured: [...WORTH.measured, ...others.map(({ id }) => id)],
    defects: [...WORTH.defects, ...others.map(({ id }) => ({ by: [id] }))],
  };
  const after = (what: 'nothing' | 'something'): string[] => {
    const plan = new BudgetPlan([...each('telling'), ...others], worth, { requests: 40, seed: 1 });
    const first = plan.next(40);
    expect(names(first).filter((name) => name.endsWith('telling'))).toHaveLength(1);
    plan.learn(
      first.map(({ operation, id }) => ({ operation, id, what: id === 'telling' ? what : 'nothing' })),
      known,
    );
    return names(plan.next(10)).filter((name) => name.endsWith('telling'));
  };
  expect(after('nothing')).toEqual([]);
  expect(after('something')).toHaveLength(3);
});

test('an operation that has shown to be different is asked what was asked elsewhere', () => {
  const cases = Array.from({ length: 30 }, (_, index) => `case-${index}`);
  const worth = { measured: cases, defects: cases.map((id) => ({ by: [id] })) };
  const plan = new BudgetPlan(
    cases.flatMap((id) => each(id)),
    worth,
    { requests: 100, seed: 1 },
  );
  const first = plan.next(100);
  const tried = first.map(({ id }) => id);
  plan.learn([], { opened: new Set(), different: new Set(['GET /c']) });
  const again = plan.next(20).filter(({ id, operation }) => tried.includes(id) && operation === 'GET /c');
  expect(again.length).toBeGreaterThan(10);
});

test('what may have to be looked at closer is kept free', () => {
  const plan = new BudgetPlan([candidate('GET /a', 'telling', { onDemand: 2 })], WORTH, { requests: 3, seed: 1 });
  expect(plan.next(2)).toEqual([]);
  expect(names(plan.next(3))).toEqual(['GET /a telling']);
});

test('what was left out says whether the case was tried elsewhere, and what it showed there', () => {
  const plan = new BudgetPlan(each('telling'), WORTH, { requests: 5, seed: 1 });
  const reason = (): string => plan.reasonLeftOut('telling', 'X_BUDGET').message;
  expect(reason()).toBe('left out by X_BUDGET');
  plan.learn([{ operation: 'GET /a', id: 'telling', what: 'nothing' }], known);
  expect(reason()).toBe('not sent here: the same case conformed on 1 operation; the budget of 5 ends before');
  plan.learn([{ operation: 'GET /b', id: 'telling', what: 'nothing' }], known);
  expect(reason()).toBe('not sent here: the same case conformed on 2 operations; the budget of 5 ends before');
  plan.learn([{ operation: 'GET /c', id: 'telling', what: 'something' }], known);
  expect(reason()).toMatch(/^not sent here, though the same case showed something on 1 operation: /);
});

test('a case that was not measured yet gets a place among those that find something', () => {
  const silent = Array.from({ length: 60 }, (_, index) => candidate('GET /a', `silent-${index}`));
  const worth = { ...WORTH, measured: [...WORTH.measured, ...silent.map(({ id }) => id)] };
  const plan = new BudgetPlan([...silent, candidate('GET /a', 'new')], worth, { requests: 60, seed: 1 });
  expect(names(plan.next(60))[0]).toBe('GET /a new');
});

test('the parts of a budget in shards are the whole', async () => {
  const contract = await huechat();
  const target = readTarget(contract, { ...dryRunSettings(mockOf(contract)), HUECHAT_BUDGET: '101' });
  const parts = [1, 2, 3].map((current) => inShard(target, { current, total: 3 }).run.budget);
  expect(parts).toEqual([34, 34, 33]);
  expect(inShard(target, null)).toBe(target);
});

/** All that could be sent to the mock, and the operations that it opens to requests without an effect. */
async function whole(): Promise<{ candidates: Candidate[]; opened: Set<string> }> {
  const contract = await huechat();
  const target = { ...readTarget(contract, dryRunSettings(mockOf(contract))), offersHttp2: true };
  const probes = planAll(contract, target, catalogue, new SchemaValidators(contract));
  const opened = new Set(contract.operations.filter(({ isSafe }) => isSafe).map(({ id }) => id));
  return { candidates: budgetCandidates(probes, contract, catalogue.rules), opened };
}

test('the table of what cases are worth is the one that the defects give', async () => {
  expect(catalogue.worth, 'run npm run docs').toEqual(measuredWorth(await huechat()));
});

test('the same seed sends the same, and another one something else', async () => {
  const { candidates, opened } = await whole();
  const order = (seed: number): string[] => orderWithin(candidates, { requests: 300, seed, opened });
  expect(order(5)).toEqual(order(5));
  expect(order(5).toSorted()).not.toEqual(order(6).toSorted());
});

test('400 requests meet 97 % of the known defects that all operations have, and every one of a documented MUST', async () => {
  const { candidates, opened } = await whole();
  const contract = await huechat();
  const units = new Set(candidates.map(({ id }) => unitOf(id)));
  // Some need keys of their own, or another contract.
  const defects = measuredWorth(contract).defects.filter(({ by }) => by.some((unit) => units.has(unit)));
  for (const seed of [1, 20_000]) {
    const sent = new Set(
      orderWithin(candidates, { requests: 400, seed, opened }).map((name) => unitOf(name.replace(/^\S+ \S+ /, ''))),
    );
    const missed = defects.filter(({ by }) => !by.some((unit) => sent.has(unit)));
    expect(missed.length / defects.length).toBeLessThan(0.03);
    expect(missed.filter(({ documented }) => documented)).toEqual([]);
  }
});

test('400 requests try every documented promise on every operation', async () => {
  const { candidates, opened } = await whole();
  const sent = new Set(orderWithin(candidates, { requests: 400, seed: 3, opened }));
  const promised = (some: readonly Candidate[]): string[] => [
    ...new Set(some.flatMap(({ operation, promises }) => promises.map((promise) => `${operation} ${promise}`))),
  ];
  const tried = new Set(promised(candidates.filter((one) => sent.has(probeName(one)))));
  expect(promised(candidates).filter((name) => !tried.has(name))).toEqual([]);
});

function unitOf(id: string): string {
  return id.replace(/@.*$/, '@');
}
