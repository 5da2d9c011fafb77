import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { Client } from '../../src/http/client.ts';
import { SENDER_DEFAULTS } from '../../src/http/sender.ts';
import { judgeBehind } from '../support/behind.ts';

/** A server may take a connection for that of whoever used it first, so what a run finds must not depend on who that was. */
test('no connection carries two credentials, but for the cases that are about it', async () => {
  const carried = new Map<Socket, Set<string>>();
  const withoutKey = new Set<Socket>();
  const mixing = new Set<Socket>();
  const { settings } = await judgeBehind({
    operations: (id) => id === 'GET /contacts',
    // One connection for a credential, so that requests meet on it in each run.
    wire: { concurrency: 1 },
    meddle: ({ head, via }, socket) => {
      if (via !== 'base') return 'pass';
      // Their first request names the case as well.
      if (/\((same-connection|scoped-out-key-on-connection)[;)]/.test(head)) mixing.add(socket);
      if (head.includes('(no-key;')) withoutKey.add(socket);
      const [key = ''] = /(?:^X-API-Key:|^Authorization:|sk_(?=test_|live_)).*$/im.exec(head) ?? [];
      carried.set(socket, (carried.get(socket) ?? new Set()).add(key));
      return 'pass';
    },
  });
  const full = settings['HUECHAT_API_KEY'] ?? '';
  const all = [...carried].filter(([socket]) => !mixing.has(socket));
  const withFullKey = all.filter(([, credentials]) => [...credentials].some((line) => line.includes(full)));
  expect(withFullKey.length).toBeGreaterThan(0);
  expect(withFullKey.map(([, credentials]) => [...credentials]).filter(({ length }) => length > 1)).toEqual([]);
  const bare = all.filter(([socket]) => withoutKey.has(socket));
  expect(bare.length).toBeGreaterThan(0);
  expect(bare.flatMap(([, credentials]) => [...credentials]).filter((line) => line !== '')).toEqual([]);
  expect(mixing.size).toBeGreaterThan(0);
});

for (const [where, milliseconds, fewest, most] of [
  ['near', 0, 1, 4],
  // Those that were opened before this was known are kept.
  ['far away', 8, SENDER_DEFAULTS.concurrency, SENDER_DEFAULTS.concurrency + 4],
] as const)
  test(`a target that is ${where} is asked on ${fewest} to ${most} connections for one credential`, async () => {
    let [connections, requests] = [0, 0];
    const server = createServer((_, response) => {
      // Whatever comes first may be answered by what stands before the API.
      const until = performance.now() + (requests++ < 3 ? 0 : milliseconds);
      // Busy, so that no machine is quicker.
      while (performance.now() < until);
      response.end('{}');
    }).on('connection', () => connections++);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const origin = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { concurrency, timeout, largestBody } = SENDER_DEFAULTS;
    const client = new Client({ connection: {}, connections: concurrency, timeout, largestBody });
    const request = { method: 'GET', target: '/', headers: [], body: undefined };
    const ask = async (): Promise<number> => (await client.send(origin, request, 'test', 'no key')).response.status;
    const now = performance.now.bind(performance);
    // A machine that is busy with other things is as far away: so no time passes.
    if (milliseconds === 0) performance.now = () => 0;
    try {
      for (let asked = 0; asked < 30; asked++) expect(await ask()).toBe(200);
      expect(await Promise.all(Array.from({ length: 64 }, ask))).toEqual(Array.from({ length: 64 }, () => 200));
      expect(connections).toBeLessThanOrEqual(most);
      expect(connections).toBeGreaterThanOrEqual(fewest);
    } finally {
      performance.now = now;
      await client.close();
      server.close();
    }
  });

test('the connections of credentials that were used long ago are closed, and no request is lost by it', async () => {
  const server = createServer((_, response) => response.end('{}'));
  server.keepAliveTimeout = 60_000;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const { concurrency, timeout, largestBody } = SENDER_DEFAULTS;
  const client = new Client({ connection: {}, connections: concurrency, timeout, largestBody });
  const request = { method: 'GET', target: '/', headers: [], body: undefined };
  const ask = async (key: number): Promise<number> =>
    (await client.send(origin, request, 'test', `key ${key}`)).response.status;
  try {
    const keys = Array.from({ length: 300 }, (_, key) => key);
    expect(new Set(await Promise.all(keys.map(ask)))).toEqual(new Set([200]));
    // All were needed at once, and now none is.
    expect(await ask(1_000)).toBe(200);
    const open = (): Promise<number> => new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
    await expect.poll(open).toBeLessThanOrEqual(128);
    expect(await ask(1_000)).toBe(200);
    expect(await ask(0)).toBe(200);
  } finally {
    await client.close();
    server.close();
  }
});
