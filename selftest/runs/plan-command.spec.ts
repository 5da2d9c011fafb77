import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { expect, test, type TestInfo } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { conformance } from '../support/command-line.ts';
import { huechat, mockOf } from '../support/harness.ts';

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
     net.Socket.prototype.connect = refuse;
     dns.lookup = refuse;
     dns.promises.lookup = refuse;
     syncBuiltinESMExports();`,
  );
  const child = spawn(process.execPath, ['--import', isolation, 'scripts/start.js', 'scripts/plan.ts'], {
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
  const mock = await startMock(mockOf(await huechat()));
  const keys = mock.settings('sandbox');
  const print = `process.stdout.write(${JSON.stringify(`${keys['HUECHAT_API_KEY']}\n`)})`;
  const variables = {
    ...keys,
    // Printed by a command, which writes to standard error too.
    HUECHAT_API_KEY: '',
    HUECHAT_API_KEY_COMMAND: JSON.stringify([process.execPath, '-e', `console.error('note'); ${print}`]),
    HUECHAT_REVOKED_KEY: '',
    HUECHAT_RATE_LIMIT: '60',
    HUECHAT_BUDGET: '700',
    HUECHAT_SEED: '3',
  };
  try {
    const { code, out, err } = await printPlan(info, variables);
    expect(err).toBe('');
    expect(code).toBe(0);
    const line = /^plan: ([\d,]+) requests, about (\d+) min (\d+) s at 60 requests a minute; .*$/m.exec(out);
    const [requests, minutes, seconds] = (line ?? []).slice(1).map(Number);
    expect(60 * Number(minutes) + Number(seconds)).toBe(requests);
    expect(line?.[0]).toMatch(/[\d,]+ need a key that is not set; the budget of 700 leaves out [\d,]+ \(seed 3\)$/);
    expect(out).toMatch(/^by method\n( +\d+ {2}[A-Z]+\n)+by credential\n/m);
    expect(out).toMatch(/^ +\d+ {2}no key$/m);
    expect(out).toMatch(/^ +\d+ {2}HUECHAT_API_KEY$/m);
    expect(out).toMatch(/^ +\d+ {2}a revoked key is not configured: set HUECHAT_REVOKED_KEY$/m);
    for (const [name, key] of Object.entries(keys)) if (name.endsWith('_KEY')) expect(out).not.toContain(key);
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
