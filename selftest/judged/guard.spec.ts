import { expect, test } from '@playwright/test';
import type { HeaderLine, PlannedRequest } from '../../src/model/request.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { reveal, Secret } from '../../src/secret.ts';
import type { Target } from '../../src/model/target.ts';
import type { Variables } from '../../src/config/variables.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { reasonNotToSend } from '../../src/http/safety-guard.ts';
import { HttpSender } from '../../src/http/sender.ts';
import { huechat } from '../support/harness.ts';
import { answerOf, record, type Recorder } from '../support/recorder.ts';

const LIVE = 'sk_live_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT';
const TEST = 'sk_test_9zY8xW7vU6tS5rQ4pO3nM2lK1jI0hG';
const SCOPED = 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5';
const REVOKED = 'R1e2V3o4K5e6D7r8E9v0O1k2E3d4R5';
const LOCKED = 'L1o2C3k4E5d6L7o8C9k0E1d2L3o4C5';

type Environment = 'production' | 'sandbox';

/** A target at the recorder, by the settings of a user who forbids nothing but allows nothing either. */
async function targetOf(environment: Environment, port: number, more: Variables = {}): Promise<Target> {
  const [own, other, prefix] = environment === 'production' ? [LIVE, TEST, 'sk_live_'] : [TEST, LIVE, 'sk_test_'];
  return readTarget(await huechat(), {
    HUECHAT_BASE_URL: `http://127.0.0.1:${port}/v2`,
    HUECHAT_ENVIRONMENT: environment,
    HUECHAT_API_KEY: own,
    HUECHAT_OTHER_ENVIRONMENT_KEY: other,
    HUECHAT_SCOPED_KEYS: `contacts:write=${prefix}${SCOPED}`,
    HUECHAT_REVOKED_KEY: prefix + REVOKED,
    HUECHAT_IP_LOCKED_KEY: prefix + LOCKED,
    HUECHAT_IP_LOCKED_KEY_ADDRESS: '203.0.113.7',
    HUECHAT_PLAIN_HTTP_URL: `http://127.0.0.1:${port}/v2`,
    ...(environment === 'production' && { HUECHAT_LIVE_KEY_HOSTS: `127.0.0.1:${port}` }),
    ...more,
  });
}

/** A request that no case made. */
function request(rest: Partial<PlannedRequest> = {}): PlannedRequest {
  return { via: 'base', method: 'GET', target: ['/v2/contacts'], headers: [], inert: true, ...rest };
}

function withKey(key: Secret, rest: Partial<PlannedRequest> = {}): PlannedRequest {
  return request({ headers: [['X-API-Key', [key]]], ...rest });
}

const madeUp = (value: string): Secret => new Secret('a made-up key', value, { origin: 'made-up', shell: 'x' });
const NEVER_ISSUED = madeUp('sk_test_nnnnnnnnnnnnnnnnnnnnnnnnnnnnnn');

async function withRecorder<Result>(use: (recorder: Recorder) => Promise<Result>): Promise<Result> {
  const recorder = await record(() => answerOf(200));
  try {
    return await use(recorder);
  } finally {
    await recorder.close();
  }
}

interface Sent {
  readonly exchange: Exchange;
  readonly requests: number;
  readonly recorder: Recorder;
}

async function send(
  target: (port: number) => Target | Promise<Target>,
  make: (target: Target) => PlannedRequest,
): Promise<Sent> {
  return withRecorder(async (recorder) => {
    const made = await target(recorder.port);
    const wire = new HttpSender(await huechat(), made, { tries: 1, timeout: 5000 });
    try {
      const exchange = await wire.send(make(made), 'guard');
      const { requests } = wire;
      // Whatever the first send set going would come in before this one.
      const after = await wire.send(request({ target: ['/after'] }), 'guard');
      expect(after.response?.status).toBe(200);
      expect(recorder.bytes).toContain('GET /after HTTP/1.1');
      return { exchange, requests, recorder: { ...recorder, bytes: recorder.bytes.split('GET /after ')[0] ?? '' } };
    } finally {
      await wire.close();
    }
  });
}

interface Attempt {
  readonly title: string;
  readonly on: Environment;
  readonly variables?: Variables;
  readonly target?: (target: Target) => Target;
  readonly request: (target: Target) => PlannedRequest;
  readonly refusal: string | RegExp;
}

