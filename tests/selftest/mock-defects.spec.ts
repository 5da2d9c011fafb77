import { expect, test } from '@playwright/test';
import type { Received, Sent } from '../../mock/client.ts';
import { type DefectId, defectIds, defects } from '../../mock/defects/index.ts';
import { type Keys, running } from '../../mock/running.ts';
import { loadContract } from '../../src/contract/load.ts';

/** The request that tells a defect from a sound server, and the answer of either. */
interface Evidence {
  readonly sent: (keys: Keys) => Sent;
  readonly sound: Seen;
  readonly broken: Seen;
}

type Seen = number | Readonly<Record<string, unknown>>;

const huechat = loadContract('specs/huechat');

const CONTACTS = '/contacts';
const json = ['Content-Type', 'application/json'] as const;
const missing = { status: 401, json: { message: 'API key is required' } };
const invalid = { status: 401, json: { message: 'Invalid API key' } };
const forbidden = { status: 403, json: { error: 'forbidden', code: 403 } };

const nothing = (): Sent => ({ path: CONTACTS });
const neverIssued = (): Sent => withKey('sk_test_0123456789abcdefghijABCDEFGHIJ');
const scoped =
  (scope: string, path = CONTACTS): Evidence['sent'] =>
  (keys) =>
    withKey(keys.scoped[scope] ?? '', path);
const locked =
  (name: string, value = '203.0.113.7'): Evidence['sent'] =>
  ({ locked: key }) =>
    withKey(key, CONTACTS, [name, value]);
const changedAt =
  (index: number): Evidence['sent'] =>
  ({ full }) =>
    withKey(full.slice(0, index) + (full.charAt(index) === 'x' ? 'y' : 'x') + full.slice(index + 1));

const { length: PREFIX } = 'sk_test_';
const accepted = (sent: Evidence['sent']): Evidence => ({ sent, sound: 401, broken: 200 });
const spoofed = (sent: Evidence['sent']): Evidence => ({ sent, sound: 403, broken: 200 });
const wronglyRefused = (sent: Evidence['sent'], broken: Seen): Evidence => ({ sent, sound: 200, broken });

