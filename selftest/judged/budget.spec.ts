import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { Engine } from '../../src/run/engine.ts';
import { cases, crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { huechat, judgeAll, mockOf } from '../support/harness.ts';

test('a run within a budget sends no more, and what it leaves out is not proven', async () => {
  const contract = await huechat();
  const mock = await startMock(mockOf(contract));
  const budget = { requests: 450, seed: 7 };
  const engine = new Engine(
    contract,
    readTarget(contract, mock.settings('sandbox')),
    { cases, rules, crossOperationRules },
    { budget },
  );
  try {
    const asked = [];
    for (const operation of contract.operations) asked.push(await engine.exchangesOf(operation));
    const cells = judgeAll(asked, rules);
    expect(mock.requestCount).toBeLessThanOrEqual(budget.requests);
    expect(cells.filter(({ outcome }) => ['violates', 'deviates', 'error'].includes(outcome))).toEqual([]);
    const leftOut = cells
      .flatMap(({ cases: its }) => its)
      .filter(({ reason }) => reason === 'left out by HUECHAT_BUDGET');
    expect(leftOut.length).toBeGreaterThan(100);
    for (const verdict of leftOut) expect(verdict).toMatchObject({ outcome: 'not proven', variable: 'HUECHAT_BUDGET' });
    const hidden = cells.filter(
      ({ outcome, cases: its }) =>
        outcome === 'conforms' && its.some(({ reason }) => reason === 'left out by HUECHAT_BUDGET'),
    );
    expect(hidden).toEqual([]);
  } finally {
    await engine.close();
    await mock.close();
  }
});
