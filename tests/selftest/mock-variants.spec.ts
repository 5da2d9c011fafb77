import { expect, test } from '@playwright/test';
import type { Received, Sent } from '../../mock/client.ts';
import { type Keys, running, type Running } from '../../mock/running.ts';
import { type VariantId, variantIds, variants } from '../../mock/variants.ts';
import type { AnswerName } from '../../src/contract/contract.ts';
import { loadContract } from '../../src/contract/load.ts';
import { Validators } from '../../src/contract/validators.ts';

const huechat = loadContract('specs/huechat');

/** What sets a variant apart from the usual sound server, seen in one answer. */
const signs: Readonly<Record<VariantId, (running: Running) => Promise<void>>> = {
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
};

const refused: Sent = { path: '/contacts' };
const challenges = { headers: { 'www-authenticate': 'ApiKey realm="HueChat API", Bearer realm="HueChat API"' } };

function allowed(keys: Keys): Sent {
  return { path: '/contacts', headers: [['X-API-Key', keys.full]] };
}

async function has(answer: Keys | Promise<Received>, sign: Record<string, unknown>): Promise<void> {
  expect(await answer).toMatchObject(sign);
}

for (const id of variantIds) {
  test(`${id}: ${variants[id].title}, and the contract is kept`, async () => {
    const contract = await huechat;
    const validators = new Validators(contract);
    await running({ contract, variant: id }, async (started) => {
      const { send, keys } = started;
      await signs[id](started);
      const admin = keys.scoped['admin:read'] ?? '';
      const asked: readonly (readonly [name: AnswerName, sent: Sent])[] = [
        ['missingKey', refused],
        ['invalidKey', { path: '/contacts', headers: [['Authorization', 'Bearer nobody']] }],
        ['otherEnvironment', { path: '/contacts', headers: [['X-API-Key', keys.other]] }],
        ['lockedOut', { path: '/contacts', headers: [['X-API-Key', keys.locked]] }],
        ['forbidden', { path: '/contacts', headers: [['X-API-Key', admin]] }],
      ];
      for (const [name, sent] of asked) {
        const { status, json } = await send(sent);
        const { status: statuses = [], schema = '' } = contract.answers[name] ?? {};
        expect(statuses, name).toContain(status);
        expect(validators.errors(schema, json), name).toEqual([]);
      }
      const success = await send(allowed(keys));
      const { schema = '' } =
        contract.operations.find((operation) => operation.id === 'GET /contacts')?.responses['200'] ?? {};
      expect({ status: success.status, faults: validators.errors(schema, success.json) }).toEqual({
        status: 200,
        faults: [],
      });
    });
  });
}