const evidence: Readonly<Record<DefectId, Evidence>> = {
  'missing-key-accepted': accepted(nothing),
  'empty-api-key-accepted': accepted(() => withKey('')),
  'empty-bearer-accepted': accepted(() => withBearer('')),
  'any-well-formed-key-accepted': accepted(neverIssued),
  'extended-key-accepted': accepted(({ full }) => withKey(`${full}x`)),
  'cut-key-accepted': accepted(({ full }) => withKey(full.slice(0, -1))),
  'case-insensitive-key': accepted(({ full }) => withKey(full.toUpperCase())),
  'first-third-not-compared': accepted(changedAt(PREFIX)),
  'middle-third-not-compared': accepted(changedAt(PREFIX + 15)),
  'last-third-not-compared': accepted(changedAt(PREFIX + 29)),
  'wrong-prefix-accepted': accepted(({ full }) => withKey(`zz${full.slice(2)}`)),
  'valid-key-split': wronglyRefused(({ full }) => withKey(full), invalid),
  'kind-prefix-trusted': accepted(({ full }) => withKey(full.replace('_test_', '_live_'))),
  'revoked-key-accepted': accepted(({ revoked }) => withKey(revoked)),
  'bearer-not-supported': wronglyRefused(({ full }) => withBearer(full), missing),
  'bearer-ignores-scopes': spoofed((keys) => withBearer(keys.scoped['admin:read'] ?? '')),
  'bearer-answers-another-shape': {
    sent: ({ full }) => withBearer(full),
    sound: { status: 200, json: { data: expect.anything() } },
    broken: { status: 200, json: { result: { data: expect.anything() } } },
  },
  'bearer-scheme-case-sensitive': wronglyRefused(({ full }) => withBearer(full, 'bearer'), missing),
  'header-name-case-sensitive': wronglyRefused(
    ({ full }) => ({ path: CONTACTS, headers: [['x-api-key', full]] }),
    missing,
  ),
  'plain-http-served': { sent: () => ({ ...neverIssued(), isPlain: true }), sound: 403, broken: 200 },
  'plain-http-looks-key-up': { sent: () => ({ ...neverIssued(), isPlain: true }), sound: 403, broken: invalid },
  'plain-http-trusts-forwarded-proto': {
    sent: ({ full }) => ({ ...withKey(full, CONTACTS, ['X-Forwarded-Proto', 'https']), isPlain: true }),
    sound: 403,
    broken: 200,
  },
  'untrusted-certificate': wronglyRefused(({ full }) => withKey(full), { fault: /unable to verify|self-signed/ }),
  'certificate-for-another-host': wronglyRefused(({ full }) => withKey(full), { fault: /does not match certificate/ }),
  'other-environment-key-accepted': accepted(({ other }) => withKey(other)),
  'other-environment-answers-403': { sent: ({ other }) => withKey(other), sound: invalid, broken: forbidden },
  'environment-taken-from-host': accepted(({ other }) => withKey(other, CONTACTS, ['Host', 'api.huechat.ai'])),
  'environment-taken-from-forwarded-host': accepted(({ other }) =>
    withKey(other, CONTACTS, ['X-Forwarded-Host', 'api.huechat.ai']),
  ),
  'address-lock-ignored': spoofed(({ locked: key }) => withKey(key)),
  'address-taken-from-x-forwarded-for': spoofed(locked('X-Forwarded-For', '203.0.113.7, 127.0.0.1')),
  'address-taken-from-x-real-ip': spoofed(locked('X-Real-IP')),
  'address-taken-from-forwarded': spoofed(locked('Forwarded', 'for="203.0.113.7";proto=https')),
  'address-taken-from-true-client-ip': spoofed(locked('True-Client-IP')),
  'address-taken-from-cf-connecting-ip': spoofed(locked('CF-Connecting-IP')),
  'scope-not-enforced': spoofed(scoped('admin:read')),
  'scope-over-enforced': wronglyRefused(scoped('contacts:read'), forbidden),
  'insufficient-scope-answers-401': { sent: scoped('admin:read'), sound: forbidden, broken: invalid },
  'missing-key-answers-403': { sent: nothing, sound: missing, broken: forbidden },
  'read-opens-write': {
    sent: (keys) => ({ ...withKey(keys.scoped['contacts:read'] ?? '', '/contact', json), method: 'POST', body: '{}' }),
    sound: 403,
    broken: 201,
  },
  'write-opens-read': spoofed(scoped('contacts:write')),
  'wrong-403-body': {
    sent: scoped('admin:read'),
    sound: forbidden,
    broken: { status: 403, json: { message: 'Invalid API key' } },
  },
  'forbidden-names-wrong-permission': {
    sent: scoped('contacts:write'),
    sound: { status: 403, json: { message: 'API key does not have permission for this action' } },
    broken: {
      status: 403,
      json: { details: { required_permission: 'contacts:write', key_permissions: ['contacts:write'] } },
    },
  },
  'forbidden-lists-wrong-permissions': {
    sent: scoped('contacts:write'),
    sound: { status: 403, json: { message: 'API key does not have permission for this action' } },
    broken: {
      status: 403,
      json: {
        details: { required_permission: 'contacts:read', key_permissions: expect.arrayContaining(['contacts:read']) },
      },
    },
  },
  'everyone-let-in': accepted(nothing),
  'html-401': {
    sent: nothing,
    sound: missing,
    broken: { status: 401, headers: { 'content-type': 'text/html; charset=utf-8' } },
  },
  'body-status-differs': { sent: nothing, sound: missing, broken: { status: 401, json: { code: 400 } } },
  'message-missing': {
    sent: nothing,
    sound: missing,
    broken: { status: 401, text: '{"error":"unauthorized","code":401}' },
  },
  'missing-key-called-invalid': { sent: nothing, sound: missing, broken: invalid },
  'invalid-key-called-missing': { sent: neverIssued, sound: invalid, broken: missing },
  'error-body-with-200': { sent: nothing, sound: missing, broken: { ...missing, status: 200 } },
  'redirect-to-login': { sent: nothing, sound: missing, broken: { status: 302, headers: { location: '/login' } } },
  'key-echoed-in-message': {
    sent: neverIssued,
    sound: invalid,
    broken: { status: 401, text: expect.stringContaining('sk_test_0123456789abcdefghijABCDEFGHIJ') },
  },
  'key-echoed-in-header': {
    sent: neverIssued,
    sound: invalid,
    broken: { ...invalid, headers: { 'x-authenticated-with': 'sk_test_0123456789abcdefghijABCDEFGHIJ' } },
  },
  'key-tail-echoed': {
    sent: neverIssued,
    sound: invalid,
    broken: { ...invalid, text: expect.stringContaining('EFGHIJ') },
  },
  'unknown-id-before-authentication': { sent: () => ({ path: '/contact/cnt_of_nobody' }), sound: missing, broken: 404 },
  'validation-before-authentication': {
    sent: () => ({ path: '/contact', method: 'POST', headers: [json], body: '{"inert":' }),
    sound: missing,
    broken: 400,
  },
  'bad-key-answers-500': { sent: neverIssued, sound: invalid, broken: { status: 500, json: { code: 500 } } },
  'rate-limit-headers-missing-on-refusals': limitHeaders(nothing, undefined),
  'rate-limit-headers-missing': limitHeaders(({ full }) => withKey(full), undefined),
  'rate-limit-headers-malformed': limitHeaders(({ full }) => withKey(full), 'unlimited'),
};

