import { execFile } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { withMock } from '../../mock/testing/with-mock.ts';
import { documentWithKeys } from '../support/key-contract.ts';
import { huechat, mockOf } from '../support/harness.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as whoever reads the variables of the mock does. */
function run(command: string, wish: object | string): Promise<Ran> {
  const [file = '', ...args] = JSON.parse(command) as string[];
  return new Promise((resolve) => {
    const child = execFile(file, args, (error, out, err) => resolve({ code: error === null ? 0 : 1, out, err }));
    child.stdin?.end(typeof wish === 'string' ? wish : JSON.stringify(wish));
  });
}

test('the key command of a contract without key operations manages keys while time goes by', async () => {
  const clock = { time: Date.parse('2026-11-29T12:00:00Z') };
  const options = { ...mockOf(await huechat()), clock: { now: () => clock.time } };
  await withMock(options, async ({ mock, send }) => {
    const command = mock.settings('sandbox')['HUECHAT_KEY_COMMAND'] ?? '';
    const asked = async (wish: object): Promise<Record<string, string>> =>
      JSON.parse((await run(command, wish)).out) as Record<string, string>;
    const use = async (key: string | undefined, path = '/contacts'): Promise<number> =>
      (await send({ path, headers: [['X-API-Key', key ?? '']] })).status;
    const { id, secret } = await asked({ action: 'create', scopes: ['contacts:read'], expiresIn: 100 });
    expect([await use(secret), await use(secret, '/conversations')]).toEqual([200, 403]);
    const read = await asked({ action: 'read', id });
    expect(read).toMatchObject({ scopes: ['contacts:read'], lastUsedAt: '2026-11-29T12:00:00.000Z', revokedAt: null });
    expect(JSON.stringify(read)).not.toContain(secret);
    const rolled = await asked({ action: 'roll', id });
    expect(rolled['id']).toBe(id);
    clock.time += 59_999;
    expect([await use(secret), await use(rolled['secret'])]).toEqual([200, 200]);
    clock.time += 1;
    expect([await use(secret), await use(rolled['secret'])]).toEqual([401, 200]);
    expect(await asked({ action: 'update', id, scopes: ['conversations:read'] })).toEqual({});
    expect([await use(rolled['secret']), await use(rolled['secret'], '/conversations')]).toEqual([403, 200]);
    expect(await asked({ action: 'revoke', id })).toEqual({});
    expect(await asked({ action: 'revoke', id })).toEqual({});
    expect(await use(rolled['secret'], '/conversations')).toBe(401);
    expect((await asked({ action: 'list' }))['keys']).toMatchObject([{ id, revokedAt: '2026-11-29T12:01:00.000Z' }]);
  });
});

test('the key command says in a sentence what it cannot do', async () => {
  const mock = await startMock(mockOf(await huechat()));
  const command = mock.settings('sandbox')['HUECHAT_KEY_COMMAND'] ?? '';
  const { code, out, err } = await run(command, { action: 'read', id: 'key_of_nobody' });
  expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'No key has this id.\n' });
  expect((await run(command, 'no JSON')).err).toBe('This is no object of JSON.\n');
  await mock.close();
  expect((await run(command, { action: 'list' })).err).toContain('The console of the mock does not answer');
});

test('the console does not listen to whoever does not know its path, and there is none beside key operations', async () => {
  await withMock(mockOf(await huechat()), async ({ mock }) => {
    const [, , url = ''] = JSON.parse(mock.settings('sandbox')['HUECHAT_KEY_COMMAND'] ?? '[]') as string[];
    const { status } = await fetch(new URL('/sandbox', url), { method: 'POST', body: '{"action":"list"}' });
    expect(status).toBe(404);
    expect(mock.settings('production')).not.toHaveProperty('HUECHAT_KEY_COMMAND');
  });
  await withMock({ document: await documentWithKeys(), name: 'keys' }, ({ mock }) => {
    expect(mock.settings('sandbox')).not.toHaveProperty('KEYS_KEY_COMMAND');
    return Promise.resolve();
  });
});
