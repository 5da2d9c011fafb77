import { expect, test } from '@playwright/test';
import type { ReceivedResponse, WrittenRequest } from '../../src/http/client.ts';
import { RawClient } from '../../src/http/raw-client.ts';
import { SENDER_DEFAULTS } from '../../src/http/sender.ts';
import { answerOf, record, type Recorder } from '../support/recorder.ts';

/** What servers answer that no client expects, read by the client that writes what no client writes. */

const LARGEST = 100_000;

function requestOf(method: string, target = '/'): WrittenRequest {
  return { method, target, headers: [], body: undefined };
}

async function received(
  respond: Parameters<typeof record>[0],
  requests: readonly WrittenRequest[],
  timeout = 5000,
): Promise<ReceivedResponse> {
  const server: Recorder = await record(respond);
  const client = new RawClient({ ...SENDER_DEFAULTS, connection: {}, connections: 1, largestBody: LARGEST, timeout });
  try {
    return (await client.send(new URL(`http://127.0.0.1:${server.port}`), requests, 'raw-client')).response;
  } finally {
    await server.close();
  }
}

/** Go's net/http writes this to whatever it cannot read, whatever the method. */
const BARE_400 =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request';

test('a response to HEAD that has a body all the same is a response without one', async () => {
  const response = await received(
    (_, socket) => {
      socket.end(BARE_400);
      return undefined;
    },
    [requestOf('HEAD', 'no-slash')],
  );
  expect(response).toMatchObject({ status: 400, truncated: false });
  expect(response.body).toHaveLength(0);
});

test('what comes behind the last byte of a response is not read', async () => {
  const response = await received(() => `${answerOf(400, '{}', 'Connection: close')}and more`, [requestOf('GET', 'x')]);
  expect(response.status).toBe(400);
  expect(response.body.toString()).toBe('{}');
});

test('a first body beyond the limit is read to its end, so that the second response is the second one', async () => {
  const response = await received(
    (head) => (head.startsWith('GET /first') ? answerOf(200, 'x'.repeat(50 * LARGEST)) : answerOf(401, '{"no":1}')),
    [requestOf('GET', '/first'), requestOf('GET', '/second')],
  );
  expect(response.status).toBe(401);
  expect(response.body.toString()).toBe('{"no":1}');
});

test('a first body that never ends cannot be followed by a second request, which is said so', async () => {
  const endless = received(
    (_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk)) continue;
        socket.once('drain', more);
      };
      more();
      return undefined;
    },
    [requestOf('GET', '/first'), requestOf('GET', '/second')],
  );
  await expect(endless).rejects.toMatchObject({ code: 'CONNECTION_UNFIT' });
});

test('a HEAD first whose body all the same comes leaves the connection unfit for a second request', async () => {
  const second = received(
    (head) => (head.startsWith('HEAD') ? answerOf(200, 'a body') : answerOf(401)),
    [requestOf('HEAD'), requestOf('HEAD', '/second')],
  );
  await expect(second).rejects.toMatchObject({ code: 'CONNECTION_UNFIT' });
});
