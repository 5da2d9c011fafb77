import { expect, test } from '../support/unit-test.ts';
import { dryRunSettings } from '../../mock/dry-run.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import type { Budget, ProbesByOperation } from '../../src/requests/budget.ts';
import type { Probe } from '../../src/requests/plan-operation.ts';
import { casesGiven } from '../../src/judging/rule.ts';
import { inShard, planAll, planWithin, summarise } from '../../src/run/plan-run.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { catalogue, rules } from '../../tests/catalogue/index.ts';
import { beginning } from '../../tests/playwright/beginning.ts';
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
  const { requests, onDemand, overHttp2, byMethod, byCredential } = summarise((await plan()).values());
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
  const { overHttp2, requests } = summarise(all);
  expect(overHttp2).toBe(over.length);
  expect(requests).toBe(summarise(all.map((probes) => probes.filter((one) => !over.includes(one)))).requests);
});

test('a budget keeps every documented rule on every operation before anything else', async () => {
  const contract = await huechat();
  const whole = await plan();
  const documented = rules.filter(
    ({ level, source }) =>
      level === 'MUST' &&
      'promise' in source &&
      contract.promises.find(({ id }) => id === source.promise)?.mark !== 'inferred',
  );
  // What the least budget is that has room for all of it is found by trying.
  const lacking = (probes: ProbesByOperation): string[] =>
    [...probes].flatMap(([operation, its]) =>
      documented.flatMap((rule) => {
        const applies = contract.operations.some(
          (one) => one.id === operation && rule.reasonNotApplicable?.(one, contract) === undefined,
        );
        const isGiven = (probe: Probe): boolean => probe.request !== undefined && casesGiven(rule).includes(probe.case);
        const could = (whole.get(operation) ?? []).some(isGiven);
        const hasControl = its
          .filter(isGiven)
          .some(
            ({ case: { control } }) =>
              control === undefined ||
              its.some((one) => one.id === control.id && (one.request ?? one.notSent.cause === 'policy')),
          );
        return applies && could && !hasControl ? [`${operation} ${rule.id}`] : [];
      }),
    );
  const small = await firstBudget(async (requests) => lacking(await plan({ requests, seed: 1 })).length === 0);
  expect(small).toBeLessThan(sent(whole).length / 2);
  for (const seed of [1, 2, 20_000]) expect(lacking(await plan({ requests: small, seed }))).toEqual([]);
  for (const seed of [1, 2, 20_000]) expect(lacking(await plan({ requests: 2 * small, seed }))).toEqual([]);
});

/** By bisection, since more room keeps more. */
async function firstBudget(isEnough: (requests: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [100, 900];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

for (const [requests, first] of [
  [500, 19_876],
  [1000, 1],
] as const) {
  test(`with a budget of ${requests}, successive seeds from ${first} on cover everything`, async () => {
    const everything = new Set(sent(await plan()).map(nameOf));
    const covered = new Set<string>();
    let seed = first;
    for (; covered.size < everything.size && seed < first + 100; seed++) {
      const probes = await plan({ requests, seed });
      expect(requestsOf(probes)).toBeLessThanOrEqual(requests);
      expect(requestsOf(probes)).toBeGreaterThan(requests - 3);
      for (const probe of sent(probes)) covered.add(nameOf(probe));
    }
    expect([...everything].filter((name) => !covered.has(name))).toEqual([]);
    expect(seed - first).toBeLessThan(32);
  });
}

/** What is sent once a run beside the cases, so that each response can be attributed. */
const LANDMARKS = 4;

/** The most that may be sent, whatever is answered. */
function requestsOf(probes: ProbesByOperation): number {
  const { requests, onDemand, overHttp2 } = summarise(probes.values());
  return requests + onDemand + overHttp2 + LANDMARKS;
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
  const said = (chosen: readonly string[], asked: readonly string[]): string =>
    beginning({ contract, target, usesEmbeddedMock: false }, new Set(chosen), new Set(asked));
  const requestsOf = (text: string): number =>
    Number(/^plan: ([\d,]+) requests?\b/m.exec(text)?.[1]?.replaceAll(',', ''));
  const all = rules.map(({ id }) => id);

  const whole = said(all, ids);
  expect(whole).toContain(`: ${ids.length} operations × ${all.length} rules\n`);
  const part = said(['missing-key'], ['GET /contacts']);
  expect(part).toContain(`: 1 of ${ids.length} operations × 1 of ${all.length} rules\n`);
  expect(requestsOf(part)).toBeGreaterThan(0);
  expect(requestsOf(part)).toBeLessThan(requestsOf(said(all, ['GET /contacts'])));
  expect(requestsOf(said(all, ['GET /contacts']))).toBeLessThan(requestsOf(whole));
});
