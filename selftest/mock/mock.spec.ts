import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { RateLimiter } from '../../mock/server/rate-limiter.ts';
import type { MockOptions } from '../../mock/start.ts';
import { Client, type Sent } from '../../mock/testing/client.ts';
import { keysOf, type RunningMock, withMock } from '../../mock/testing/with-mock.ts';
import type { Contract, Operation } from '../../src/model/contract.ts';
import { exampleRequest } from '../../src/requests/example-requests.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { huechat, mockOf } from '../support/harness.ts';

const MISSING = { error: 'unauthorized', message: 'API key is required', code: 401 };
const INVALID = { error: 'unauthorized', message: 'Invalid API key', code: 401 };
const FORBIDDEN = { error: 'forbidden', message: 'API key does not have permission for this action', code: 403 };

async function sound(use: (running: RunningMock) => Promise<void>, options: Partial<MockOptions> = {}): Promise<void> {
  await withMock({ ...mockOf(await huechat()), ...options }, use);
}

function withKey(key: string, path = '/contacts'): Sent {
  return { path, headers: [['X-API-Key', key]] };
}

function withBearer(key: string, scheme = 'Bearer'): Sent {
  return { path: '/contacts', headers: [['Authorization', `${scheme} ${key}`]] };
}

function example(contract: Contract, operation: Operation, key: string): Sent {
  const { path, headers, body } = exampleRequest(contract, operation);
  const all = [...headers, ['X-API-Key', key] as const];
  return { method: operation.method, path, headers: all, ...(body !== undefined && { body }) };
}

