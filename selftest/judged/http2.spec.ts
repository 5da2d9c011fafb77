import { expect, test } from '@playwright/test';
import { readTarget } from '../../src/config/read-target.ts';
import type { Variables } from '../../src/config/variables.ts';
import { HttpSender } from '../../src/http/sender.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import type { PlannedRequest } from '../../src/model/request.ts';
import type { Target } from '../../src/model/target.ts';
import { reveal, Secret } from '../../src/secret.ts';
import { writeAuthority } from '../../mock/server/authority-file.ts';
import { complaintLines } from '../support/complaints.ts';
import { huechatInCookie } from '../support/contracts.ts';
import { huechat, judgeMock } from '../support/harness.ts';
import { answer, fieldOf, type Http2Recorder, recordHttp2 } from '../support/http2-recorder.ts';

/** What goes out over HTTP/2 is what was planned, as safe and as separate as over HTTP/1.1. */

const LIVE = 'sk_live_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT';
const TEST = 'sk_test_9zY8xW7vU6tS5rQ4pO3nM2lK1jI0hG';
const NEVER_ISSUED = new Secret('a made-up key', 'sk_test_nnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', {
  origin: 'made-up',
  shell: 'x',
});

async function targetAt({ origin, ca }: Http2Recorder, more: Variables = {}): Promise<Target> {
  return readTarget(await huechat(), {
    HUECHAT_BASE_URL: `${origin}/v2`,
    HUECHAT_ENVIRONMENT: 'sandbox',
    HUECHAT_API_KEY: TEST,
    HUECHAT_OTHER_ENVIRONMENT_KEY: LIVE,
    HUECHAT_CA: writeAuthority(ca, undefined),
    ...more,
  });
}

function request(rest: Partial<PlannedRequest> = {}): PlannedRequest {
  return { via: 'base', method: 'GET', target: ['/v2/contacts'], headers: [], inert: true, http2: {}, ...rest };
}

const withKey = (key: Secret, rest: Partial<PlannedRequest> = {}): PlannedRequest =>
  request({ headers: [['X-API-Key', [key]]], ...rest });

interface Sent {
  readonly exchanges: readonly Exchange[];
  readonly server: Http2Recorder;
}

/** Sends one request after the other with one sender. */
async function send(
  make: (target: Target) => readonly PlannedRequest[],
  respond?: Parameters<typeof recordHttp2>[0],
  { variables = {}, timeout = 5000 }: { readonly variables?: Variables; readonly timeout?: number } = {},
): Promise<Sent> {
  const server = await recordHttp2(respond);
  const target = await targetAt(server, variables);
  const wire = new HttpSender(await huechat(), target, { tries: 3, backoff: 1, timeout });
  try {
    const exchanges: Exchange[] = [];
    for (const one of make(target)) exchanges.push(await wire.send(one, 'http2'));
    return { exchanges, server };
  } finally {
    await wire.close();
    await server.close();
  }
}

test('pseudo-header fields go first, names in lower case, and the record says so without a key', async () => {
  const { exchanges, server } = await send(({ keys }) => [
    withKey(keys.full, {
      headers: [
        ['Accept', ['application/json']],
        ['X-API-Key', [keys.full]],
      ],
    }),
  ]);
  const host = new URL(server.origin).host;
  const fields = [':method', 'GET', ':scheme', 'https', ':authority', host, ':path', '/v2/contacts'];
  const own = ['accept', 'application/json', 'x-api-key', TEST, 'user-agent', 'auth-conformance/1 (http2)'];
  expect(server.seen.map((one) => one.fields)).toEqual([[...fields, ...own]]);
  const lines = [
    ...[':method: GET', ':scheme: https', `:authority: ${host}`, ':path: /v2/contacts'],
    ...['accept: application/json', 'x-api-key: «HUECHAT_API_KEY»'],
  ];
  const [exchange] = exchanges;
  expect(exchange?.request.headers).toEqual(lines);
  expect(exchange?.request.head?.split('\r\n')).toEqual(lines);
  expect(exchange).toMatchObject({ response: { status: 200, body: { json: {} } }, attempts: 1 });
  expect(exchange?.rewritten).toBeUndefined();
  expect(exchange?.request.curl).toMatch(/^curl .*--http2 .*-H "X-API-Key: \$HUECHAT_API_KEY"/);
});

