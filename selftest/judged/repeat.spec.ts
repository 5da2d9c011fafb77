import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { CompletedExchange } from '../../src/model/exchange.ts';
import { Engine } from '../../src/run/engine.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { BY_CERTIFICATE, huechatByCertificate } from '../support/contracts.ts';
import { huechat, mockOf } from '../support/harness.ts';

/** A line of each shape that a report prints is pasted into a real shell, and what comes back is what the suite recorded. */

// Each line is a few processes, which takes a machine that is slow to start them minutes.
test.describe.configure({ timeout: 600_000 });

/** One operation of each sort that the cases tell apart. */
const OPERATIONS = ['GET /contacts', 'PUT /contact/{identifier}', 'POST /webhooks'];
const AT_ONCE = 6;

interface Ran {
  readonly probe: string;
  readonly line: string;
  readonly recorded: number;
  readonly repeated: number | undefined;
  readonly err: string;
}

test.beforeAll('the programs that the lines call are there', () => {
  for (const program of ['bash', 'curl', 'node', 'openssl', 'timeout', 'od', 'sed', 'base64'])
    expect(
      spawnSync('bash', ['-c', `command -v ${program}`]).status,
      `${program} is not installed: the lines that reports print call it, so install it to run this test`,
    ).toBe(0);
});

/** Of lines that differ in letters and digits alone one shows what all do. */
function shapeOf(line: string): string {
  return line.replace(/[A-Za-z0-9_.-]+/g, 'w');
}

/** The status of the last response that a command printed. */
function statusIn(printed: string): number | undefined {
  const status = [...printed.matchAll(/(?:HTTP\/(?:1\.[01]|2)|':status':) (\d{3})/g)].at(-1)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** A shell's variables, and the folder in which a line may make files. */
interface Place {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

function repeat(probe: string, { request, response }: CompletedExchange, place: Place): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { ...place, timeout: 60_000, encoding: 'latin1' as const, maxBuffer: 64 * 1024 * 1024 };
    execFile('bash', ['-c', request.curl], options, (_, stdout, stderr) =>
      resolve({
        probe,
        line: request.curl,
        recorded: response.status,
        repeated: statusIn(stdout),
        err: stderr.slice(0, 300),
      }),
    );
  });
}

/** The variables that the lines name: those of the run, and one for each scoped key. */
function shellVariables(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const scoped = (settings['HUECHAT_SCOPED_KEYS'] ?? '').split(';').filter((entry) => entry !== '');
  const own = scoped.map((entry): [string, string] => {
    const [scopes = '', key = ''] = entry.split(/=(.*)/s);
    const name = scopes.replaceAll('+', '_and_').toUpperCase();
    return [`HUECHAT_SCOPED_KEY_${name.replace(/[^A-Z0-9]+/g, '_')}`, key];
  });
  const { PATH, HOME } = process.env;
  return { PATH, HOME, ...settings, ...Object.fromEntries(own) };
}

/** Runs the lines in a few shells at once. */
async function expectRepeated(
  lines: { probe: string; exchange: CompletedExchange }[],
  settings: Readonly<Record<string, string>>,
  cwd: string,
): Promise<void> {
  const waiting = [...lines];
  mkdirSync(cwd, { recursive: true });
  const ran: Ran[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      ran.push(await repeat(next.probe, next.exchange, { env: shellVariables(settings), cwd }));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const one of ran.filter(({ recorded, repeated }) => recorded !== repeated))
    expect.soft(one.repeated, `${one.probe}: ${one.line.slice(0, 700)}\n${one.err}`).toBe(one.recorded);
}

test('what is printed repeats the status', async ({}, { outputDir }) => {
  const contract = await huechat();
  const mock = await startMock({ ...mockOf(contract), variant: 'speaks-http2', defect: { id: 'checksum-is-enough' } });
  const settings = mock.settings('sandbox');
  const engine = new Engine(contract, readTarget(contract, settings), catalogue, { tries: 2, backoff: 1 });
  try {
    const byShape = new Map<string, { probe: string; exchange: CompletedExchange }>();
    for (const operation of contract.operations.filter(({ id }) => OPERATIONS.includes(id)))
      for (const [probe, exchange] of (await engine.exchangesOf(operation)).exchanges)
        if (exchange.response) byShape.set(shapeOf(exchange.request.curl), { probe, exchange });
    const lines = [...byShape.values()];
    expect(lines.map(({ probe }) => probe)).toContain('near-miss-with-checksum');
    expect(lines.length).toBeGreaterThan(300);
    expect(lines.filter(({ exchange }) => exchange.request.curl.includes('http2')).length).toBeGreaterThan(10);
    await expectRepeated(lines, settings, outputDir);
  } finally {
    await engine.close();
    await mock.close();
  }
});

test('what is printed of a certificate of the client repeats the status, in a resumed session too', async ({}, {
  outputDir,
}) => {
  const contract = await huechatByCertificate();
  const mock = await startMock({ ...mockOf(contract), defect: { id: 'resumed-session-is-enough' } });
  const settings = mock.settings('sandbox');
  const engine = new Engine(contract, readTarget(contract, settings), catalogue, { tries: 2, backoff: 1 });
  try {
    const [operation] = contract.operations.filter(({ id }) => id === BY_CERTIFICATE[0]);
    const exchanges = operation ? (await engine.exchangesOf(operation)).exchanges : new Map<string, never>();
    const lines = [...exchanges].flatMap(([probe, exchange]) => (exchange.response ? [{ probe, exchange }] : []));
    const statuses = new Map(lines.map(({ probe, exchange }) => [probe, exchange.response.status]));
    expect(statuses.get('no-certificate-and-no-key')).toBe(401);
    expect(statuses.get('nothing-in-resumed-session')).toBe(200);
    await expectRepeated(lines, settings, outputDir);
  } finally {
    await engine.close();
    await mock.close();
  }
});