const COULD_BE_ACCEPTED = /^on production no \S* ?leaves with a key that could be accepted \(.+\)$/;
const PLAIN = /^(HUECHAT_\w+.*|a made-up key) would go over plain HTTP$/;
const LIVE_ELSEWHERE =
  /^HUECHAT_OTHER_ENVIRONMENT_KEY.* is a production key and 127\.0\.0\.1:\d+ is no host of production: HUECHAT_LIVE_KEY_HOSTS may list it$/;
const OPEN = /^HUECHAT_\w+.* stands open in the request: only a Secret carries a key$/;
const SPLIT = 'a line break or a length of its own would make two requests of one';
const EFFECT = /^a \S+ that could have an effect is sent only where HUECHAT_SANDBOX_WRITES=allow$/;

const cutByOne = (key: Secret): Secret => key.derive('cut by one', (value) => value.slice(0, -1));
const other = ({ keys }: Target): Secret => keys.otherEnvironment ?? keys.full;
const override = (name: string): HeaderLine => [name, ['DELETE']];

const JSON_TYPE: HeaderLine = ['Content-Type', ['application/json']];
const BROKEN_JSON: Partial<PlannedRequest> = {
  headers: [JSON_TYPE],
  body: ['{"inert":'],
  proof: { by: 'syntax', mediaType: 'application/json' },
};
const UNKNOWN_ID: Partial<PlannedRequest> = {
  target: ['/v2/contacts/inert-0123456789ab'],
  proof: { by: 'id', id: 'inert-0123456789ab' },
};
const CONTACT = '#/components/schemas/ContactInput';

/** A POST that claims to be refused by a schema. */
function asContact(mediaType: string, body: PlannedRequest['target'], key: Secret, schema = CONTACT): PlannedRequest {
  const headers: readonly HeaderLine[] = [
    ['X-API-Key', [key]],
    ['Content-Type', [mediaType]],
  ];
  return request({ method: 'POST', headers, body, proof: { by: 'schema', mediaType, schemas: [schema] } });
}

const UNPROVEN = /^a \S+ that nothing proves to be without effect is sent only where HUECHAT_SANDBOX_WRITES=allow$/;

/** Requests that are called inert, with proofs that do not hold. */
const falseProofs: readonly (readonly [title: string, make: (target: Target) => PlannedRequest])[] = [
  ['a POST without a proof', () => request({ method: 'POST' })],
  ['a DELETE without a proof', ({ keys }) => withKey(keys.full, { method: 'DELETE' })],
  ['a body that is JSON after all', () => request({ ...BROKEN_JSON, method: 'POST', body: ['{"inert":1}'] })],
  [
    'a body that is no JSON, sent as a form',
    () =>
      request({ ...BROKEN_JSON, method: 'POST', headers: [['Content-Type', ['application/x-www-form-urlencoded']]] }),
  ],
  [
    'a body that is no JSON, sent as JSON and as a form',
    () =>
      request({
        ...BROKEN_JSON,
        method: 'POST',
        headers: [JSON_TYPE, ['Content-Type', ['application/x-www-form-urlencoded']]],
      }),
  ],
  [
    'a body that the schema accepts',
    ({ keys }) => asContact('application/json', ['{"email":"a@example.com"}'], keys.full),
  ],
  [
    'a form of fields that the schema does not know',
    ({ keys }) => asContact('application/x-www-form-urlencoded', ['api_key=', keys.full], keys.full),
  ],
  [
    'a schema that is not there',
    ({ keys }) => asContact('application/json', ['[]'], keys.full, '#/components/schemas/No'),
  ],
  ['a PUT to an id that nothing has', () => request({ ...UNKNOWN_ID, method: 'PUT' })],
  ['a POST to an id that nothing has', () => request({ ...UNKNOWN_ID, method: 'POST' })],
  ['a PATCH to an id that nothing has', () => request({ ...UNKNOWN_ID, method: 'PATCH' })],
  ['a DELETE of another id', () => request({ ...UNKNOWN_ID, method: 'DELETE', target: ['/v2/contacts/1'] })],
  ['a GET that is overridden to DELETE', () => request({ headers: [override('X-Method')], proof: { by: 'method' } })],
];

