import { expect, test } from '@playwright/test';
import { defects } from '../../mock/defects/index.ts';
import { type VariantId, variantIds, variants } from '../../mock/variants/index.ts';
import { KNOWN_ID } from '../../mock/variants/resources.ts';
import type { Cell } from '../../src/model/cell.ts';
import type { Contract } from '../../src/model/contract.ts';
import { complaintLines } from '../support/complaints.ts';
import { huechat, judgeMock } from '../support/harness.ts';
import { contractForVariant } from '../support/variant-contracts.ts';

/** One that reads and one that writes, both with a parameter in the path; the sound mock is judged on all operations. */
const OPERATIONS = ['GET /contact/{identifier}', 'PUT /contact/{identifier}'];

/** What a variant does against a SHOULD; every other variant draws no complaint at all. */
const deviations: Partial<Record<VariantId, readonly string[]>> = {
  'plain-http-redirected': ['plain-http-redirect: plain-http (no-redirect)'],
};

/** Variants that keep something from being proven, and what the reason of each such cell is. */
const unproven: Partial<Record<VariantId, RegExp>> = {
  'accounts-that-share': /the list of the other account shows the same id/,
  'one-operation-unavailable': /503/,
  'other-ids': /PATH_VALUES/,
  'other-ids-are-routed': /PATH_VALUES/,
};

for (const id of variantIds) {
  test(`${id}: ${variants[id].title}, and all is proven`, async ({}, testInfo) => {
    const contract = await contractForVariant(id, testInfo.outputPath.bind(testInfo));
    const cells = await judged(id, contract);
    expectNoFalseWord(id, cells, contract);
    const reasons = cells.filter(({ outcome }) => outcome === 'not proven').map(sentence);
    const expected = unproven[id];
    if (expected) expect(reasons.length).toBeGreaterThan(0);
    expect(reasons.filter((reason) => !expected?.test(reason))).toEqual([]);
  });
}

for (const id of ['other-ids', 'other-ids-are-routed'] as const) {
  test(`${id}: all is proven once the run is told the ids that there are`, async ({}, testInfo) => {
    const contract = await contractForVariant(id, testInfo.outputPath.bind(testInfo));
    const names = contract.operations.flatMap(({ path }) => [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name));
    const values = [...new Set(names)].map((name) => `${name}=${KNOWN_ID}`).join(';');
    const cells = await judged(id, contract, { [`${contract.id.toUpperCase()}_PATH_VALUES`]: values });
    expectNoFalseWord(id, cells, contract);
    expect(cells.filter(({ outcome }) => outcome === 'not proven').map(sentence)).toEqual([]);
  });
}

test('successes-numbered: no operation is the odd one, whichever of its successes was another one before', async () => {
  const contract = await huechat();
  const { cells } = await judgeMock({ contract, variant: 'successes-numbered' });
  expectNoFalseWord('successes-numbered', cells, contract);
});

test('that any read scope reads anything is found beside a key without any scope', async () => {
  const { complaints } = defects['any-read-scope-reads'];
  const contract = await huechat();
  const { cells } = await judgeMock({
    ...{ contract, variant: 'scopeless-key-issued', defect: { id: 'any-read-scope-reads' } },
    operations: (id) => OPERATIONS.includes(id),
  });
  expect(complaintLines(cells, contract)).toEqual(complaints);
});

async function judged(
  variant: VariantId,
  contract: Contract,
  variables: Readonly<Record<string, string>> = {},
): Promise<readonly Cell[]> {
  const known = contract.operations.filter(({ id }) => OPERATIONS.includes(id)).map(({ id }) => id);
  const operations = (id: string): boolean => known.length === 0 || known.includes(id);
  return (await judgeMock({ contract, variant, variables, operations })).cells;
}

function expectNoFalseWord(id: VariantId, cells: readonly Cell[], contract: Contract): void {
  const drawn = cells.filter(({ outcome }) => outcome === 'violates' || outcome === 'error');
  expect(complaintLines(drawn, contract)).toEqual([]);
  expect(complaintLines(cells, contract)).toEqual(deviations[id] ?? []);
}

function sentence({ operation, rule, reason }: Cell): string {
  return `${operation} ${rule}: ${reason}`;
}