test('no key stands in the record, whatever the server repeats', async () => {
  const { exchanges } = await send(
    ({ keys }) => [withKey(keys.full), withKey(NEVER_ISSUED)],
    (stream, seen) => answer(401, JSON.stringify({ sent: fieldOf(seen, 'x-api-key') }))(stream),
  );
  const recorded = JSON.stringify(exchanges);
  expect(recorded).toContain('«key»');
  expect(recorded).not.toContain(TEST.slice(8));
  expect(exchanges.map(({ echoes }) => echoes)).toEqual([['body: the key'], ['body: the key']]);
  expect(exchanges.map(({ request: { head } }) => head).join('\n')).not.toContain(reveal(NEVER_ISSUED));
});

test('no connection carries two credentials, and an odd request has one of its own', async () => {
  const { server } = await send(({ keys }) => [
    ...[withKey(keys.full), request(), withKey(NEVER_ISSUED), withKey(keys.full), request()],
    request({ http2: { authority: 'localhost' } }),
    request({ target: ['/v2/contacts#x'] }),
  ]);
  const sessions = server.seen.map(({ session }) => session);
  const numbers = sessions.map((session) => sessions.indexOf(session));
  expect(numbers).toEqual([0, 1, 2, 0, 1, 5, 6]);
});

test('a body goes out with its length, and cookies in the fields that they were planned in', async () => {
  const { server } = await send(() => [
    request({
      headers: [
        ['Content-Type', ['application/json']],
        ['Cookie', ['a=1']],
        ['Cookie', ['b=2']],
      ],
      ...{ method: 'POST', target: ['/v2/contact'], body: ['{"inert":'] },
      proof: { by: 'syntax', mediaType: 'application/json' },
    }),
  ]);
  const [seen] = server.seen;
  expect(seen?.body()).toBe('{"inert":');
  expect(seen && fieldOf(seen, 'content-length')).toBe('9');
  expect(seen?.fields.filter((_, index, all) => index % 2 === 1 && all[index - 1] === 'cookie')).toEqual([
    'a=1',
    'b=2',
  ]);
});

const refusals: readonly {
  readonly what: string;
  readonly reason: RegExp;
  readonly request: (target: Target) => PlannedRequest;
  readonly variables?: Variables;
}[] = [
  {
    what: 'a production key at another host',
    reason: /is a production key and .* is no host of production/,
    request: ({ keys }) => withKey(keys.otherEnvironment ?? keys.full),
  },
  {
    what: 'a key that stands open in :authority',
    reason: /stands open in the request/,
    request: () => request({ http2: { authority: TEST } }),
  },
  {
    what: 'a line break in :authority',
    reason: /a line break/,
    request: () => request({ http2: { authority: 'localhost\r\nx: y' } }),
  },
  {
    what: 'a method that may have an effect, without a proof that it has none',
    reason: /nothing proves to be without effect/,
    request: () => request({ method: 'DELETE', target: ['/v2/contact/1'] }),
  },
  {
    what: 'on production an unsafe method with a key that could be accepted',
    reason: /^on production no POST leaves with a key/,
    request: ({ keys }) => withKey(keys.full, { method: 'POST' }),
    variables: { HUECHAT_ENVIRONMENT: 'production', HUECHAT_API_KEY: LIVE, HUECHAT_OTHER_ENVIRONMENT_KEY: TEST },
  },
];

for (const { what, reason, request: make, variables } of refusals) {
  test(`the safety guard keeps ${what} from HTTP/2`, async () => {
    const { exchanges, server } = await send((target) => [make(target)], answer(200), {
      ...(variables && { variables }),
    });
    expect(exchanges[0]?.fault).toMatchObject({ kind: 'guard', message: expect.stringMatching(reason) });
    expect(server.seen).toEqual([]);
  });
}

