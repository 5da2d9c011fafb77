import { crc32 } from 'node:zlib';
import { expect, test } from '@playwright/test';
import type { Received, Sent } from '../../mock/testing/client.ts';
import { type Keys, type RunningMock, withMock } from '../../mock/testing/with-mock.ts';
import type { HeaderLine } from '../../mock/types/http.ts';
import { type VariantId, variantIds, variants } from '../../mock/variants/index.ts';
import { KNOWN_ID } from '../../mock/variants/resources.ts';
import type { RefusalName } from '../../src/model/contract.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { mockOf } from '../support/harness.ts';
import { contractForVariant } from '../support/variant-contracts.ts';

/** What sets a variant apart from the usual sound server, seen in one answer. */
const signs: Readonly<Record<VariantId, (running: RunningMock) => Promise<void>>> = {
  'proxy-says-who-calls': async ({ send, keys }) => {
    const claiming: HeaderLine[] = [
      ['X-Forwarded-For', '203.0.113.7'],
      ['Connection', 'close, X-Forwarded-For'],
    ];
    const locked = { path: '/contacts', headers: [['X-API-Key', keys.locked] as const, ...claiming], isRaw: true };
    await has(send(locked), { status: 403, headers: { via: '1.1 proxy' } });
  },
  'claims-of-a-caller-refused': async ({ send, keys }) => {
    await has(send({ path: '/contacts', headers: [['Remote-User', 'admin']] }), { status: 400 });
    const { headers = [], ...rest } = allowed(keys);
    await has(send({ ...rest, headers: [...headers, ['Remote-User', 'admin']] }), { status: 400 });
  },
  'other-hosts-show-another-site': ({ send }) =>
    has(send({ path: '/contacts', headers: [['Host', 'localhost']] }), {
      status: 200,
      text: expect.stringContaining('It works'),
    }),
  'other-hosts-show-nothing': ({ send }) =>
    has(send({ path: '/contacts', headers: [['Host', 'localhost']] }), {
      ...{ status: 200, text: '' },
      headers: { 'content-length': '0' },
    }),
  'odd-encodings-refused': async ({ send, keys }) => {
    await has(send({ path: '/contacts%00' }), { status: 400 });
    await has(send({ ...allowed(keys), path: '/contacts%2f' }), { status: 400 });
  },
  'page-beside-ids': ({ send }) => has(send({ path: '/contact/login' }), { status: 200, json: { page: 'login' } }),
  'placeholders-named': ({ send }) =>
    has(send({ path: '/contacts', headers: [['X-API-Key', 'None']] }), {
      status: 401,
      json: { code: 401, hint: 'this is a placeholder' },
    }),
  'refusal-as-page-for-browsers': ({ send }) =>
    has(send({ path: '/contacts', headers: [['Accept', 'text/html']] }), {
      status: 401,
      text: expect.stringContaining('<!doctype html>'),
    }),
  'pages-not-acceptable': ({ send }) =>
    has(send({ path: '/contacts', headers: [['Accept', 'text/html']] }), { status: 406 }),
  'refusal-repeats-the-request': ({ send }) =>
    has(send(refused), { status: 401, json: { code: 401, request: { method: 'GET', operation: 'GET /contacts' } } }),
  'refusal-explained-to-debuggers': async ({ send }) => {
    const debugging = send({ ...refused, path: `${refused.path}?debug=true` });
    await has(debugging, { status: 401, json: { code: 401, debugging: { operation: 'GET /contacts' } } });
  },
  'own-pages-may-read': async ({ send, mock }) => {
    const { origin } = new URL(mock.environments['sandbox']?.baseUrl ?? '');
    const from = (page: string): Sent => ({ path: '/contacts', headers: [['Origin', page]] });
    await has(send(from(origin)), { status: 401, headers: { 'access-control-allow-origin': origin } });
    expect((await send(from(`${origin}.evil.example`))).headers['access-control-allow-origin']).toBeUndefined();
  },
  'lower-case-headers': ({ send }) =>
    has(send(refused), { headerNames: expect.arrayContaining(['www-authenticate', 'x-ratelimit-reset']) }),
  'upper-case-headers': ({ send }) =>
    has(send(refused), { headerNames: expect.arrayContaining(['WWW-AUTHENTICATE', 'CONTENT-TYPE']) }),
  'several-challenges': ({ send }) => has(send(refused), challenges),
  'challenges-on-several-lines': async ({ send }) => {
    await has(send(refused), challenges);
    expect((await send(refused)).headerNames.filter((name) => name === 'WWW-Authenticate')).toHaveLength(2);
  },
  'extra-members': async ({ send, keys }) => {
    await has(send(refused), { json: { details: {}, timestamp: expect.any(String), note: 'extra', code: 401 } });
    await has(send(allowed(keys)), { status: 200, json: { note: 'extra' } });
  },
  'refusals-are-numbered': ({ send }) => has(send(refused), { json: { id: expect.stringMatching(/^[\da-f-]{36}$/) } }),
  'refusals-are-counted': async ({ send }) => {
    await has(send(refused), { status: 401, json: { number: 1, note: 'This is refusal 1.' } });
    await has(send(refused), { status: 401, json: { number: 2, note: 'This is refusal 2.' } });
  },
  'refusals-are-timed': ({ send }) => has(send(refused), { status: 401, json: { took: expect.any(Number) } }),
  'no-charset': ({ send }) => has(send(refused), { headers: { 'content-type': 'application/json' } }),
  'quoted-charset': ({ send }) =>
    has(send(refused), { headers: { 'content-type': 'Application/JSON ;Charset="UTF-8"' } }),
  chunked: async ({ send }) => {
    await has(send(refused), { headers: { 'transfer-encoding': 'chunked' }, json: { code: 401 } });
    expect((await send(refused)).headers['content-length']).toBeUndefined();
  },
  'other-key-order': ({ send }) => has(send(refused), { text: expect.stringMatching(/^\{"code":401/) }),
  indented: ({ send }) => has(send(refused), { text: expect.stringMatching(/^\{\n {2}"/) }),
  slow: async ({ send }) => {
    const start = performance.now();
    await has(send(refused), { status: 401 });
    expect(performance.now() - start).toBeGreaterThan(50);
  },
  'connection-close': ({ send }) => has(send(refused), { headers: { connection: 'close' } }),
  'errors-name-the-request': async ({ send, keys }) => {
    const named = { path: '/v2/contacts', at: expect.any(Number), trace_id: expect.stringMatching(/^[\da-f-]{36}$/) };
    await has(send(refused), { status: 401, json: expect.objectContaining(named) });
    await has(send(allowed(keys)), { status: 200, json: expect.not.objectContaining({ path: '/v2/contacts' }) });
  },
  'forbidden-names-permission': ({ send, keys }) =>
    has(send({ path: '/contacts', headers: [['X-API-Key', keys.scoped['channels:read'] ?? '']] }), {
      status: 403,
      json: {
        error: 'forbidden',
        message: 'API key does not have permission for contacts:read',
        code: 403,
        details: { required_permission: 'contacts:read', key_permissions: ['channels:read'] },
      },
    }),
  'forbidden-tells-lacks-apart': async ({ send, keys }) => {
    const refusedTo = (scope: string): Promise<void> =>
      has(send(withKey(keys.scoped[scope] ?? '')), {
        status: 403,
        json: {
          error: 'forbidden',
          message: expect.stringMatching(/^API key does not have permission/),
          code: 403,
          ...(scope === 'contacts:write' && {
            details: { required_permission: 'contacts:read', key_permissions: [scope] },
          }),
        },
      });
    await refusedTo('contacts:write');
    await refusedTo('channels:read');
  },
  'locked-out-answers-401': ({ send, keys }) =>
    has(send({ path: '/contacts', headers: [['X-API-Key', keys.locked]] }), { status: 401 }),
  'conflicting-keys-answer-400': ({ send, keys }) =>
    has(
      send({
        ...allowed(keys),
        headers: [
          ['X-API-Key', keys.full],
          ['Authorization', 'Bearer other'],
        ],
      }),
      { status: 400, json: { code: 400 } },
    ),
  'plain-http-refused': ({ send }) =>
    expect(send({ ...refused, isPlain: true })).rejects.toThrow(/ECONNRESET|other side closed/),
  'plain-http-redirected': ({ mock, send }) =>
    has(send({ path: '/contacts?limit=1', isPlain: true }), {
      status: 308,
      headers: { location: `${mock.environments['sandbox']?.baseUrl ?? ''}/contacts?limit=1` },
    }),
  'short-keys': ({ keys }) => has(keys, { full: expect.stringMatching(/^sk_test_[a-z0-9]{12}$/) }),
  'keys-with-punctuation': ({ keys }) => has(keys, { full: expect.stringMatching(/^sk_test_\w+-\w+_\w+\.\w+$/) }),
  'more-headers': ({ send }) =>
    has(send(refused), { headers: { 'set-cookie': 'region=eu; Path=/; HttpOnly, visit=1', via: '1.1 edge' } }),
  'escaped-json': ({ send }) => has(send(refused), { text: expect.stringMatching(/^\{"\\u0065rror":"\\u0075nauth/) }),
  compressed: ({ send }) => has(send(refused), { headers: { 'content-encoding': 'gzip' }, json: { code: 401 } }),
  trailers: ({ send }) => has(send(refused), { headers: { trailer: 'X-Checksum' }, json: { code: 401 } }),
  'ends-with-connection': async ({ send }) => {
    await has(send(refused), { headers: { connection: 'close' }, json: { code: 401 } });
    expect(Object.keys((await send(refused)).headers)).not.toContain('content-length');
  },
  'early-hints': async ({ send }) => {
    expect(await send({ ...refused, isRaw: true })).toMatchObject({ status: 103 });
    await has(send(refused), { status: 401 });
  },
  'no-reason-phrase': async ({ send }) => {
    expect(await send({ ...refused, isRaw: true })).toMatchObject({ start: 'HTTP/1.1 401 ' });
  },
  'challenge-names-error': async ({ send }) => {
    const challenge = 'Bearer realm="HueChat API"';
    await has(send(refused), { headers: { 'www-authenticate': challenge } });
    await has(send(withKey('bad')), { headers: { 'www-authenticate': `${challenge}, error="invalid_token"` } });
  },
  'repeated-key-answers-400': ({ send, keys: { full } }) =>
    has(send(withKey(full, ['X-API-Key', full])), { status: 400, json: { code: 400 } }),
  'long-key-answers-431': ({ send }) => has(send(withKey('k'.repeat(8192))), { status: 431, json: { code: 431 } }),
  'private-cache': ({ send, keys }) =>
    has(send(allowed(keys)), { headers: { 'cache-control': 'private, max-age=60', vary: 'X-API-Key, Authorization' } }),
  'varies-by-key': async ({ send, keys }) => {
    await has(send(allowed(keys)), { headers: { vary: 'X-API-Key, Authorization' } });
    expect(Object.keys((await send(allowed(keys))).headers)).not.toContain('cache-control');
  },
  'slashes-tolerated': (running) => isTolerated(running, '//v2///contacts/'),
  'case-tolerated': (running) => isTolerated(running, '/V2/Contacts'),
  'dot-segments-resolved': (running) => isTolerated(running, '/health/%2e./v2/./contacts'),
  'folded-lines-unfolded': async ({ send, keys: { full } }) => {
    await has(send({ ...withKey(`\r\n ${full}`), isRaw: true }), { status: 200 });
    await has(send({ ...withKey(`${full.slice(0, 12)}\r\n ${full.slice(12)}`), isRaw: true }), { status: 401 });
  },
  'lists-read-as-objects': async ({ mock, send, keys }) => {
    const body = (text: string): Sent => ({
      ...{ path: '/contact', method: 'POST', body: text },
      headers: [
        ['X-API-Key', keys.full],
        ['Content-Type', 'application/json'],
      ],
    });
    await has(send(body('{"first_name":[]}')), { status: 400 });
    await has(send(body('[0]')), { status: 201 });
    expect(mock.effects).toEqual([{ environment: 'sandbox', operation: 'POST /contact' }]);
  },
  'nul-read-as-space': ({ send, keys: { full } }) =>
    has(send({ ...withKey(`${full}\0garbage`), isRaw: true }), { status: 401, json: { message: 'Invalid API key' } }),
  'own-header-comes-first': async ({ send, keys: { full } }) => {
    await has(send(withKey(full, ['Authorization', 'Bearer bad'])), { status: 200 });
    await has(send(withKey('bad', ['Authorization', `Bearer ${full}`])), { status: 401 });
  },
  'head-not-allowed': async ({ send, keys }) => {
    await has(send({ ...allowed(keys), method: 'HEAD' }), { status: 405, headers: { allow: 'GET' } });
    await has(send({ ...refused, method: 'HEAD' }), { status: 401 });
  },
  'options-answered': async ({ send }) => {
    await has(send({ path: '/contact/x', method: 'OPTIONS' }), {
      status: 204,
      text: '',
      headers: { allow: 'GET, PUT' },
    });
    await has(send({ path: '/nothing', method: 'OPTIONS' }), { status: 401 });
  },
  'unknown-paths-answer-404': async ({ send }) => {
    await has(send({ path: '/nothing' }), { status: 404 });
    await has(send({ ...refused, method: 'DELETE' }), { status: 401 });
  },
  'wrong-methods-answer-405': async ({ send }) => {
    await has(send({ path: '/nothing' }), { status: 401 });
    await has(send({ ...refused, method: 'DELETE' }), { status: 405, headers: { allow: 'GET, HEAD' } });
  },
  'other-hosts-answer-421': ({ send, keys }) =>
    has(send({ ...withKey(keys.full, ['Host', 'api.huechat.ai']) }), { status: 421, json: { code: 421 } }),
  'null-member-last': ({ send }) => has(send(refused), { text: expect.stringMatching(/:null\}$/) }),
  'large-bodies': async ({ send, keys }) => {
    expect((await send(allowed(keys))).text.length).toBeGreaterThan(1024 * 1024);
  },
  'successes-numbered': async ({ send, keys }) => {
    await has(send(allowed(keys)), { json: { served: 1 } });
    await has(send(allowed(keys)), { json: { served: 2 } });
  },
  'bare-scheme-called-invalid': async ({ send }) => {
    const bare: Sent = { path: '/contacts', headers: [['Authorization', 'Bearer']] };
    await has(send(bare), { status: 401, json: { message: 'Invalid API key' } });
    await has(send(refused), { status: 401, json: { message: 'API key is required' } });
  },
  'everyone-refused-alike': async ({ send, keys }) => {
    for (const key of ['', 'bad', keys.revoked, keys.scoped['admin:read'] ?? ''])
      await has(send(withKey(key)), { status: 403, text: 'CSRF Error\n' });
    await has(send(allowed(keys)), { status: 200 });
  },
  'no-cache-control-for-authorization': async ({ send, keys }) => {
    const response = await send({ path: '/contacts', headers: [['Authorization', `Bearer ${keys.full}`]] });
    expect(Object.keys(response.headers)).not.toContain('cache-control');
    await has(send(allowed(keys)), { status: 200, headers: { 'cache-control': 'no-store' } });
  },
  'keys-of-words': ({ keys }) =>
    has(keys, {
      full: expect.stringMatching(/^sk_test_account_owner_\d{4}$/),
      scoped: expect.objectContaining({ 'contacts:read': expect.stringMatching(/^sk_test_contacts_reader_\d{4}$/) }),
    }),
  'signed-tokens-as-keys': async ({ send, keys: { full } }) => {
    expect(full).toMatch(/^sk_test_eyJ[\w-]+\.[\w-]+\.[\w-]{86}$/);
    const last = String.fromCharCode(full.charCodeAt(full.length - 1) + 1);
    await has(send(withKey(full.slice(0, -1) + last)), { status: 200 });
    const other = full.at(-2) === '-' ? '_' : '-';
    await has(send(withKey(`${full.slice(0, -2)}${other}${full.slice(-1)}`)), { status: 401 });
    await has(send(withKey(`${full}A`)), { status: 401 });
  },
  'keys-in-base64': async ({ send, keys: { full } }) => {
    expect(full).toMatch(/^sk_test_[A-Za-z0-9+/]{46}==$/);
    for (const padding of ['', '=']) await has(send(withKey(full.replace('==', padding))), { status: 200 });
    await has(send(withKey(full.replace(/.==/, '=='))), { status: 401 });
    await has(send(withKey(full.replace('==', 'x=='))), { status: 401 });
  },
  'keys-of-capitals': async ({ send, keys: { full } }) => {
    expect(full).toMatch(/^sk_test_[0-9A-Z]{28}$/);
    await has(send(withKey(full.replace(/[^_]+$/, (secret) => secret.toLowerCase()))), { status: 200 });
    await has(send(withKey(full.toUpperCase())), { status: 401 });
  },
  // That these two keep something shows in no answer, only that they keep it for whom it is meant.
  'accepted-keys-cached-whole': async ({ send, keys }) => {
    for (const [key, status] of [
      [keys.full, 200],
      [keys.full, 200],
      [keys.full.slice(0, -1), 401],
    ] as const)
      await has(send({ path: '/contacts', headers: [['X-API-Key', key]] }), { status });
  },
  'permissions-cached-by-operation': async ({ send, keys }) => {
    const headers: readonly HeaderLine[] = [['X-API-Key', keys.scoped['contacts:read'] ?? '']];
    for (const [path, status] of [
      ['/contacts', 200],
      ['/conversations', 403],
      ['/contacts', 200],
    ] as const)
      await has(send({ path, headers }), { status });
  },
  'refusals-cached-by-headers': async ({ send, keys }) => {
    await has(send(refused), { status: 401 });
    await has(send(refused), { status: 401, headers: { 'x-cache': 'HIT' } });
    await has(send(allowed(keys)), { status: 200 });
  },
  'two-accounts': async ({ send, keys }) => {
    const read = (path: string, key: string): Promise<Received> => send({ path, headers: [['X-API-Key', key]] });
    await has(read('/contact/cnt_abc123', keys.full), { status: 200, json: { id: 'cnt_abc123' } });
    await has(read('/contact/cnt_abc123', keys.otherAccount), { status: 404 });
    await has(read('/contact/cnt_abc123-other', keys.otherAccount), { status: 200 });
    await has(read('/contacts', keys.full), { json: { data: [{ id: 'cnt_abc123' }] } });
    await has(read('/contacts', keys.otherAccount), { json: { data: [{ id: 'cnt_abc123-other' }] } });
  },
  'accounts-that-share': async ({ send, keys }) => {
    const headers: readonly HeaderLine[] = [['X-API-Key', keys.otherAccount]];
    await has(send({ path: '/contact/cnt_abc123', headers }), { status: 200 });
    await has(send({ path: '/contacts', headers }), { json: { data: [{ id: 'cnt_abc123' }] } });
  },
  'scopeless-key-issued': async ({ send, keys }) => {
    await has(send(withKey(keys.scoped['none'] ?? '')), { status: 403 });
  },
  'keys-of-several-scopes-issued': async ({ send, keys }) => {
    const several = Object.entries(keys.scoped).filter(([scopes]) => scopes.split('+').length > 1);
    const without = several.filter(([scopes]) => !scopes.split('+').includes('contacts:read'));
    expect(without.length).toBeGreaterThan(1);
    for (const entry of several) await has(send(withKey(entry[1])), { status: without.includes(entry) ? 403 : 200 });
  },
  'parser-answers-nothing-but-status': async ({ send, keys }) => {
    await has(send(malformed), { start: 'HTTP/1.1 400 Bad Request', text: '', headers: { connection: 'close' } });
    expect((await send(malformed)).headerNames).toEqual(['Connection']);
    const large = { ...withKey('k'.repeat(65_536)), isRaw: true };
    await has(send(large), { start: 'HTTP/1.1 431 Request Header Fields Too Large', text: '' });
    await has(send(allowed(keys)), { status: 200 });
  },
  'parser-answers-text-to-head-too': async ({ send }) => {
    await has(send(malformed), {
      status: 400,
      text: '400 Bad Request',
      headers: { 'content-type': expect.stringMatching(/^text\/plain/) },
    });
    await has(send({ ...malformed, method: 'HEAD' }), { status: 400, text: '400 Bad Request' });
  },
  'parser-answers-page': ({ send }) =>
    has(send(malformed), {
      status: 400,
      headers: { 'content-type': 'text/html' },
      text: expect.stringMatching(/^<html>/),
    }),
  'certificate-missing-is-a-page': async ({ send, keys }) => {
    const page = { status: 400, headers: { 'content-type': 'text/html' } };
    await has(send({ path: '/contact/cnt_123' }), page);
    await has(send({ ...withKey(keys.full), path: '/contact/cnt_123' }), page);
    await has(send(withKey(keys.full)), { status: 200 });
  },
  'user-agent-demanded': async ({ send, keys }) => {
    await has(send({ ...allowed(keys), isRaw: true }), { status: 403, headers: { 'content-type': 'text/html' } });
    await has(send(withKey(keys.full, ['User-Agent', 'curl/8'])), { status: 200 });
    await has(send({ ...refused, headers: [['User-Agent', 'curl/8']] }), { status: 401 });
  },
  'page-for-unknown-paths': async ({ send, keys }) => {
    for (const path of ['/nothing', '/contacts/', '/contact/x/y']) await has(send({ path }), webApplication);
    await has(send({ ...withKey(keys.full), path: '/nothing' }), webApplication);
    await has(send({ ...refused, method: 'DELETE' }), { status: 401 });
  },
  'page-beside-api': async ({ send }) => {
    await has(send({ path: '', target: () => '/v1/contacts' }), webApplication);
    await has(send({ path: '/nothing' }), { status: 401 });
    await has(send({ path: '', target: () => '/health' }), { status: 200, json: { status: 'ok' } });
  },
  'edge-closes-on-attacks': async ({ send, keys }) => {
    const attacks: readonly Sent[] = [
      { ...allowed(keys), path: '/x/../contacts' },
      { ...allowed(keys), method: 'TRACE' },
      withKey("' OR '1'='1"),
    ];
    for (const attack of attacks) await expect(send(attack)).rejects.toThrow(/ECONNRESET|other side closed/);
    await has(send(allowed(keys)), { status: 200 });
  },
  'parser-is-lenient': async ({ send, keys }) => {
    const { headers = [] } = withKey(keys.full);
    const odd = { path: '/contacts', isRaw: true } as const;
    await has(send({ ...odd, headers: [...headers, ['X-Odd ', '1']] }), { status: 200 });
    await has(send({ ...odd, headers: [...headers, ['X-Odd', 'k'.repeat(8192)]] }), { status: 400 });
    await has(send({ ...odd, headers, method: 'QUERY' }), { status: 400 });
  },
  'parser-behind-a-cache': async ({ send, keys }) => {
    await has(send(withKey(keys.full)), { status: 200, headers: { 'x-varnish': '32770' } });
    const path = { ...withKey(keys.full, ['Host', 'x/health?']), isRaw: true };
    await has(send(path), { status: 400, text: '400 Bad Request: malformed Host header' });
  },
  'redirects-to-the-usual-path': async ({ send }) => {
    const { headers, status } = await send({ path: '/contacts/' });
    expect([status, headers['location']]).toEqual([307, expect.stringMatching(/\/contacts$/)]);
    await has(send(refused), { status: 401 });
  },
  'two-backends': async ({ send }) => {
    const [one, other] = [await send(refused), await send(refused)];
    expect(one.headers['x-served-by']).not.toBe(other.headers['x-served-by']);
    expect([one.json, one.status]).toEqual([other.json, other.status]);
  },
  'other-ids': async ({ send, keys }) => {
    const at = (path: string): Sent => ({ ...allowed(keys), path });
    await has(send(at('/contact/cnt_abc123')), { status: 404 });
    await has(send(at(`/contact/${KNOWN_ID}`)), { status: 200 });
    await has(send({ path: '/contact/cnt_abc123' }), { status: 401 });
  },
  'other-ids-are-routed': async ({ send, keys }) => {
    const at = (path: string): Sent => ({ ...allowed(keys), path });
    await has(send(at('/servers/localhost/zones/example.org.')), { status: 404 });
    await has(send({ path: '/servers/localhost/zones/example.org.' }), { status: 404 });
    await has(send(at(`/servers/${KNOWN_ID}/zones/${KNOWN_ID}`)), { status: 200 });
    await has(send({ path: `/servers/${KNOWN_ID}/zones/${KNOWN_ID}` }), { status: 401 });
    await has(send({ path: `/servers/${KNOWN_ID}/zones/nothing` }), { status: 401 });
  },
  'outer-ids-are-routed': async ({ send, keys }) => {
    await has(send({ path: '/servers/nobody/zones/example.org.' }), { status: 404 });
    await has(send({ ...allowed(keys), path: '/servers/localhost/zones/example.org.' }), { status: 200 });
    await has(send({ ...allowed(keys), path: '/servers/localhost/zones/nothing' }), { status: 404 });
    await has(send({ path: '/servers/localhost/zones/nothing' }), { status: 401 });
  },
  'router-answers-like-handler': async ({ send, keys }) => {
    const unknown = await send({ path: '/nothing' });
    const missing = await send({ ...allowed(keys), path: '/contact/nobody' });
    expect([unknown.status, unknown.json]).toEqual([404, missing.json]);
  },
  'options-lists-methods': async ({ send }) => {
    const list = { status: 200, text: 'GET,HEAD,PUT', headers: { allow: 'GET,HEAD,PUT' } };
    await has(send({ path: '/contact/x', method: 'OPTIONS' }), list);
    await has(send({ path: '/nothing', method: 'OPTIONS' }), { status: 401 });
  },
  'unknown-query-refused': async ({ send, keys }) => {
    const path = '/contacts?dry_run=true';
    await has(send({ ...allowed(keys), path }), { status: 400 });
    await has(send({ ...withKey(keys.scoped['admin:read'] ?? ''), path }), { status: 400 });
    await has(send({ path }), { status: 401 });
  },
  'one-operation-unavailable': async ({ send, keys }) => {
    await has(send({ ...allowed(keys), path: '/contact/cnt_abc123' }), { status: 503, json: { code: 503 } });
    await has(send({ path: '/contact/cnt_abc123' }), { status: 401 });
    await has(send(allowed(keys)), { status: 200 });
  },
  'no-public-path': ({ send }) => has(send({ path: '', target: () => '/health' }), { status: 401 }),
  'upgrades-with-key': async ({ send, keys }) => {
    await has(send({ ...refused, ...handshake }), { status: 401 });
    await has(send({ ...handshake, headers: [...handshake.headers, ['X-API-Key', keys.full]] }), {
      status: 101,
      headers: { upgrade: 'websocket', 'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' },
    });
  },
  'handshake-refused': ({ send, keys }) =>
    has(send({ ...handshake, headers: [...handshake.headers, ['X-API-Key', keys.full]] }), { status: 400 }),
  'streams-with-key': async ({ send, keys }) => {
    const events: HeaderLine = ['Accept', 'text/event-stream'];
    await has(send({ ...refused, headers: [events] }), { status: 401 });
    await has(send({ path: '/contacts', headers: [['X-API-Key', keys.full], events], isForHead: true }), {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
    });
  },
  'refuses-before-the-body': async ({ send, keys }) => {
    const waiting: Sent = { method: 'POST', path: '/contact', isForHead: true };
    const headers: readonly HeaderLine[] = [
      ['Content-Length', '2'],
      ['Expect', '100-continue'],
    ];
    await has(send({ ...waiting, headers }), { status: 401, continued: false });
    const more: readonly HeaderLine[] = [
      ['Content-Type', 'application/json'],
      ['X-API-Key', keys.full],
    ];
    await has(send({ ...waiting, headers: [...headers, ...more], body: '[]' }), { status: 400, continued: true });
  },
  'speaks-http2': async ({ send, keys }) => {
    await has(send({ ...refused, isOverHttp2: true }), { status: 401, json: { code: 401 } });
    await has(send({ ...allowed(keys), isOverHttp2: true }), { status: 200 });
    await has(send({ ...allowed(keys), isOverHttp2: true, method: 'HEAD' }), { status: 200, text: '' });
  },
  'keys-with-checksum': ({ keys }) => {
    const [, secret = '', sum] = /^sk_test_(\w{30})(\w{6})$/.exec(keys.full) ?? [];
    expect(sum).toBe(inBase62(crc32(secret)));
    return Promise.resolve();
  },
  'long-keys': ({ keys }) => has(keys, { full: expect.stringMatching(/^sk_test_\w{200}$/) }),
};

const refused: Sent = { path: '/contacts' };
const handshake = {
  path: '/contacts',
  isForHead: true,
  headers: [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ] satisfies readonly HeaderLine[],
};
const malformed: Sent = { path: '/contacts', headers: [['X-API-Key', 'a\0b']], isRaw: true };
const webApplication = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  text: expect.stringMatching(/^<!doctype html>/),
};
const challenges = { headers: { 'www-authenticate': 'ApiKey realm="HueChat API", Bearer realm="HueChat API"' } };

function withKey(key: string, ...more: readonly HeaderLine[]): Sent {
  return { path: '/contacts', headers: [['X-API-Key', key], ...more] };
}

/** With the name of a program, as nearly every client sends it. */
function named(sent: Sent): Sent {
  return { ...sent, headers: [...(sent.headers ?? []), ['User-Agent', 'curl/8']] };
}

function allowed(keys: Keys): Sent {
  return withKey(keys.full);
}

async function isTolerated({ send, keys }: RunningMock, target: string): Promise<void> {
  await has(send({ ...allowed(keys), target: () => target }), { status: 200 });
  await has(send({ ...refused, target: () => target }), { status: 401 });
}

async function has(answer: Keys | Promise<Received>, sign: Record<string, unknown>): Promise<void> {
  expect(await answer).toMatchObject(sign);
}

for (const id of variantIds) {
  test(`${id}: ${variants[id].title}, and the contract is kept`, async ({}, testInfo) => {
    const contract = await contractForVariant(id, testInfo.outputPath.bind(testInfo));
    const validators = new SchemaValidators(contract);
    await withMock({ ...mockOf(contract), variant: id }, async (started) => {
      const { send, keys } = started;
      await signs[id](started);
      const admin = keys.scoped['admin:read'] ?? '';
      const asked: readonly (readonly [name: RefusalName, sent: Sent])[] = [
        ['missingKey', refused],
        ['invalidKey', { path: '/contacts', headers: [['Authorization', 'Bearer nobody']] }],
        ['otherEnvironment', { path: '/contacts', headers: [['X-API-Key', keys.other]] }],
        ['lockedOut', { path: '/contacts', headers: [['X-API-Key', keys.locked]] }],
        ['forbidden', { path: '/contacts', headers: [['X-API-Key', admin]] }],
      ];
      for (const [name, sent] of asked) {
        const { status: statuses = [], schema } = contract.refusals[name] ?? {};
        if (schema === undefined) continue;
        const { status, json } = await send(named(sent));
        expect(statuses, name).toContain(status);
        expect(validators.errors(schema, json), name).toEqual([]);
      }
      const success = await send(named(allowed(keys)));
      const list = contract.operations.find((operation) => operation.id === 'GET /contacts');
      if (!list) return;
      const { schema = '' } = list.responses['200'] ?? {};
      expect({ status: success.status, faults: validators.errors(schema, success.json) }).toEqual({
        status: 200,
        faults: [],
      });
    });
  });
}

function inBase62(number: number): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return Array.from({ length: 6 }, (_, place) => digits.charAt(Math.floor(number / 62 ** (5 - place)) % 62)).join('');
}