const attempts: readonly Attempt[] = [
  ...(['production', 'sandbox'] as const).flatMap((on) =>
    falseProofs.map(([title, make]): Attempt => ({
      title,
      on,
      request: make,
      refusal: on === 'sandbox' ? UNPROVEN : new RegExp(`${UNPROVEN.source}|${COULD_BE_ACCEPTED.source}`),
    })),
  ),

  // Production: no unsafe method with a key that could be accepted.
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'delete', 'PoSt', 'CONNECT', 'PROPFIND', 'FOO'].map((method): Attempt => ({
    title: `${method} with the key`,
    on: 'production',
    request: ({ keys }) => withKey(keys.full, { method }),
    refusal: COULD_BE_ACCEPTED,
  })),
  ...(
    [
      ['a changed key', ({ keys }) => cutByOne(keys.full)],
      ['a key changed twice', ({ keys }) => cutByOne(cutByOne(keys.full))],
      ["the other environment's key", other],
      ['the revoked key', ({ keys }) => keys.revoked ?? keys.full],
      ['the locked key', ({ keys }) => keys.ipLocked ?? keys.full],
      ['a scoped key', ({ keys }) => keys.scoped[0]?.secret ?? keys.full],
      ['the key behind a false name', ({ keys }) => madeUp(reveal(keys.full))],
      ['the key inside a longer false one', ({ keys }) => madeUp(`x${reveal(keys.full)}x`)],
    ] satisfies [string, (target: Target) => Secret][]
  ).map(([title, key]): Attempt => ({
    title: `POST with ${title}`,
    on: 'production',
    request: (target) => withKey(key(target), { method: 'POST' }),
    refusal: COULD_BE_ACCEPTED,
  })),
  {
    title: 'DELETE with the key in a header of any name, after a made-up one',
    on: 'production',
    request: ({ keys }) =>
      withKey(NEVER_ISSUED, {
        method: 'DELETE',
        headers: [
          ['X-API-Key', [NEVER_ISSUED]],
          ['X-Other', ['words ', keys.full]],
        ],
      }),
    refusal: COULD_BE_ACCEPTED,
  },
  {
    title: 'DELETE with the key in the query',
    on: 'production',
    request: ({ keys }) => request({ method: 'DELETE', target: ['/v2/contact/1?key=', keys.full] }),
    refusal: COULD_BE_ACCEPTED,
  },
  ...['X-HTTP-Method-Override', 'x-http-method', 'X-Method-Override', 'X-Method'].map((name): Attempt => ({
    title: `GET that ${name} turns into DELETE`,
    on: 'production',
    request: ({ keys }) => request({ headers: [['X-API-Key', [keys.full]], override(name)] }),
    refusal: COULD_BE_ACCEPTED,
  })),
  ...['/v2/contact/1?_method=DELETE', '/v2/contact/1?a=b&X-HTTP-Method-Override=DELETE'].map((path): Attempt => ({
    title: `GET ${path}`,
    on: 'production',
    request: ({ keys }) => withKey(keys.full, { target: [path] }),
    refusal: COULD_BE_ACCEPTED,
  })),
  {
    title: 'an unsafe request before the request',
    on: 'production',
    request: ({ keys }) =>
      request({ earlier: { request: withKey(keys.full, { method: 'DELETE' }), sameConnection: true } }),
    refusal: COULD_BE_ACCEPTED,
  },
  {
    title: 'an unsafe request before the request before the request',
    on: 'production',
    request: ({ keys }) => {
      const unsafe = withKey(keys.full, { method: 'DELETE' });
      const between = request({ earlier: { request: unsafe, sameConnection: false } });
      return request({ earlier: { request: between, sameConnection: false } });
    },
    refusal: COULD_BE_ACCEPTED,
  },

  // Nothing with an effect, unless the sandbox allows it.
  ...(['production', 'sandbox'] as const).flatMap((on): Attempt[] => [
    {
      title: 'a POST that is not inert, without a key',
      on,
      request: () => request({ method: 'POST', inert: false }),
      refusal: EFFECT,
    },
    {
      title: 'a GET that is overridden and not inert, with a made-up key',
      on,
      request: () => request({ headers: [['X-API-Key', [NEVER_ISSUED]], override('X-Method')], inert: false }),
      refusal: EFFECT,
    },
  ]),
  {
    title: 'a DELETE that is not inert, with the key',
    on: 'sandbox',
    request: ({ keys }) => withKey(keys.full, { method: 'DELETE', inert: false }),
    refusal: EFFECT,
  },
  {
    title: 'a DELETE that is not inert, before the request',
    on: 'sandbox',
    request: ({ keys }) =>
      request({ earlier: { request: withKey(keys.full, { method: 'DELETE', inert: false }), sameConnection: true } }),
    refusal: EFFECT,
  },

  // A production key is shown to hosts of production only.
  ...(
    [
      ['the production key', (key: Secret) => withKey(key)],
      ['the production key as bearer', (key: Secret) => request({ headers: [['Authorization', ['Bearer ', key]]] })],
      ['the production key in the query', (key: Secret) => request({ target: ['/v2/contacts?key=', key] })],
      ['the production key, changed', (key: Secret) => withKey(cutByOne(key))],
      ['the production key behind a false name', (key: Secret) => withKey(madeUp(reveal(key)))],
      [
        'the production key and a Host of production',
        (key: Secret) =>
          request({
            headers: [
              ['Host', ['api.huechat.ai']],
              ['X-API-Key', [key]],
            ],
          }),
      ],
      [
        'the production key to an absolute target',
        (key: Secret) => withKey(key, { target: ['https://api.huechat.ai/v2/contacts'] }),
      ],
      [
        'the production key before the request',
        (key: Secret) => request({ earlier: { request: withKey(key), sameConnection: false } }),
      ],
    ] satisfies [string, (key: Secret) => PlannedRequest][]
  ).map(([title, make]): Attempt => ({
    title: `${title}, to the sandbox`,
    on: 'sandbox',
    request: (target) => make(other(target)),
    refusal: LIVE_ELSEWHERE,
  })),
  {
    title: 'the production key to another port of a listed host',
    on: 'sandbox',
    variables: { HUECHAT_LIVE_KEY_HOSTS: '127.0.0.1,127.0.0.1:1' },
    request: (target) => withKey(other(target)),
    refusal: LIVE_ELSEWHERE,
  },

  // No key in the clear.
  ...(
    [
      ['the key', ({ keys }) => keys.full],
      ['a changed key', ({ keys }) => cutByOne(keys.full)],
      ['the revoked key', ({ keys }) => keys.revoked ?? keys.full],
      ['the key behind a false name', ({ keys }) => madeUp(reveal(keys.full))],
    ] satisfies [string, (target: Target) => Secret][]
  ).map(([title, key]): Attempt => ({
    title: `${title} over plain HTTP`,
    on: 'sandbox',
    request: (target) => withKey(key(target), { via: 'plain-http' }),
    refusal: PLAIN,
  })),
  {
    title: 'the key before a request over plain HTTP',
    on: 'sandbox',
    request: ({ keys }) =>
      request({ via: 'plain-http', earlier: { request: withKey(keys.full), sameConnection: false } }),
    refusal: PLAIN,
  },
  {
    title: 'the key to a plain-HTTP target that is not plainly this machine',
    on: 'sandbox',
    target: (target) => ({ ...target, baseUrl: target.baseUrl.replace('127.0.0.1', '0.0.0.0') }),
    request: ({ keys }) => withKey(keys.full),
    refusal: PLAIN,
  },
  {
    title: 'plain HTTP where the target has no address for it',
    on: 'sandbox',
    variables: { HUECHAT_PLAIN_HTTP_URL: undefined },
    request: ({ keys }) => withKey(keys.full, { via: 'plain-http' }),
    refusal: 'the target has no address for plain HTTP',
  },

  {
    title: 'a changed key over an outdated TLS',
    on: 'sandbox',
    request: ({ keys }) => withKey(cutByOne(keys.full), { newestTls: 'TLSv1.1' }),
    refusal: /^HUECHAT_API_KEY, cut by one would go over an outdated TLS$/,
  },

  // Keys in URLs end in logs.
  {
    title: 'the key in the query of a GET',
    on: 'production',
    request: ({ keys }) => request({ target: ['/v2/contacts?api_key=', keys.full] }),
    refusal: 'a key in a URL is kept in logs: never on production',
  },
  {
    title: 'a changed key in the path of a GET',
    on: 'production',
    request: ({ keys }) => request({ target: ['/v2/', cutByOne(keys.full), '/contacts'] }),
    refusal: 'a key in a URL is kept in logs: never on production',
  },
  {
    title: 'the key behind a false name in the query of a GET',
    on: 'production',
    request: ({ keys }) => request({ target: ['/v2/contacts?api_key=', madeUp(reveal(keys.full))] }),
    refusal: 'a key in a URL is kept in logs: never on production',
  },

  // A key that is no Secret would pass all of the above, and stand in every report.
  ...(
    [
      ['in a header', (key: string) => request({ headers: [['X-API-Key', [key]]] })],
      ['in a header in two pieces', (key: string) => request({ headers: [['A', [key.slice(0, 9), key.slice(9)]]] })],
      ['in the name of a header', (key: string) => request({ headers: [[`X-${key}`, ['1']]] })],
      ['in the request-target', (key: string) => request({ target: [`/v2/contacts?key=${key}`] })],
      ['in the body', (key: string) => request({ body: [JSON.stringify({ key })] })],
      [
        'in the request before',
        (key: string) =>
          request({ earlier: { request: request({ headers: [['X-API-Key', [key]]] }), sameConnection: true } }),
      ],
    ] satisfies [string, (key: string) => PlannedRequest][]
  ).flatMap(([where, make]) =>
    (['production', 'sandbox'] as const).map((on): Attempt => ({
      title: `a key as plain text ${where}`,
      on,
      request: ({ keys }) => make(reveal(keys.full)),
      refusal: OPEN,
    })),
  ),

  // Two requests in one: the second would be looked at by nobody.
  ...(
    [
      [
        'the request-target',
        { target: ['/v2/contacts HTTP/1.1\r\nHost: x\r\n\r\nDELETE /v2/contact/1 HTTP/1.1\r\nX: '] },
      ],
      ['the method', { method: 'GET / HTTP/1.1\r\nHost: x\r\n\r\nDELETE' }],
      ['the value of a header', { headers: [['A', ['b\r\n\r\nDELETE /v2/contact/1 HTTP/1.1\r\nX: y']]] }],
      ['the value of a header, as a bare line feed', { headers: [['A', ['b\nX-HTTP-Method-Override: DELETE']]] }],
      ['the value of a header, as a bare carriage return', { headers: [['A', ['b\rX-Method: DELETE']]] }],
      ['a made-up key', { headers: [['X-API-Key', [madeUp('sk_test_n\r\nX-Method: DELETE')]]] }],
      ['the name of a header', { headers: [['A: b\r\nX-HTTP-Method-Override', ['DELETE']]] }],
      [
        'a length of its own',
        { headers: [['Content-Length', ['0']]], body: ['DELETE /v2/contact/1 HTTP/1.1\r\n\r\n'] },
      ],
      [
        'chunks of its own',
        { headers: [['Transfer-Encoding ', ['chunked']]], body: ['0\r\n\r\nDELETE / HTTP/1.1\r\n'] },
      ],
    ] satisfies [string, Partial<PlannedRequest>][]
  ).map(([where, rest]): Attempt => ({
    title: `a second request in ${where}`,
    on: 'production',
    request: () => request(rest),
    refusal: SPLIT,
  })),
];