function limitHeaders(sent: Evidence['sent'], broken: string | undefined): Evidence {
  return { sent, sound: { limit: '100000' }, broken: { limit: broken } };
}

function withKey(key: string, path = CONTACTS, ...more: NonNullable<Sent['headers']>): Sent {
  return { path, headers: [['X-API-Key', key], ...more] };
}

function withBearer(key: string, scheme = 'Bearer'): Sent {
  return { path: CONTACTS, headers: [['Authorization', `${scheme} ${key}`]] };
}

async function seen(answer: Promise<Received>): Promise<Readonly<Record<string, unknown>>> {
  try {
    const received = await answer;
    return { ...received, limit: received.headers['x-ratelimit-limit'] };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function expected(what: Seen): Readonly<Record<string, unknown>> {
  if (typeof what === 'number') return { status: what };
  const { fault } = what;
  return fault instanceof RegExp ? { fault: expect.stringMatching(fault) } : what;
}

/** Away from every request of the evidence, and asked for by no key that the evidence uses. */
const ELSEWHERE = 'GET /channels/whatsapp/templates';

for (const id of defectIds) {
  const { sent, sound, broken } = evidence[id];

  test(`${id}: ${defects[id].title}`, async () => {
    const contract = await huechat;
    await running({ contract }, async ({ keys, send }) => {
      expect(await seen(send(sent(keys))), 'a sound server').toMatchObject(expected(sound));
    });
    await running({ contract, defect: { id } }, async ({ keys, send }) => {
      expect(await seen(send(sent(keys))), 'a server with the defect').toMatchObject(expected(broken));
    });
  });

  const isSetup = id === 'untrusted-certificate' || id === 'certificate-for-another-host';

  test(`${id}: ${isSetup ? 'cannot be confined' : 'stays where it is confined to'}`, async () => {
    const contract = await huechat;
    const confined = running({ contract, defect: { id, operation: ELSEWHERE } }, async ({ keys, send }) => {
      expect(await seen(send(sent(keys)))).toMatchObject(expected(sound));
    });
    await (isSetup ? expect(confined).rejects.toThrow('nothing confines it') : confined);
  });
}

test('a defect is confined to an operation, however its path is spelt', async () => {
  const contract = await huechat;
  const defect = { id: 'missing-key-answers-403', operation: 'GET /contact/{identifier}' } as const;
  await running({ contract, defect }, async ({ send }) => {
    for (const path of ['/contact/x', '//contact/x/', '/%63ontact/x;y=z', '/x/../CONTACT/x.json', '/contact/x?y']) {
      expect((await send({ path })).status, path).toBe(403);
    }
    expect((await send({ path: '/contact/x', method: 'PUT' })).status).toBe(401);
    expect((await send({ path: CONTACTS })).status).toBe(401);
  });
});

test('a defect is confined to a form', async () => {
  const contract = await huechat;
  const defect = { id: 'scope-not-enforced', form: 'bearer' } as const;
  await running({ contract, defect }, async ({ keys, send }) => {
    const key = keys.scoped['admin:read'] ?? '';
    expect((await send(withBearer(key))).status).toBe(200);
    expect((await send(withKey(key))).status).toBe(403);
  });
});

test('a confinement that fits nothing is refused', async () => {
  const contract = await huechat;
  const id = 'scope-not-enforced';
  const use = (): Promise<void> => Promise.resolve();
  await expect(running({ contract, defect: { id, operation: 'GET /nothing' } }, use)).rejects.toThrow(
    'GET /nothing is no operation',
  );
  await expect(running({ contract, defect: { id, form: 'cookie' } }, use)).rejects.toThrow('cookie is no form');
});
