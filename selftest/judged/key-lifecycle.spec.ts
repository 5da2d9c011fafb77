import { expect, test } from '@playwright/test';
import { lifecycleDefectIds, lifecycleDefects } from '../../mock/defects/index.ts';
import { lifecycleVariantIds, variants } from '../../mock/variants/index.ts';
import { keyRules } from '../../tests/catalogue/index.ts';
import { complaintLines } from '../support/complaints.ts';
import { judgeKeysOfMock } from '../support/key-harness.ts';

/** As late as the variants are that use all the time that they have. */
const LATER = { revokedWithin: 30, overlap: 15, scopeChangeWithin: 30, expiresWithin: 30, lastUsedWithin: 15 };

test('the keys of the sound mock draw no complaint, every rule is proven, and nothing is left behind', async () => {
  const { cells, contract, leftovers } = await judgeKeysOfMock({});
  expect(complaintLines(cells, contract)).toEqual([]);
  expect(cells.filter(({ outcome }) => outcome !== 'conforms')).toEqual([]);
  expect(new Set(cells.map(({ rule }) => rule))).toEqual(new Set(keyRules.map(({ id }) => id)));
  expect(leftovers).toEqual([]);
});

for (const id of lifecycleDefectIds) {
  test(`${id} (${lifecycleDefects[id].bug}) draws exactly its complaints`, async () => {
    const { cells, contract, leftovers } = await judgeKeysOfMock({ defect: { id } });
    const complaints = complaintLines(cells, contract);
    expect(complaints, `npm run defects -- ${id} prints what is found`).toEqual(lifecycleDefects[id].complaints);
    expect(leftovers).toEqual([]);
  });
}

for (const id of lifecycleVariantIds) {
  test(`${id}: ${variants[id].title}, and all is proven`, async () => {
    const { cells, contract, leftovers } = await judgeKeysOfMock({ variant: id, promises: LATER });
    expect(complaintLines(cells, contract)).toEqual([]);
    expect(cells.filter(({ outcome }) => outcome !== 'conforms')).toEqual([]);
    expect(leftovers).toEqual([]);
  });
}

test('what is not promised is measured and recorded, and no time is a violation', async () => {
  const { cells } = await judgeKeysOfMock({ defect: { id: 'revocation-cached-for-a-minute' }, promises: {} });
  const timed = keyRules.filter(({ promise }) => promise !== undefined).map(({ id }) => id);
  const ofTime = cells.filter(({ rule }) => timed.some((id) => id === rule));
  expect(ofTime.filter(({ outcome }) => outcome !== 'not applicable')).toEqual([]);
  const [revoked] = ofTime.filter(({ rule }) => rule === 'revoked-key-refused-in-time');
  expect(JSON.stringify(revoked)).toMatch(/not promised; measured: .* after \d/);
});

test('a revoked key that opens again is a violation, whatever is promised', async () => {
  const { cells } = await judgeKeysOfMock({ defect: { id: 'revoked-key-back-after-half-a-minute' }, promises: {} });
  const violated = cells.filter(({ outcome }) => outcome === 'violates').map(({ rule }) => rule);
  expect([...new Set(violated)]).toEqual(['revoked-key-stays-refused']);
});

test('each expectation of the rules about keys over time is the only one to complain of some defect', () => {
  const alone = Object.values(lifecycleDefects).flatMap(({ complaints }: { complaints: readonly string[] }) => {
    const found = complaints.flatMap((line) => {
      const [, rule = '', expectations = ''] = /^([^:]+):.*\(([^)]*)\)/.exec(line) ?? [];
      return expectations.split(', ').map((expectation) => `${rule}/${expectation}`);
    });
    return new Set(found).size === 1 ? found : [];
  });
  const declared = keyRules.flatMap(({ id, expectations }) => expectations.map((one) => `${id}/${one}`));
  expect(declared.filter((one) => !alone.includes(one))).toEqual([]);
});
