import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { Client, type ReceivedResponse, type WrittenRequest } from '../../src/http/client.ts';
import { RawClient } from '../../src/http/raw-client.ts';
import { SENDER_DEFAULTS } from '../../src/http/sender.ts';
import { answerOf, record, type Recorder } from '../support/recorder.ts';

/** What goes on after its head is closed with it, and what waits for a 100 is sent no sooner. */

const OPTIONS = { ...SENDER_DEFAULTS, connection: {}, connections: 1, timeout: 5000 };

const HANDSHAKE: WrittenRequest = {
  method: 'GET',
  target: '/',
  headers: [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
  ],
  body: undefined,
};

const WAITING: WrittenRequest = {
  ...{ method: 'POST', target: '/', body: '{"inert":' },
  headers: [['Expect', '100-continue']],
};

async function raw(server: Recorder, request: WrittenRequest): Promise<ReceivedResponse> {
  const client = new RawClient(OPTIONS);
  return (await client.send(new URL(`http://127.0.0.1:${server.port}`), [request], 'upgrades')).response;
}

for (const lines of [['Connection: Upgrade', 'Upgrade: websocket'], ['Date: today']]) {
  test(`a 101 with ${lines.join(', ')} is the response, and its connection is closed without a byte`, async () => {
    const closed: Promise<unknown>[] = [];
    const server = await record((_, socket) => {
      closed.push(once(socket, 'close'));
      return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`;
    });
    try {
      expect(await raw(server, HANDSHAKE)).toMatchObject({ status: 101, body: Buffer.alloc(0) });
      await Promise.all(closed);
      expect(closed).toHaveLength(1);
      expect(server.bytes.split('\r\n\r\n')).toEqual([expect.stringMatching(/^GET \/ HTTP/), '']);
    } finally {
      await server.close();
    }
  });
}

const EVENTS = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';

for (const who of ['Client', 'RawClient'] as const) {
  test(`the ${who} closes a stream of events after its head`, async () => {
    const sockets: Socket[] = [];
    const server = await record((_, socket) => {
      sockets.push(socket);
      return EVENTS;
    });
    const client = new Client(OPTIONS);
    const request: WrittenRequest = { ...HANDSHAKE, headers: [['Accept', 'text/event-stream']] };
    try {
      const response =
        who === 'RawClient'
          ? await raw(server, request)
          : (await client.send(new URL(`http://127.0.0.1:${server.port}`), request, 'upgrades', 'no key')).response;
      expect(response).toMatchObject({ status: 200, truncated: true });
      for (const socket of sockets) if (!socket.destroyed) await once(socket, 'close');
      expect(sockets).toHaveLength(1);
    } finally {
      await client.close();
      await server.close();
    }
  });
}

test('a body that is held back is never sent to whoever refuses its head', async () => {
  const server = await record(() => answerOf(401), true);
  try {
    expect((await raw(server, WAITING)).status).toBe(401);
    expect(server.bytes).toMatch(/Expect: 100-continue[^]*\r\n\r\n$/);
    expect(server.bytes).not.toContain(WAITING.body);
  } finally {
    await server.close();
  }
});

test('a body that is held back follows a 100, and the final response is the one that counts', async () => {
  const server = await record((_, socket) => {
    socket.once('data', () => socket.write(answerOf(422)));
    return 'HTTP/1.1 100 Continue\r\n\r\n';
  }, true);
  try {
    expect((await raw(server, WAITING)).status).toBe(422);
    expect(server.bytes).toMatch(/\r\n\r\n\{"inert":$/);
  } finally {
    await server.close();
  }
});

test('a body that is held back goes to a server that waits for it and knows no 100', async () => {
  const server = await record(() => answerOf(401));
  try {
    expect((await raw(server, WAITING)).status).toBe(401);
    expect(server.bytes).toMatch(/\r\n\r\n\{"inert":$/);
  } finally {
    await server.close();
  }
});