test.describe('a sound mock', () => {
  for (const environment of ['production', 'sandbox']) {
    test(`lets a full-access key of ${environment} in, in both forms and every spelling`, () =>
      sound(async ({ api, mock, send }) => {
        const { full } = keysOf(api, mock, environment);
        const plain = await send({ ...withKey(full), environment });
        expect(plain.status).toBe(200);
        for (const sent of [
          { path: '/contacts', headers: [['x-api-key', full]] as const },
          withBearer(full),
          withBearer(full, 'bearer'),
          withBearer(full, 'BEARER'),
          {
            path: '/contacts',
            headers: [
              ['X-API-Key', full],
              ['Authorization', `Bearer ${full}`],
            ] as const,
          },
        ]) {
          const answer = await send({ ...sent, environment });
          expect({ status: answer.status, json: answer.json }).toEqual({ status: 200, json: plain.json });
        }
      }));
  }

  test('refuses whatever is no key of its environment, in the documented words', () =>
    sound(async ({ keys, send }) => {
      const { full } = keys;
      const refused: readonly (readonly [sent: Sent, body: object])[] = [
        [{ path: '/contacts' }, MISSING],
        [withKey(''), MISSING],
        [{ path: '/contacts', headers: [['Authorization', 'Bearer']] }, MISSING],
        [{ path: '/contacts', headers: [['Authorization', `Basic ${full}`]] }, MISSING],
        [{ path: `/contacts?api_key=${full}` }, MISSING],
        [withKey(`sk_test_${'a1B2'.repeat(8)}`), INVALID],
        [withKey(full.slice(0, -1)), INVALID],
        [withKey(`${full}x`), INVALID],
        [withKey(full.toUpperCase()), INVALID],
        [withKey(`${full}\u00a0`), INVALID],
        [withKey(full.replace('sk_test_', 'sk_live_')), INVALID],
        [withKey('sk_test_'), INVALID],
        [withKey(keys.revoked), INVALID],
        [withKey(keys.other), INVALID],
        [withBearer(keys.other), INVALID],
        [
          {
            path: '/contacts',
            headers: [
              ['X-API-Key', full],
              ['Authorization', 'Bearer bad'],
            ],
          },
          INVALID,
        ],
        [
          {
            path: '/contacts',
            headers: [
              ['X-API-Key', 'bad'],
              ['X-API-Key', full],
            ],
          },
          INVALID,
        ],
        [
          {
            path: '/contacts',
            headers: [
              ['X-API-Key', keys.other],
              ['Host', 'api.huechat.ai'],
            ],
          },
          INVALID,
        ],
      ];
      for (const [sent, body] of refused) {
        const answer = await send(sent);
        expect({ status: answer.status, json: answer.json }, JSON.stringify(sent.headers)).toEqual({
          status: 401,
          json: body,
        });
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="HueChat API"');
      }
    }));

  test('asks for exactly the scope of each operation', () =>
    sound(async ({ mock, keys, send }) => {
      const contract = await huechat();
      for (const operation of contract.operations) {
        for (const [scope, key] of Object.entries(keys.scoped)) {
          const answer = await send(example(contract, operation, key));
          const isAdmitted = operation.scopes.includes(scope);
          expect(isAdmitted === answer.status < 300, `${scope} at ${operation.id}`).toBe(true);
          if (!isAdmitted)
            expect({ status: answer.status, json: answer.json }).toEqual({ status: 403, json: FORBIDDEN });
        }
      }
      expect(mock.requestCount).toBe(contract.operations.length * contract.scopes.length);
    }));

  test('answers the example request of every operation as documented and records what changes something', () =>
    sound(async ({ mock, keys, send }) => {
      const contract = await huechat();
      const validators = new SchemaValidators(contract);
      for (const operation of contract.operations) {
        const answer = await send(example(contract, operation, keys.full));
        const { schema = '' } = operation.responses[String(answer.status)] ?? {};
        expect(validators.errors(schema, answer.json), operation.id).toEqual([]);
      }
      const unsafe = contract.operations.filter(({ isSafe }) => !isSafe);
      expect(mock.effects).toEqual(unsafe.map(({ id }) => ({ environment: 'sandbox', operation: id })));
    }));

  test('takes a key that is locked to an address from nowhere else, whatever a header claims', () =>
    sound(async ({ keys, send }) => {
      for (const name of ['X-Request-Id', 'X-Forwarded-For', 'X-Real-IP', 'True-Client-IP', 'CF-Connecting-IP']) {
        const answer = await send({
          path: '/contacts',
          headers: [
            ['X-API-Key', keys.locked],
            [name, '203.0.113.7'],
          ],
        });
        expect(answer).toMatchObject({ status: 403, json: { code: 403 } });
      }
    }));

  test('answers plain HTTP in one way, with and without a key', () =>
    sound(async ({ keys, send }) => {
      const answers = await Promise.all(
        [{ path: '/contacts' }, withKey(keys.full), withKey('bad'), withKey(keys.full, '/nothing')].map((sent) =>
          send({ ...sent, isPlain: true }),
        ),
      );
      for (const { status, json } of answers) {
        expect({ status, json }).toEqual({
          status: 403,
          json: { error: 'https_required', message: 'HTTPS is required', code: 403 },
        });
      }
    }));

  test('looks at paths, methods, permissions, input and ids in this order, and only for who has a key', () =>
    sound(async ({ mock, keys, send }) => {
      const json = ['Content-Type', 'application/json'] as const;
      const asked: readonly (readonly [sent: Sent, status: number, error?: string])[] = [
        [{ path: '/nothing' }, 404, 'not_found'],
        [{ path: '/contacts/' }, 404, 'not_found'],
        [{ path: '/contacts', method: 'DELETE' }, 405, 'method_not_allowed'],
        [{ path: '/conversations?limit=101' }, 400, 'invalid_input'],
        [{ path: '/conversations?limit=many' }, 400, 'invalid_input'],
        [{ path: '/conversations?limit=100' }, 200],
        [{ path: '/contact/cnt_of_nobody' }, 404, 'not_found'],
        [{ path: '/contact', method: 'POST', headers: [json], body: '{"inert":' }, 400, 'invalid_input'],
        [{ path: '/contact', method: 'POST', headers: [json], body: '{"email":7}' }, 400, 'invalid_input'],
        [{ path: '/contact', method: 'POST' }, 400, 'invalid_input'],
        [{ path: '/contact/cnt_of_nobody', method: 'PUT', headers: [json], body: '{}' }, 404, 'not_found'],
      ];
      for (const [sent, status, error] of asked) {
        expect(await send(sent), `${sent.path} without a key`).toMatchObject({ status: 401, json: MISSING });
        const answer = await send({ ...sent, headers: [...(sent.headers ?? []), ['X-API-Key', keys.full]] });
        expect(answer.status, sent.path).toBe(status);
        if (error !== undefined) expect(answer.json).toMatchObject({ error, code: status });
      }
      const forbidden = await send({
        path: '/contact',
        method: 'POST',
        headers: [json, ['X-API-Key', keys.scoped['contacts:read'] ?? '']],
        body: '{',
      });
      expect(forbidden.status).toBe(403);
      expect(mock.effects).toEqual([]);
    }));

  test('names the methods of a path and answers HEAD like GET', () =>
    sound(async ({ keys, send }) => {
      const wrong = await send({ ...withKey(keys.full, '/contact/cnt_abc123'), method: 'PATCH' });
      expect(wrong).toMatchObject({ status: 405, headers: { allow: 'GET, PUT, HEAD' } });
      const get = await send(withKey(keys.full));
      const head = await send({ ...withKey(keys.full), method: 'HEAD' });
      expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: '' });
      expect(head.headers['content-length']).toBe(get.headers['content-length']);
      expect((await send({ path: '/contacts', method: 'HEAD' })).status).toBe(401);
    }));

  test('carries the same headers on every answer and invites no browser', () =>
    sound(async ({ keys, send }) => {
      const origin = ['Origin', 'https://evil.example'] as const;
      const asked: readonly Sent[] = [
        withKey(keys.full),
        { path: '/contacts' },
        withKey(keys.full, '/nothing'),
        { path: '/contacts', isPlain: true },
        { path: '', target: () => '/health' },
        { path: '/contacts', headers: [['X-API-Key', 'k'.repeat(40_000)]], isRaw: true },
      ];
      for (const sent of asked) {
        const { headers } = await send({ ...sent, headers: [...(sent.headers ?? []), origin] });
        expect(headers['content-type']).toBe('application/json; charset=utf-8');
        expect(headers['cache-control']).toBe('no-store');
        expect(headers['strict-transport-security']).toBe(sent.isPlain ? undefined : 'max-age=31536000');
        expect(headers['x-ratelimit-limit']).toBe('100000');
        expect(headers['x-ratelimit-remaining']).toMatch(/^\d+$/);
        expect(headers['x-ratelimit-reset']).toMatch(/^\d{10}$/);
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    }));

  test('keeps everything but one path of its own behind the gate, however it is asked', () =>
    sound(async ({ keys, send }) => {
      const asked: readonly (readonly [sent: Partial<Sent>, withFullKey: number])[] = [
        [{ target: () => '/v2/%63ontacts' }, 200],
        [{ target: () => 'http://another-host.example/v2/contacts' }, 200],
        [{ target: () => '/v2/contacts?' }, 200],
        ...[
          '//v2/contacts',
          '/V2/contacts',
          '/v2/contacts;x',
          '/v2/./contacts',
          '/health/../v2/contacts',
          '/health/',
          '/v1/contacts',
          '/v2/contacts.json',
          '/',
        ].map((target) => [{ target: () => target }, 404] as const),
        [{ target: () => '/health', method: 'POST' }, 404],
        ...['PUT', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'].map((method) => [{ method }, 405] as const),
        [{ headers: [['X-Original-URL', '/health']] }, 200],
        [{ headers: [['X-HTTP-Method-Override', 'DELETE']] }, 200],
        [{ path: '/contacts?_method=DELETE' }, 200],
      ];
      for (const [sent, status] of asked) {
        const whole = { path: '/contacts', ...sent };
        const label = JSON.stringify({ ...sent, target: sent.target?.(new URL('https://localhost')) });
        expect((await send(whole)).status, label).toBe(401);
        const { status: known } = await send({
          ...whole,
          headers: [...(sent.headers ?? []), ['X-API-Key', keys.full]],
        });
        expect(known, `${label} with a key`).toBe(status);
      }
      for (const method of ['GET', 'HEAD']) {
        expect((await send({ path: '', target: () => '/health', method })).status).toBe(200);
      }
    }));

  test('refuses whoever tries too many bad keys, and nobody else', () =>
    sound(
      async ({ keys, send }) => {
        for (const status of [401, 401, 429]) expect((await send(withKey('bad'))).status).toBe(status);
        expect((await send({ path: '/contacts' })).status).toBe(401);
        expect((await send(withKey(keys.full))).status).toBe(200);
        expect(await send(withKey(keys.other))).toMatchObject({ status: 429, headers: { 'retry-after': '600' } });
      },
      { attemptLimit: { limit: 2, windowSeconds: 600 } },
    ));

  test('counts the requests of a key together, in whatever form they come', () =>
    sound(
      async ({ keys, send }) => {
        expect(await send(withKey(keys.full))).toMatchObject({
          status: 200,
          headers: { 'x-ratelimit-remaining': '1' },
        });
        expect(await send(withBearer(keys.full))).toMatchObject({
          status: 200,
          headers: { 'x-ratelimit-remaining': '0' },
        });
        const limited = await send(withKey(keys.full));
        const seconds = Number(limited.headers['retry-after']);
        expect(limited.status).toBe(429);
        expect(seconds).toBeGreaterThan(0);
        expect(limited.json).toEqual({
          error: 'rate_limited',
          message: `Rate limit exceeded. Retry after ${seconds} seconds.`,
          code: 429,
          retry_after: seconds,
        });
        expect((await send(withKey(keys.scoped['contacts:read'] ?? ''))).status).toBe(200);
        expect((await send({ path: '/contacts' })).status).toBe(401);
      },
      { rateLimit: { limit: 2, windowSeconds: 600 } },
    ));

  test('refuses what is no HTTP with an answer like any other', () =>
    sound(async ({ keys, send }) => {
      const malformed: readonly Sent[] = [
        { path: '/contacts', headers: [['X-API-Key ', keys.full]] },
        { path: '/contacts', headers: [['X-API-Key', `\r\n ${keys.full}`]] },
        { path: '/contacts', headers: [['X-API-Key', `${keys.full}\0`]] },
        { path: '', target: () => 'v2/contacts' },
        { path: '/contacts', method: 'FOO' },
      ];
      for (const sent of malformed) {
        const answer = await send({ ...sent, isRaw: true });
        expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_input', code: 400 } });
        expect(answer.headers['x-ratelimit-limit']).toBe('100000');
      }
      const tooLarge = await send({ ...withKey('k'.repeat(65_536)), isRaw: true });
      expect(tooLarge).toMatchObject({ status: 431, json: { error: 'headers_too_large', code: 431 } });
    }));

  test('answers a request that is refused before its end, and takes the rest of it without a reset', () =>
    sound(async ({ mock }) => {
      const { port } = new URL(mock.environments['sandbox']?.plainHttpUrl ?? '');
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(`GET /v2/contacts HTTP/1.1\r\nHost: x\r\nX-API-Key: ${'k'.repeat(20_000)}`);
      const [first] = (await once(socket, 'data')) as [Buffer];
      expect(first.toString('latin1')).toMatch(/^HTTP\/1\.1 431 /);
      // More than any buffer between the two holds, so that the server has read it or reset the connection.
      await promisify((rest: string, done: (error?: Error | null) => void) => socket.end(rest, done))(
        'k'.repeat(16 * 1024 * 1024),
      );
    }));

  test('reads requests in any pieces, also where something else reads them first', () =>
    sound(
      async ({ mock }) => {
        const { port } = new URL(mock.environments['sandbox']?.plainHttpUrl ?? '');
        const post = 'POST /v2/contact HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n\r\n\r\n';
        const get = 'GET /v2/contacts HTTP/1.1\r\nHost: x\r\nX-Odd: \0\r\nConnection: close\r\n\r\n';
        const answers = await new Promise<string>((resolve, reject) => {
          let text = '';
          const socket = connect(Number(port), '127.0.0.1', () => {
            socket.setNoDelay();
            for (const letter of post + get) socket.write(letter);
          });
          socket.on('data', (chunk) => (text += chunk.toString()));
          socket.on('error', reject).on('close', () => resolve(text));
        });
        expect(answers.match(/HTTP\/1\.1 403 /g)).toHaveLength(2);
        expect(mock.requestCount).toBe(2);
      },
      { variant: 'nul-read-as-space' },
    ));

  test('shows a certificate of its own authority, which nobody else trusts', () =>
    sound(async ({ mock, keys }) => {
      const stranger = new Client(mock, rootCertificates.join('\n'));
      await expect(stranger.send(withKey(keys.full))).rejects.toThrow(/unable to verify|self-signed|unable to get/);
      await stranger.close();
    }));

  test('tells the suite where it is, and removes the file of its authority at the end', async () => {
    let file = '';
    const contract = await huechat();
    await sound(async ({ mock }) => {
      for (const environment of Object.keys(mock.environments)) {
        const target = readTarget(contract, mock.settings(environment));
        expect(target.baseUrl).toBe(mock.environments[environment]?.baseUrl);
        expect(target.keys.scoped).toHaveLength(contract.scopes.length);
        file = mock.settings(environment)['HUECHAT_CA'] ?? '';
        expect(existsSync(file)).toBe(true);
        await Promise.resolve();
      }
    });
    expect(existsSync(file)).toBe(false);
  });

  test('has one environment where the document names no kinds of key', async () => {
    const { document } = await huechat();
    const extension = (document as unknown as Record<string, object>)['x-authentication'];
    await sound(
      async ({ mock, send }) => {
        expect(Object.keys(mock.environments)).toEqual(['sandbox']);
        const key = mock.settings('sandbox')['HUECHAT_API_KEY'] ?? '';
        expect((await send({ ...withKey(key), environment: 'sandbox' })).status).toBe(200);
        expect((await send({ path: '/contacts', environment: 'sandbox' })).status).toBe(401);
      },
      { document: { ...document, 'x-authentication': { ...extension, keyKinds: [] } } },
    );
  });
});

test('a window of the rate limit ends at its time', () => {
  const limiter = new RateLimiter({ limit: 1, windowSeconds: 60 });
  expect(limiter.take('one', 1_000)).toMatchObject({ isExceeded: false, remaining: 0, resetsAt: 61 });
  expect(limiter.take('one', 31_000)).toMatchObject({ isExceeded: true, retryAfter: 30 });
  expect(limiter.take('other', 31_000)).toMatchObject({ isExceeded: false });
  expect(limiter.take('one', 61_000)).toMatchObject({ isExceeded: false, resetsAt: 121 });
});
