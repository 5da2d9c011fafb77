import { expect, test } from '@playwright/test';
import { type DefectId, defects } from '../../mock/defects/index.ts';
import type { Cell } from '../../src/verdict/outcome.ts';
import { complaintLines } from './complaints.ts';
import { expectedComplaints } from './defects.expected.ts';
import { huechat, judgeMock } from './harness.ts';

test('the sound mock draws no complaint, and every applicable cell is proven', async () => {
  const { cells } = await judgeMock({});
  expect(complaintLines(cells, await huechat())).toEqual([]);
  expect(cells.filter(({ outcome }) => outcome !== 'conforms' && outcome !== 'not applicable')).toEqual([]);
});

for (const [id, expected] of Object.entries(expectedComplaints) as [DefectId, readonly string[]][]) {
  test(`${id} (${defects[id].bug}) draws exactly its complaints`, async () => {
    const { cells } = await judgeMock({ defect: { id }, ...(isUnreachable(id) && { operations: (one) => one === 'GET /contacts' }) });
    expect(complaintLines(cells, await huechat())).toEqual(expected);
  });
}

const NEIGHBOUR = 'GET /conversations';

for (const operation of ['GET /conversation/{id}', 'PUT /contact/{identifier}']) {
  test(`a defect confined to ${operation} draws the same complaints there, and none beside it`, async () => {
    test.slow();
    for (const id of confinable()) {
      const everywhere = await judgeMock({ defect: { id }, operations: (one) => one === operation });
      const confined = await judgeMock({
        defect: { id, operation },
        operations: (one) => one === operation || one === NEIGHBOUR,
      });
      expect.soft(complaintsOf(confined.cells), id).toEqual(complaintsOf(everywhere.cells));
    }
  });
}

test('a defect confined to the bearer form draws complaints in that form only', async () => {
  test.slow();
  const operation = 'GET /conversation/{id}';
  for (const id of confinable()) {
    const everywhere = await judgeMock({ defect: { id }, operations: (one) => one === operation });
    const confined = await judgeMock({
      defect: { id, operation, form: 'bearer' },
      operations: (one) => one === operation,
    });
    const drawn = complaintsOf(confined.cells).filter((line) => !isComparison(line));
    const inBearer = complaintsOf(everywhere.cells).filter((line) => line.includes('@bearer') && !isComparison(line));
    expect.soft(drawn, id).toEqual(inBearer);
  }
});

/** Comparing the forms is bound to notice that one of them differs, whatever it differs in. */
function isComparison(line: string): boolean {
  return line.includes(' equivalent-forms ');
}

function complaintsOf(cells: readonly Cell[]): string[] {
  return cells.flatMap(({ operation, rule, cases }) =>
    cases.flatMap((verdict) =>
      verdict.complaints.map(({ expectation }) => `${operation} ${rule} ${verdict.case} ${expectation}`),
    ),
  );
}

/** Nothing is answered at all, so one operation shows what all show. */
function isUnreachable(id: DefectId): boolean {
  return id === 'untrusted-certificate' || id === 'certificate-for-another-host';
}

/** Certificates and the shape of keys are settled before any request, so nothing confines them. */
function confinable(): DefectId[] {
  const settled = ['untrusted-certificate', 'certificate-for-another-host', 'valid-key-split'];
  return (Object.keys(defects) as DefectId[]).filter((id) => !settled.includes(id));
}
