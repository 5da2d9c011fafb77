import { expect, test } from '../support/unit-test.ts';
import { dryRunSettings } from '../../mock/dry-run.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import type { Budget, ProbesByOperation } from '../../src/requests/budget.ts';
import type { Probe } from '../../src/requests/plan-operation.ts';
import { planAll, planWithin, summarise } from '../../src/run/plan-run.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { catalogue, rules } from '../../tests/catalogue/index.ts';
import { beginning } from '../../src/asking/beginning.ts';
import { huechat, mockOf } from '../support/contracts.ts';

let shared: Promise<(budget?: Budget) => ProbesByOperation> | undefined;

/** The plan for a mock that is never started; within a budget for one that offers HTTP/2, which a run finds out before. */
async function plan(budget?: Budget): Promise<ProbesByOperation> {
  shared ??= huechat().then((contract) => {
    const target = readTarget(contract, dryRunSettings(mockOf(contract)));
    const validators = new SchemaValidators(contract);
    return (within) =>
      within
        ? planWithin(contract, { ...target, offersHttp2: true }, catalogue, validators, within, LANDMARKS)
        : planAll(contract, target, catalogue, validators);
  });
  return (await shared)(budget);
}

function sent(probes: ProbesByOperation): Probe[] {
  return [...probes.values()].flat().filter(({ request }) => request !== undefined);
}

const nameOf = ({ operation, id }: Probe): string => `${operation.id} ${id}`;

test('the figures of a plan add up', async () => {
  const { requests, onDemand, overHttp2, byMethod, byCredential } = await summarise((await plan()).values());
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  expect(sum(byMethod)).toBe(sum(byCredential));
  expect(sum(byMethod)).toBeLessThanOrEqual(requests);
  expect(requests + onDemand + overHttp2).toBeGreaterThan(sent(await plan()).length - 1);
});

test('what goes over HTTP/2 is counted by itself, since a plan does not ask whether the target offers it', async () => {
  const all = [...(await plan()).values()];
  const over = all.flat().filter(({ request }) => request?.http2);
  expect(over.length).toBeGreaterThan(100);
  const { overHttp2, requests } = await summarise(all);
  expect(overHttp2).toBe(over.length);
  const without = await summarise(all.map((probes) => probes.filter((one) => !over.includes(one))));
  expect(requests).toBe(without.requests);
});

for (const requests of [100, 400, 1000])
  test(`a budget of ${requests} is spent and not exceeded, whatever is answered`, async () => {
    const probes = await plan({ requests, seed: 1 });
    expect(await requestsOf(probes)).toBeLessThanOrEqual(requests);
    expect(await requestsOf(probes)).toBeGreaterThan(requests - 3);
  });

test('four successive seeds of a budget try every case', async () => {
  const everything = new Set(
    sent(await plan())
      .filter(isNoComparison)
      .map(({ id }) => id),
  );
  const tried = new Set<string>();
  for (const seed of [19_876, 19_877, 19_878, 19_879])
    for (const { id } of sent(await plan({ requests: 500, seed }))) tried.add(id);
  expect([...everything].filter((id) => !tried.has(id))).toEqual([]);
});

test('a budget that is large enough leaves nothing out', async () => {
  expect(sent(await plan({ requests: 5000, seed: 1 })).map(nameOf)).toEqual(
    sent(await plan({ requests: 6000, seed: 2 })).map(nameOf),
  );
  expect(
    [...(await plan({ requests: 5000, seed: 1 })).values()].flat().filter(({ notSent }) => notSent?.cause === 'budget'),
  ).toEqual([]);
});

const isNoComparison = (probe: Probe): boolean => probe.case.kind !== 'on-demand';

/** What is sent once a run beside the cases, so that each response can be attributed. */
const LANDMARKS = 4;

/** What is sent where nothing shows anything. */
async function requestsOf(probes: ProbesByOperation): Promise<number> {
  const { requests, overHttp2 } = await summarise(probes.values());
  return requests + overHttp2 + LANDMARKS;
}

test('the same seed keeps the same, and another one something else', async () => {
  const kept = async (seed: number): Promise<string[]> => sent(await plan({ requests: 600, seed })).map(nameOf);
  expect(await kept(5)).toEqual(await kept(5));
  expect(await kept(5)).not.toEqual(await kept(6));
});

test('a run says first how much of all it is about, and counts only what that sends', async () => {
  const contract = await huechat();
  const target = readTarget(contract, dryRunSettings(mockOf(contract)));
  const ids = contract.operations.map(({ id }) => id);
  const said = (chosen: readonly string[], asked: readonly string[]): Promise<string> =>
    beginning({ contract, target, usesEmbeddedMock: false }, catalogue, rulesOf(chosen), new Set(asked));
  const rulesOf = (ofOperations: readonly string[]) => ({
    ofOperations: new Set(ofOperations),
    aboutKeys: new Set<string>(),
  });
  const requestsOf = (text: string): number =>
    Number(/^plan: ([\d,]+) requests?\b/m.exec(text)?.[1]?.replaceAll(',', ''));
  const all = rules.map(({ id }) => id);

  const whole = await said(all, ids);
  expect(whole).toContain(`: ${ids.length} operations × ${all.length} rules\n`);
  const part = await said(['missing-key'], ['GET /contacts']);
  expect(part).toContain(`: 1 of ${ids.length} operations × 1 of ${all.length} rules\n`);
  expect(requestsOf(part)).toBeGreaterThan(0);
  const one = await said(all, ['GET /contacts']);
  expect(requestsOf(part)).toBeLessThan(requestsOf(one));
  expect(requestsOf(one)).toBeLessThan(requestsOf(whole));
});
