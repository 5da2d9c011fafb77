import { expect, test } from '@playwright/test';
import { isConfinable } from '../../mock/confine.ts';
import { type DefectId, defects } from '../../mock/defects/index.ts';
import { sound } from '../../mock/sound.ts';
import type { Probe } from '../../src/requests/plan-operation.ts';
import { shown } from '../../src/http/request-text.ts';
import type { Cell } from '../../src/model/cell.ts';
import { complaintLines } from '../support/complaints.ts';
import { expectedComplaints } from './defects.expected.ts';
import { contractFor, huechat, judgeMock, operationsFor, variablesFor } from '../support/harness.ts';
import { saveKill } from '../support/kills.ts';
import { tryWeakenings } from '../support/weakenings.ts';

/** Of a full run: what a case more costs every user every night is to be seen here first. */
const REQUESTS = { sandbox: 1491, production: 1092 };

for (const environment of ['sandbox', 'production'] as const) {
  test(`the sound mock draws no complaint in ${environment}, and every applicable cell is proven`, async () => {
    const { cells, requests } = await judgeMock({ environment });
    expect(complaintLines(cells, await huechat())).toEqual([]);
    expect(cells.filter(({ outcome }) => outcome !== 'conforms' && outcome !== 'not applicable')).toEqual([]);
    expect(requests).toBe(REQUESTS[environment]);
  });
}

for (const [id, expected] of Object.entries(expectedComplaints) as [DefectId, readonly string[]][]) {
  test(`${id} (${defects[id].bug}) draws exactly its complaints`, async () => {
    const contract = await contractFor(id);
    const { cells, asked } = await judgeMock({
      contract,
      defect: { id },
      operations: operationsFor(id),
      variables: variablesFor(id),
    });
    expect(complaintLines(cells, contract)).toEqual(expected);
    saveKill(tryWeakenings(id, asked, cells));
  });
}

const NEIGHBOUR = 'GET /conversations';
const WAYS = ['GET /conversation/{id}', 'PUT /contact/{identifier}', 'bearer'] as const;

// A defect of each bug in one of the ways: the mock's own tests confine every one of them in every way.
for (const [rank, way] of WAYS.entries()) {
  test(`defects confined to ${way} draw the same complaints there, and none beside it`, async () => {
    test.setTimeout(600_000);
    for (const id of confinable().filter((_, index) => index % WAYS.length === rank)) {
      if (way === 'bearer') await expectOnlyInBearer(id);
      else await expectOnlyOn(way, id);
    }
  });
}

async function expectOnlyOn(operation: string, id: DefectId): Promise<void> {
  const everywhere = await judgeMock({ defect: { id }, operations: (one) => one === operation });
  const confined = await judgeMock({
    defect: { id, operation },
    operations: (one) => one === operation || one === NEIGHBOUR,
  });
  const expected = complaintsOf(everywhere.cells).filter((line) => !line.includes(HEAD_TOO_LARGE));
  expect.soft(complaintsOf(confined.cells), id).toEqual(expected);
}

/** Refused before its path is read, so it belongs to no operation. */
const HEAD_TOO_LARGE = ' key-of-64-kilobytes ';

async function expectOnlyInBearer(id: DefectId): Promise<void> {
  const operations = (one: string): boolean => one === 'GET /conversation/{id}';
  const everywhere = await judgeMock({ defect: { id }, operations });
  const confined = await judgeMock({ defect: { id, form: 'bearer' }, operations });
  const bearers = new Set(
    confined.asked.flatMap(({ probes }) => probes.filter(carriesBearer)).map((probe) => probe.id),
  );
  const isInBearer = (line: string): boolean => bearers.has(line.split(' ').at(-2) ?? '');
  const drawn = complaintsOf(confined.cells).filter((line) => !isComparison(line));
  const expected = complaintsOf(everywhere.cells).filter((line) => isInBearer(line) && !isComparison(line));
  expect.soft(drawn, id).toEqual(expected);
}

/** In its own form, or beside another credential. */
function carriesBearer({ request }: Probe): boolean {
  const lines = [...(request?.headers ?? []), ...(request?.earlier?.request.headers ?? [])];
  return lines.some(([name, value]) => name.toLowerCase() === 'authorization' && /^bearer( |$)/i.test(shown(value)));
}

/** Comparing the forms is bound to notice that one of them differs, whatever it differs in. */
function isComparison(line: string): boolean {
  return line.includes(' equivalent-forms ');
}

function complaintsOf(cells: readonly Cell[]): string[] {
  return cells.flatMap(({ operation, rule, cases }) =>
    cases.flatMap((verdict) =>
      verdict.unmet.map(({ expectation }) => `${operation} ${rule} ${verdict.case} ${expectation}`),
    ),
  );
}

/** Certificates and the shape of keys are settled before any request, so nothing confines them. */
function confinable(): DefectId[] {
  const ids = (Object.keys(defects) as DefectId[]).filter((id) => isConfinable(defects[id].patch, sound));
  return [...new Map(ids.map((id) => [defects[id].bug, id])).values()];
}
