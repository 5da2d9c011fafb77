import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { expect, test, type TestInfo } from '@playwright/test';
import { previewSettings } from '../../mock/preview.ts';
import { startMock } from '../../mock/start.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { Engine } from '../../src/run/engine.ts';
import type { Budget, ProbesByOperation } from '../../src/requests/budget.ts';
import type { Probe } from '../../src/requests/plan-operation.ts';
import { casesGiven } from '../../src/judging/rule.ts';
import { planAll, summarise } from '../../src/run/plan-run.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { cases, crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { conformance } from '../support/command-line.ts';
import { huechat, judgeAll } from '../support/harness.ts';

const catalogue = { cases, rules };

let shared: Promise<(budget?: Budget) => ProbesByOperation> | undefined;

/** The plan for a mock that is never started. */
async function plan(budget?: Budget): Promise<ProbesByOperation> {
  shared ??= huechat().then((contract) => {
    const target = readTarget(contract, previewSettings(contract));
    const validators = new SchemaValidators(contract);
    return (within) => planAll(contract, target, catalogue, validators, within);
  });
  return (await shared)(budget);
}

function sent(probes: ProbesByOperation): Probe[] {
  return [...probes.values()].flat().filter(({ request }) => request !== undefined);
}

const nameOf = ({ operation, id }: Probe): string => `${operation.id} ${id}`;

interface Printed {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `npm run plan` in a process that ends at once if it looks up a name or opens a connection. */
async function printPlan(info: TestInfo, variables: Readonly<Record<string, string>>): Promise<Printed> {
  const isolation = info.outputPath('no-network.mjs');
  writeFileSync(
    isolation,
    `import dns from 'node:dns';
     import net from 'node:net';
     import { syncBuiltinESMExports } from 'node:module';
     const refuse = () => { process.stderr.write('the network was used'); process.exit(99); };
     const { connect } = net.Socket.prototype;
     // The loader of TypeScript talks to itself through a pipe.
     net.Socket.prototype.connect = function (...args) {
       const [first] = args.flat();
       return typeof first === 'object' && first?.path ? connect.apply(this, args) : refuse();
     };
     dns.lookup = refuse;
     dns.promises.lookup = refuse;
     syncBuiltinESMExports();`,
  );
  const child = spawn(process.execPath, ['--import', isolation, '--import', 'tsx', 'scripts/plan.ts'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: info.outputPath(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

test('npm run plan says what a run sends, and sends nothing; a run says the same line first', async ({}, info) => {
  test.setTimeout(120_000);
  const mock = await startMock({ contract: await huechat() });
  const variables = {
    ...mock.settings('sandbox'),
    HUECHAT_REVOKED_KEY: '',
    HUECHAT_RATE_LIMIT: '60',
    HUECHAT_BUDGET: '700',
    HUECHAT_SEED: '3',
  };
  try {
    const { code, out, err } = await printPlan(info, variables);
    expect(err).toBe('');
    expect(code).toBe(0);
    const line = /^plan: (\d+) requests, about (\d+) min (\d+) s at 60 requests a minute; .*$/m.exec(out);
    const [requests, minutes, seconds] = (line ?? []).slice(1).map(Number);
    expect(60 * Number(minutes) + Number(seconds)).toBe(requests);
    expect(line?.[0]).toMatch(/\d+ cannot be sent for want of a key; \d+ left out by the budget of 700 \(seed 3\)$/);
    expect(out).toMatch(/^by method\n( +\d+ {2}[A-Z]+\n)+by credential\n/m);
    expect(out).toMatch(/^ +\d+ {2}no key$/m);
    expect(out).toMatch(/^ +\d+ {2}HUECHAT_API_KEY$/m);
    expect(out).toMatch(/^ +\d+ {2}a revoked key is not configured: set HUECHAT_REVOKED_KEY$/m);
    for (const key of Object.entries(variables).filter(([name]) => name.endsWith('_KEY')))
      if (key[1] !== '') expect(out).not.toContain(key[1]);
    expect(mock.requestCount).toBe(0);

    const run = await conformance({
      variables: {
        ...variables,
        HUECHAT_BASE_URL: 'https://127.0.0.1:9/v2',
        HUECHAT_LIVE_KEY_HOSTS: '127.0.0.1:9',
      },
      folder: info.outputPath('run'),
    });
    expect(run.out.split('\n')[1]).toBe(line?.[0]);
  } finally {
    await mock.close();
  }
});

test('npm run plan says what is wrong with the settings and ends with 2', async ({}, info) => {
  const { code, out, err } = await printPlan(info, { HUECHAT_BASE_URL: 'https://sandbox.huechat.ai/v2' });
  expect(err).toMatch(/^HUECHAT_API_KEY is not set: /);
  expect(out).toBe('');
  expect(code).toBe(2);
});

test('the figures of a plan add up', async () => {
  const { requests, onDemand, byMethod, byCredential } = summarise((await plan()).values());
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  expect(sum(byMethod)).toBe(sum(byCredential));
  expect(sum(byMethod)).toBeLessThanOrEqual(requests);
  expect(requests + onDemand).toBeGreaterThan(sent(await plan()).length - 1);
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
    expect(seed - first).toBeLessThan(20);
  });
}

/** The most that may be sent, whatever is answered. */
function requestsOf(probes: ProbesByOperation): number {
  const { requests, onDemand } = summarise(probes.values());
  return requests + onDemand;
}

test('the same seed keeps the same, and another one something else', async () => {
  const kept = async (seed: number): Promise<string[]> => sent(await plan({ requests: 600, seed })).map(nameOf);
  expect(await kept(5)).toEqual(await kept(5));
  expect(await kept(5)).not.toEqual(await kept(6));
});

test('a run within a budget sends no more, and what it leaves out is not proven', async () => {
  const contract = await huechat();
  const mock = await startMock({ contract });
  const budget = { requests: 450, seed: 7 };
  const engine = new Engine(
    contract,
    readTarget(contract, mock.settings('sandbox')),
    { ...catalogue, crossOperationRules },
    { budget },
  );
  try {
    const asked = [];
    for (const operation of contract.operations) asked.push(await engine.exchangesOf(operation));
    const cells = judgeAll(asked, rules);
    expect(mock.requestCount).toBeLessThanOrEqual(budget.requests);
    expect(cells.filter(({ outcome }) => ['violates', 'deviates', 'error'].includes(outcome))).toEqual([]);
    const leftOut = cells
      .flatMap(({ cases: its }) => its)
      .filter(({ reason }) => reason === 'left out by HUECHAT_BUDGET');
    expect(leftOut.length).toBeGreaterThan(100);
    for (const verdict of leftOut) expect(verdict).toMatchObject({ outcome: 'not proven', variable: 'HUECHAT_BUDGET' });
    const hidden = cells.filter(
      ({ outcome, cases: its }) =>
        outcome === 'conforms' && its.some(({ reason }) => reason === 'left out by HUECHAT_BUDGET'),
    );
    expect(hidden).toEqual([]);
  } finally {
    await engine.close();
    await mock.close();
  }
});
