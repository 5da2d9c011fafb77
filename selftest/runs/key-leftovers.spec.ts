import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { isRunning } from '../../src/config/left-overs.ts';
import { withMock } from '../../mock/testing/with-mock.ts';
import { begin, conformance, FEW_REPORTERS, type RunOptions } from '../support/command-line.ts';
import { documentWithKeys } from '../support/key-contract.ts';

/** Milliseconds between two looks. */
const BETWEEN_LOOKS = 50;

/** The ids of the keys that the journals of a run say it has made, once there is one. */
async function madeKeys(folder: string): Promise<readonly string[]> {
  for (;;) {
    const ids = existsSync(folder) ? readdirSync(folder).flatMap((name) => idsIn(join(folder, name))) : [];
    if (ids.length > 0) return ids;
    await new Promise((resume) => setTimeout(resume, BETWEEN_LOOKS));
  }
}

function idsIn(file: string): readonly string[] {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  return [...readFileSync(file, 'utf8').matchAll(/"made":\d+,"id":"([^"]+)"/g)].flatMap(([, id]) => id ?? []);
}

/** Asks with a key that is there until it expires, so that it is there when the run is ended. */
const LONG = 'key-opens-until-it-expires';

test.setTimeout(120_000);

test('after Ctrl-C no key is left, and after a kill none is left once the next run has started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  const document = await documentWithKeys();
  const contract = join(folder, 'keys');
  mkdirSync(contract, { recursive: true });
  writeFileSync(join(contract, 'openapi.json'), JSON.stringify(document));
  await withMock({ document, name: 'keys' }, async ({ mock, keys, send }) => {
    const variables = { ...mock.settings('sandbox'), CONTRACT: contract };
    const statusOf = async (id: string): Promise<number> =>
      (await send({ path: `/keys/${id}`, headers: [['X-API-Key', keys.full]] })).status;
    const options = (seconds: string, rule: string): RunOptions => ({
      variables: { ...variables, KEYS_KEY_WATCH: seconds },
      folder,
      args: ['-g', `${rule}: `, ...FEW_REPORTERS],
      ownGroup: true,
    });
    const journals = join(folder, 'reports', '.made-keys');

    const interrupted = begin(options('60', LONG));
    const [first = ''] = await madeKeys(journals);
    process.kill(-(interrupted.child.pid ?? 0), 'SIGINT');
    const { code, err } = await interrupted.ended;
    expect(code).toBe(2);
    expect(err).toContain('The run was interrupted');
    expect(await statusOf(first)).toBe(404);
    expect(existsSync(journals)).toBe(false);

    const killed = begin(options('60', LONG));
    const [second = ''] = await madeKeys(journals);
    process.kill(-(killed.child.pid ?? 0), 'SIGKILL');
    await killed.ended;
    expect(await statusOf(second)).toBe(200);
    expect(existsSync(journals)).toBe(true);

    const { out } = await conformance(options('1', 'made-key-opens'));
    expect(out).toContain(`1 key that an earlier run had left behind is revoked: ${second}`);
    expect(await statusOf(second)).toBe(404);
    expect(existsSync(journals)).toBe(false);
  });
  rmSync(folder, { recursive: true, force: true });
});

test('a process that has ended does not run, though nobody has asked how it ended', async () => {
  // The shell becomes a program that asks for no child, and then its child ends.
  const script = 'exec 3<&0; (read -r line <&3) & echo $!; exec sleep 60';
  const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const isLinux = process.platform === 'linux';
  const program = (): string => (isLinux ? readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim() : 'sleep');
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const ended = Number(line.toString());
    await expect.poll(program).toBe('sleep');
    parent.stdin.end('\n');
    // Elsewhere only a program says so.
    await expect.poll(() => isRunning(ended)).toBe(!isLinux);
    expect(() => process.kill(ended, 0)).not.toThrow();
    expect(isRunning(Number(parent.pid))).toBe(true);
  } finally {
    parent.kill();
  }
});