test('what the server takes for malformed is a hang-up, and is not sent again', async () => {
  const { exchanges } = await send(() => [request({ target: ['no-slash'] })]);
  expect(exchanges[0]).toMatchObject({ fault: { kind: 'reset', message: 'HTTP2_PROTOCOL_ERROR' }, attempts: 1 });
});

test('a stream that the server gives up is sent again', async () => {
  let count = 0;
  const { exchanges, server } = await send(
    () => [request()],
    (stream) => (++count === 1 ? stream.close(2) : answer(401)(stream)),
  );
  expect(exchanges[0]).toMatchObject({ response: { status: 401 }, attempts: 2 });
  expect(server.seen).toHaveLength(2);
});

test('a connection that the server ends is opened again', async () => {
  const { exchanges, server } = await send(
    () => [request(), request()],
    (stream) => {
      answer(200)(stream);
      stream.session?.close();
    },
  );
  expect(exchanges.map(({ response }) => response?.status)).toEqual([200, 200]);
  expect(new Set(server.seen.map(({ session }) => session)).size).toBe(2);
});

test('a stream of events is closed after its head, and silence is a time-out', async () => {
  const { exchanges } = await send(
    () => [request(), request({ method: 'HEAD' })],
    (stream, seen) => {
      if (fieldOf(seen, ':method') === 'GET') stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    },
    { timeout: 500 },
  );
  expect(exchanges[0]).toMatchObject({ response: { status: 200, body: { bytes: 0, truncated: true } } });
  expect(exchanges[1]).toMatchObject({ fault: { kind: 'timeout' } });
});

const ONE = (id: string): boolean => id === 'GET /contacts';

test('where HTTP/2 is not offered nothing is judged over it, with that reason', async () => {
  const { cells } = await judgeMock({ operations: ONE });
  const over = cells.filter(({ rule }) => rule.startsWith('http2-'));
  expect(over.map(({ outcome }) => outcome)).toEqual(['not applicable', 'not applicable']);
  for (const { reason, cases } of over) {
    expect(reason).toMatch(/^127\.0\.0\.1:\d+ does not offer HTTP\/2 in the TLS handshake \(ALPN\)$/);
    expect(cases.filter(({ exchange }) => exchange)).toEqual([]);
  }
});

test('where it is offered every decisive case is judged over it, beside the same over HTTP/1.1', async () => {
  const { cells, asked } = await judgeMock({ operations: ONE, variant: 'speaks-http2' });
  const over = cells.filter(({ rule }) => rule.startsWith('http2-'));
  expect(over.map(({ outcome }) => outcome)).toEqual(['conforms', 'conforms']);
  const ids = asked[0]?.probes.filter(({ request: planned }) => planned?.http2).map(({ id }) => id) ?? [];
  expect(ids).toContain('no-key-over-http2');
  for (const id of ids) {
    const exchange = asked[0]?.exchanges.get(id);
    expect(exchange?.request.headers[0], id).toMatch(/^:method: /);
    expect(exchange?.response, id).toBeDefined();
  }
});

test('a key in a cookie may come in crumbs, and a server that joins them draws no complaint', async () => {
  const contract = await huechatInCookie();
  const { cells } = await judgeMock({ contract, operations: ONE, variant: 'speaks-http2' });
  expect(complaintLines(cells, contract)).toEqual([]);
  const access = cells.find(({ rule }) => rule === 'http2-same-access');
  const crumbs = access?.cases.find((one) => one.case === 'cookie-in-crumbs');
  expect(crumbs?.outcome).toBe('conforms');
  const cookies = crumbs?.exchange?.request.headers.filter((line) => line.startsWith('cookie: '));
  expect(cookies).toEqual(['cookie: session=«HUECHAT_API_KEY»', 'cookie: conformance=crumb']);
});
