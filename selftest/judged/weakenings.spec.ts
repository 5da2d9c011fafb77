import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { defects } from '../../mock/defects/index.ts';
import { killMatrix, soleBy } from '../support/kill-matrix.ts';
import { readKills } from '../support/kills.ts';
import { declaredExpectations, weakenings } from '../support/weakenings.ts';

/** Runs after the tests of the defects, on what they left. */

const kills = readKills(Number(process.env['SELFTEST_STARTED']));

/** The tests of the sound mock notice the loss of a control: without it nothing is proven there. */
const CONTROLS = ['case valid-key', 'case scoped-key'];

test('every defect was judged', () => {
  expect(
    kills.map(({ defect }) => defect),
    'run npm test without a filter',
  ).toEqual(Object.keys(defects).toSorted());
});

test('every expectation that a rule declares is the only one to find fault with some response', () => {
  const sole = soleBy(kills);
  const idle = declaredExpectations.filter((name) => (sole.get(name) ?? []).length === 0);
  expect(idle, 'give each a defect that only it sees, or take it out of its rule').toEqual([]);
});

test('the suite notices each weakening of itself', () => {
  const noticed = new Set(kills.flatMap((kill) => kill.noticed));
  const missed = weakenings.filter((weakening) => !noticed.has(weakening) && !CONTROLS.includes(weakening));
  process.stdout.write(`weakenings: ${weakenings.length - missed.length} caught of ${weakenings.length} tried\n`);
  expect(missed, 'add a defect whose complaints go with it, or take it out of the catalogue').toEqual([]);
});

test('the kill matrix is up to date', () => {
  expect(readFileSync('docs/kill-matrix.md', 'utf8'), 'run npm run kill-matrix').toBe(killMatrix(kills));
});
