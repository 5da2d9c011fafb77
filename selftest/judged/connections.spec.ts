import type { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { judgeBehind } from '../support/behind.ts';

/** A server may take a connection for that of whoever used it first, so what a run finds must not depend on who that was. */
test('no connection carries two credentials, but for the cases that are about it', async () => {
  const carried = new Map<Socket, Set<string>>();
  const withoutKey = new Set<Socket>();
  const mixing = new Set<Socket>();
  const { settings } = await judgeBehind({
    operations: (id) => id === 'GET /contacts',
    meddle: ({ head, via }, socket) => {
      if (via !== 'base') return 'pass';
      // Their first request names the case as well.
      if (/\((same-connection|scoped-out-key-on-connection)[;)]/.test(head)) mixing.add(socket);
      if (head.includes('(no-key;')) withoutKey.add(socket);
      const [key = ''] = /(?:^X-API-Key: |^Authorization: Bearer |sk_(?=test_|live_)).*$/im.exec(head) ?? [];
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
