import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { parse } from 'dotenv';
import { Agent, request } from 'undici';
import { allDefectIds } from '../../mock/defects/index.ts';
import { allVariantIds } from '../../mock/variants/index.ts';

interface Cli {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves with the exit code, once nothing more is printed. */
  readonly ended: Promise<number | null>;
}

function start(...args: readonly string[]): Cli {
  const child = spawn(process.execPath, ['scripts/start.js', 'mock/cli.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, out: () => out, err: () => err, ended };
}

async function ready(cli: Cli): Promise<Record<string, string>> {
  await expect.poll(cli.out, { message: 'the line "ready"', timeout: 20_000 }).toMatch(/^ready$/m);
  return parse(cli.out());
}

async function statusOf(
  { HUECHAT_BASE_URL: url = '', HUECHAT_CA: ca = '' }: Record<string, string>,
  key?: string,
): Promise<number> {
  const dispatcher = new Agent({ connect: { ca: await readFile(ca, 'utf8') } });
  const headers = key === undefined ? {} : { 'X-API-Key': key };
  const { statusCode, body } = await request(`${url}/contacts`, { dispatcher, headers });
  await body.dump();
  await dispatcher.close();
  return statusCode;
}

test('prints the variables of the sandbox, then ready, and closes when told to', async () => {
  const cli = start();
  const variables = await ready(cli);
  const { HUECHAT_CA: ca = '', HUECHAT_API_KEY: key } = variables;
  expect(variables['HUECHAT_ENVIRONMENT']).toBe('sandbox');
  expect(key).toMatch(/^sk_test_/);
  expect(variables['HUECHAT_SCOPED_KEYS']).toMatch(/^contacts:read=sk_test_\w+;contacts:write=/);
  expect(cli.out()).toContain('--environment production');
  expect(await statusOf(variables, key)).toBe(200);
  expect(await statusOf(variables)).toBe(401);
  cli.child.kill('SIGTERM');
  expect(await cli.ended).toBe(0);
  expect(cli.err()).toBe('');
  expect(existsSync(ca)).toBe(false);
});

test('writes the variables of the chosen environment to a file before it is ready', async ({}, testInfo) => {
  const file = testInfo.outputPath('mock.env');
  const cli = start(
    '--environment',
    'production',
    '--settings-file',
    file,
    '--defect',
    'missing-key-accepted',
    '--rate-limit',
    '2/600',
  );
  await ready(cli);
  const variables = parse(await readFile(file, 'utf8'));
  expect((await stat(file)).mode & 0o077, 'nobody else reads the keys').toBe(0);
  expect(variables['HUECHAT_ENVIRONMENT']).toBe('production');
  expect(variables['HUECHAT_API_KEY']).toMatch(/^sk_live_/);
  expect([await statusOf(variables), await statusOf(variables), await statusOf(variables)]).toEqual([200, 200, 429]);
  cli.child.kill('SIGINT');
  expect(await cli.ended).toBe(0);
});

test('lists the defects and the variants', async () => {
  const [listed, varied] = [start('--list-defects'), start('--list-variants')];
  expect([await listed.ended, await varied.ended]).toEqual([0, 0]);
  const first = (text: string): string[] =>
    text
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '');
  expect(first(listed.out())).toEqual(allDefectIds);
  expect(first(varied.out())).toEqual(allVariantIds);
});

const misuses: readonly (readonly [args: readonly string[], sentence: RegExp])[] = [
  [['--nonsense'], /--nonsense/],
  [['--defect', 'no-such-defect'], /There is no defect "no-such-defect"/],
  [['--variant', 'no-such-variant'], /There is no variant "no-such-variant"/],
  [['--operation', 'GET /contacts'], /confine a defect/],
  [['--defect', 'scope-not-enforced', '--operation', 'GET /nothing'], /GET \/nothing is no operation/],
  [['--defect', 'scope-not-enforced', '--form', 'cookie'], /cookie is no form/],
  [['--defect', 'untrusted-certificate', '--form', 'bearer'], /nothing confines it/],
  [['--environment', 'moon'], /There is no environment "moon": say production or sandbox/],
  [['--port', 'http'], /--port is "http"/],
  [['--rate-limit', '60'], /--rate-limit is "60"/],
  [['--attempt-limit', '3/0'], /--attempt-limit is "3\/0"/],
  [['--contract', 'specs/nowhere'], /specs\/nowhere/],
  [
    ['--settings-file', 'no-such-folder/mock.env'],
    /^no-such-folder\/mock\.env cannot be written, the system says ENOENT: /,
  ],
  [
    ['--settings-file', '/dev/full'],
    /^\/dev\/full cannot be written, the disk is full: make room there, or name another --settings-file\.\n$/,
  ],
];

for (const [args, sentence] of misuses) {
  test(`says in one line what is wrong with ${args.join(' ')}`, async () => {
    const cli = start(...args);
    expect(await cli.ended).toBe(2);
    expect(cli.err()).toMatch(sentence);
    expect(cli.err().trim().split('\n')).toHaveLength(1);
    expect(cli.out()).toBe('');
  });
}

test('counts its ports up from the one it is given, and says when one is taken', async () => {
  // Below the range that systems give out by themselves, and apart from other runs of this test.
  const port = 20_000 + (process.pid % 2_000) * 4;
  const first = start('--port', String(port));
  const variables = await ready(first);
  expect(variables['HUECHAT_BASE_URL']).toBe(`https://127.0.0.1:${port + 2}/v2`);
  expect(variables['HUECHAT_PLAIN_HTTP_URL']).toBe(`http://127.0.0.1:${port + 3}/v2`);
  const second = start('--port', String(port));
  expect(await second.ended).toBe(2);
  expect(second.err()).toBe(`Port ${port} is taken: give another --port, or none for any free one.\n`);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
});
