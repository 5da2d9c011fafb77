import { expect, test } from '@playwright/test';
import { type VariantId, variantIds, variants } from '../../mock/variants/index.ts';
import { complaintLines } from '../support/complaints.ts';
import { huechat, judgeMock } from '../support/harness.ts';

/** One that reads and one that writes, both with a parameter in the path; the sound mock is judged on all operations. */
const OPERATIONS = ['GET /contact/{identifier}', 'PUT /contact/{identifier}'];

/** What a variant does against a SHOULD; every other variant draws no complaint at all. */
const deviations: Partial<Record<VariantId, readonly string[]>> = {
  'plain-http-redirected': ['plain-http-redirect: plain-http (no-redirect)'],
};

for (const id of variantIds) {
  test(`${id}: ${variants[id].title}, and all is proven`, async () => {
    const { cells } = await judgeMock({ variant: id, operations: (one) => OPERATIONS.includes(one) });
    const drawn = cells.filter(({ outcome }) => outcome === 'violates' || outcome === 'error');
    expect(complaintLines(drawn, await huechat())).toEqual([]);
    expect(complaintLines(cells, await huechat())).toEqual(deviations[id] ?? []);
    const unproven = cells.filter(({ outcome }) => outcome === 'not proven');
    expect(unproven.map(({ operation, rule, reason }) => `${operation} ${rule}: ${reason}`)).toEqual([]);
  });
}
