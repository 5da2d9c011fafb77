import { expect, test } from '@playwright/test';
import { type MockOptions, startMock } from '../../mock/start.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { OperationExchanges } from '../../src/judging/judge.ts';
import type { Cell } from '../../src/model/cell.ts';
import { Engine } from '../../src/run/engine.ts';
import { catalogue, rules } from '../../tests/catalogue/index.ts';
import { orderWithin, probeName } from '../support/budget-simulation.ts';
import { budgetCandidates } from '../../src/run/budget-candidates.ts';
import { huechat, judgeAll, mockOf } from '../support/harness.ts';

interface Spent {
  readonly cells: readonly Cell[];
  readonly asked: readonly OperationExchanges[];
  /** As the mock counted them. */
  readonly requests: number;
}

async function spend(
  requests: number,
  { defect, variant, seed = 7, chosen }: Pick<MockOptions, 'defect' | 'variant'> & { seed?: number; chosen?: string[] },
): Promise<Spent> {
  const contract = await huechat();
  const mock = await startMock({ ...mockOf(contract), defect, variant });
  const target = readTarget(contract, mock.settings('sandbox'));
  const engine = new Engine(contract, target, catalogue, {
    budget: { requests, seed },
    ...(chosen && { chosen: new Set(chosen) }),
    ...{ tries: 2, backoff: 1 },
  });
  try {
    const asked: OperationExchanges[] = [];
    for (const operation of contract.operations.filter(({ id }) => chosen?.includes(id) ?? true))
      asked.push(await engine.exchangesOf(operation));
    return { cells: judgeAll(asked, rules), asked, requests: mock.requestCount };
  } finally {
    await engine.close();
    await mock.close();
  }
}

const failing = (cells: readonly Cell[]): readonly Cell[] =>
  cells.filter(({ outcome }) => ['violates', 'deviates', 'error'].includes(outcome));

/** Sorted, since of what is under way at once the network decides what is answered first. */
const sentTo = ({ asked }: Spent): string[] =>
  asked.flatMap(({ operation, exchanges }) => [...exchanges.keys()].map((id) => `${operation.id} ${id}`)).toSorted();

const LEFT_OUT = /^(?:left out by HUECHAT_BUDGET|not sent here)/;

test('a run within a budget sends no more, and what it leaves out is not proven', async () => {
  const spent = await spend(150, {});
  expect(spent.requests).toBeLessThanOrEqual(150);
  expect(spent.requests).toBeGreaterThan(145);
  expect(failing(spent.cells)).toEqual([]);
  const leftOut = spent.cells.flatMap(({ cases }) => cases).filter(({ reason }) => LEFT_OUT.test(reason ?? ''));
  expect(leftOut.length).toBeGreaterThan(100);
  for (const verdict of leftOut) expect(verdict).toMatchObject({ outcome: 'not proven', variable: 'HUECHAT_BUDGET' });
  const elsewhere = 'not sent here: the same case conformed on 1 operation; the budget of 150 ends before';
  expect(leftOut.filter(({ reason }) => reason === elsewhere).length).toBeGreaterThan(100);
  const hidden = spent.cells.filter(
    ({ outcome, cases }) => outcome === 'conforms' && cases.some(({ reason }) => LEFT_OUT.test(reason ?? '')),
  );
  expect(hidden).toEqual([]);
});

test('the same target and seed are asked the same, and no request beside the plan', async () => {
  const [one, other] = [await spend(100, {}), await spend(100, {})];
  expect(sentTo(one)).toEqual(sentTo(other));
  // What was left out has no request any more: so all that has one is what was sent, and a large budget sends all of it.
  const probes = new Map(one.asked.map(({ operation, probes: its }) => [operation.id, its]));
  const candidates = budgetCandidates(probes, await huechat(), rules);
  expect(sentTo(one)).toEqual(candidates.map(probeName).toSorted());
  const order = orderWithin(candidates, { requests: 1000, seed: 7, opened: new Set() });
  expect(order.toSorted()).toEqual(candidates.map(probeName).toSorted());
});

test('a budget is shared out over the operations that a run is about', async () => {
  const spent = await spend(60, { chosen: ['GET /contacts', 'POST /contact'] });
  expect(spent.requests).toBeGreaterThan(50);
  expect(spent.requests).toBeLessThanOrEqual(60);
  expect(new Set(spent.cells.map(({ operation }) => operation))).toEqual(new Set(['GET /contacts', 'POST /contact']));
});

test('a budget for less than what shows what responses mean sends nothing', async () => {
  expect((await spend(4, {})).requests).toBe(0);
});

for (const id of ['cut-key-accepted', 'scope-not-enforced', 'missing-key-accepted'] as const)
  test(`150 requests find ${id}, and look closer at it within the budget`, async () => {
    const spent = await spend(150, { defect: { id } });
    expect(failing(spent.cells).length).toBeGreaterThan(0);
    expect(spent.requests).toBeLessThanOrEqual(150);
  });

test('what showed something is sent to every operation', async () => {
  const { cells } = await spend(400, { defect: { id: 'cut-key-accepted' } });
  const shown = failing(cells).filter(({ rule }) => rule === 'partial-key');
  expect(shown).toHaveLength((await huechat()).operations.length);
});

for (const variant of ['two-backends', 'extra-members'] as const)
  test(`a budget accuses no sound server: ${variant}`, async () => {
    expect(failing((await spend(150, { variant })).cells)).toEqual([]);
  });