for (const {
  title,
  on,
  variables,
  target: change = (made: Target): Target => made,
  request: make,
  refusal,
} of attempts) {
  test(`nothing of it leaves for ${on}: ${title}`, async () => {
    const { exchange, requests, recorder } = await send(
      async (port) => change(await targetOf(on, port, variables)),
      make,
    );
    expect(exchange.fault).toEqual({ kind: 'guard', message: expect.stringMatching(refusal) });
    expect(exchange).toMatchObject({ attempts: 0, echoes: [] });
    expect(exchange.response).toBeUndefined();
    expect(requests).toBe(0);
    expect(recorder.bytes).toBe('');
    const shown = JSON.stringify(exchange);
    for (const key of [LIVE, TEST, SCOPED, REVOKED, LOCKED]) expect(shown).not.toContain(key.slice(-12));
  });
}

/** What is let out: a guard that refuses everything would pass the tests above. */
const permitted: readonly Omit<Attempt, 'refusal'>[] = [
  { title: 'GET with the key', on: 'production', request: ({ keys }) => withKey(keys.full) },
  { title: 'HEAD with a changed key', on: 'production', request: ({ keys }) => withKey(cutByOne(keys.full)) },
  { title: "GET with the sandbox's key", on: 'production', request: (target) => withKey(other(target)) },
  {
    title: 'a POST without a key whose body is no JSON',
    on: 'production',
    request: () => request({ ...BROKEN_JSON, method: 'POST' }),
  },
  {
    title: 'a DELETE with a made-up key for what does not exist',
    on: 'production',
    request: () => withKey(NEVER_ISSUED, { method: 'DELETE', ...UNKNOWN_ID }),
  },
  {
    title: 'a GET with a made-up key in its URL',
    on: 'production',
    request: () => request({ target: ['/v2/contacts?key=', NEVER_ISSUED] }),
  },
  {
    title: 'a POST with the key whose body the schema refuses',
    on: 'sandbox',
    request: ({ keys }) => asContact('application/json', ['[]'], keys.full),
  },
  {
    title: 'a POST with the key whose form the schema refuses',
    on: 'sandbox',
    request: ({ keys }) =>
      asContact('application/x-www-form-urlencoded', ['api_key=', keys.full, '&phone=inert'], keys.full),
  },
  {
    title: 'a method that exists nowhere, with the key',
    on: 'sandbox',
    request: ({ keys }) => withKey(keys.full, { method: 'FOO', proof: { by: 'method' } }),
  },
  {
    title: 'a POST that is not inert, where writes are allowed',
    on: 'sandbox',
    variables: { HUECHAT_SANDBOX_WRITES: 'allow' },
    request: ({ keys }) => withKey(keys.full, { method: 'POST', inert: false }),
  },
  {
    title: 'the key in a URL',
    on: 'sandbox',
    request: ({ keys }) => request({ target: ['/v2/contacts?key=', keys.full] }),
  },
  {
    title: 'a made-up key over plain HTTP',
    on: 'sandbox',
    request: () => withKey(NEVER_ISSUED, { via: 'plain-http' }),
  },
  {
    title: 'a folded header',
    on: 'sandbox',
    request: ({ keys }) => request({ headers: [['X-API-Key', ['\r\n ', keys.full]]] }),
  },
];

