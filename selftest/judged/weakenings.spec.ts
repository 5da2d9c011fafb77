import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { defects } from '../../mock/defects/index.ts';
import { killMatrix, soleBy } from '../support/kill-matrix.ts';
import { readKills } from '../support/kills.ts';
import { caseWeakenings, expectationWeakening } from '../support/weakenings.ts';

/** Runs after the tests of the defects, on what they left. */

const kills = readKills(Number(process.env['SELFTEST_STARTED']));

/** Cases whose loss is noticed on the sound mock: without its control every cell is unproven. */
const CONTROLS = ['case valid-key', 'case scoped-key'];

test('every defect was judged', () => {
  expect(
    kills.map(({ defect }) => defect),
    'run npm test without a filter',
  ).toEqual(Object.keys(defects).toSorted());
});

test('every expectation of every rule alone complains of some response', () => {
  const idle = [...soleBy(kills)].filter(([, found]) => found.length === 0).map(([name]) => name);
  expect(idle, 'give each a defect that only it sees, or take it out of its rule').toEqual([]);
});

test('the suite notices each weakening of itself', () => {
  const noticed = new Set(kills.flatMap((kill) => kill.noticed));
  const looked = kills.flatMap((kill) => kill.looked);
  const tried = new Set([...looked.map(expectationWeakening), ...caseWeakenings]);
  const missed = [...tried].filter((weakening) => !noticed.has(weakening) && !CONTROLS.includes(weakening));
  process.stdout.write(`weakenings: ${tried.size - missed.length} caught of ${tried.size} tried\n`);
  expect(missed, 'add a defect whose complaints go with it, or take it out of the catalogue').toEqual([]);
});

test('the kill matrix is up to date', () => {
  expect(readFileSync('docs/kill-matrix.md', 'utf8'), 'run npm run kill-matrix').toBe(killMatrix(kills));
});
