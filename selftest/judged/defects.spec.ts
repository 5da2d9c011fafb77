import { expect, test } from '@playwright/test';
import { defectIds, defects } from '../../mock/defects/index.ts';
import { complaintLines } from '../support/complaints.ts';
import { contractFor, huechat, judgeMock, operationsFor, variablesFor } from '../support/harness.ts';
import { saveKill } from '../support/kills.ts';
import { tryWeakenings } from '../support/weakenings.ts';

/** How many requests a full run sends. Every user sends a further one every night, so it is added on purpose. */
const REQUESTS = { sandbox: 1623, production: 1247 };

for (const environment of ['sandbox', 'production'] as const) {
  test(`the sound mock draws no complaint in ${environment}, and every applicable cell is proven`, async () => {
    const { cells, requests } = await judgeMock({ environment });
    expect(complaintLines(cells, await huechat())).toEqual([]);
    expect(cells.filter(({ outcome }) => outcome !== 'conforms' && outcome !== 'not applicable')).toEqual([]);
    expect(
      requests,
      `a run sends ${requests} requests in ${environment}: if that is meant, write it into REQUESTS of this file`,
    ).toBe(REQUESTS[environment]);
  });
}

for (const id of defectIds) {
  test(`${id} (${defects[id].bug}) draws exactly its complaints`, async () => {
    const contract = await contractFor(id);
    const judged = await judgeMock({
      contract,
      defect: { id },
      operations: operationsFor(id),
      variables: variablesFor(id),
    });
    const complaints = complaintLines(judged.cells, contract);
    expect(complaints, `npm run defects -- ${id} prints what is found`).toEqual(defects[id].complaints);
    saveKill(tryWeakenings(id, judged));
  });
}