for (const { title, on, variables, request: make } of permitted) {
  test(`it leaves for ${on}: ${title}`, async () => {
    const { exchange, requests, recorder } = await send((port) => targetOf(on, port, variables), make);
    expect(exchange.fault).toBeUndefined();
    expect(exchange.response?.status).toBe(200);
    expect(requests).toBe(1);
    expect(recorder.bytes).toMatch(/^[A-Z]+ \/v2\/contacts/);
  });
}

/** A sandbox in a network of its own, whose address is none of this machine's. */
const elsewhere =
  (baseUrl: string, more: Partial<Target> = {}) =>
  (target: Target): Target => ({ ...target, baseUrl, ...more });

for (const [title, change, refused] of [
  ['a private host that is listed', elsewhere('http://api:3000/v2', { plainHttpHosts: ['api:3000'] }), undefined],
  ['a private host that is not listed', elsewhere('http://api:3000/v2'), PLAIN],
  ['another port of it', elsewhere('http://api:3001/v2', { plainHttpHosts: ['api:3000'] }), PLAIN],
  ['a public host', elsewhere('http://api.example.com/v2', { plainHttpHosts: ['api.example.com'] }), PLAIN],
] as const) {
  test(`a key over plain HTTP to ${title} is ${refused ? 'refused' : 'sent'}`, async () => {
    const target = change(await targetOf('sandbox', 1));
    const { keys } = target;
    const reason = reasonNotToSend(withKey(keys.full), new URL(target.baseUrl), target, await huechat());
    if (refused) expect(reason).toMatch(refused);
    else expect(reason).toBeUndefined();
    const production = { ...target, policy: { production: true, allowWrites: false } };
    expect(reasonNotToSend(withKey(keys.full), new URL(target.baseUrl), production, await huechat())).toMatch(PLAIN);
    // A production key that a setting shows to the host goes to it encrypted only.
    const liveKeyHosts = [new URL(target.baseUrl).host];
    const live = reasonNotToSend(
      withKey(other(target)),
      new URL(target.baseUrl),
      { ...target, liveKeyHosts },
      await huechat(),
    );
    expect(live).toBe('HUECHAT_OTHER_ENVIRONMENT_KEY is a production key and would go over plain HTTP');
  });
}

test('the production key is shown to a host that is listed', async () => {
  const { exchange, recorder } = await send(
    (port) => targetOf('sandbox', port, { HUECHAT_LIVE_KEY_HOSTS: `127.0.0.1:${port}` }),
    (target) => withKey(other(target)),
  );
  expect(exchange.response?.status).toBe(200);
  expect(recorder.bytes).toContain(LIVE);
});

test('a redirect is an answer, and no request goes where it points', async () => {
  await withRecorder(async (elsewhere) => {
    const redirecting = await record(() =>
      answerOf(307, '{}', `Location: http://127.0.0.1:${elsewhere.port}/v2/contacts`),
    );
    const wire = new HttpSender(await huechat(), await targetOf('sandbox', redirecting.port), { tries: 1 });
    const { keys } = await targetOf('sandbox', redirecting.port);
    const exchange = await wire.send(withKey(keys.full), 'guard');
    await wire.close();
    await redirecting.close();
    expect(exchange.response?.status).toBe(307);
    expect(elsewhere.connections).toBe(0);
  });
});
