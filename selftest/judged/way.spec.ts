import { expect, test } from '@playwright/test';
import { isOpen, type Way } from '../../scripts/servers/way.ts';
import { answerOf, record } from '../support/recorder.ts';

/** The request that opens the hole of a pair, sent by code that shares nothing with the suite's clients. */

const KEYS = { full: 'sk_test_full', locked: 'sk_test_locked' };

async function sent(way: Way, status: number): Promise<{ readonly open: boolean; readonly bytes: string }> {
  const server = await record(() => answerOf(status));
  try {
    return { open: await isOpen(way, `http://127.0.0.1:${server.port}/v2`, KEYS), bytes: server.bytes };
  } finally {
    await server.close();
  }
}

test('its target is sent as it is written', async () => {
  for (const target of ['//v2/contacts', '/v2%2fcontacts', '/v2/contacts;x=1', 'http://localhost?/v2/contacts'])
    expect((await sent({ target }, 200)).bytes).toContain(`GET ${target} HTTP/1.1\r\n`);
});

test('its headers get the keys that they name', async () => {
  const headers = { 'X-API-Key': '{locked}', Authorization: 'Bearer {full}', Connection: 'close, X-Forwarded-For' };
  const { bytes } = await sent({ target: '/v2/contacts', headers }, 200);
  expect(bytes).toContain('X-API-Key: sk_test_locked\r\n');
  expect(bytes).toContain('Authorization: Bearer sk_test_full\r\n');
  expect(bytes).toContain('Connection: close, X-Forwarded-For\r\n');
});

test('it leads in where the response is a success', async () => {
  expect((await sent({ target: '/' }, 201)).open).toBe(true);
  expect((await sent({ target: '/' }, 401)).open).toBe(false);
  expect((await sent({ target: '/' }, 302)).open).toBe(false);
});

test('it leads in where the response is what the way says', async () => {
  const way: Way = { method: 'POST', target: '/', body: '{', isOpen: ({ statusCode }) => statusCode !== 401 };
  expect((await sent(way, 400)).open).toBe(true);
  expect((await sent(way, 401)).open).toBe(false);
});
