import { expect, test } from '@playwright/test';
import { type DefectId, defectIds, defects } from '../../mock/defects/index.ts';
import { sound } from '../../mock/server/sound.ts';
import type { MockOptions } from '../../mock/start.ts';
import type { Received, Sent } from '../../mock/testing/client.ts';
import { type Keys, type RunningMock, withMock } from '../../mock/testing/with-mock.ts';
import type { Stages } from '../../mock/types/behaviour.ts';
import type { HeaderLine } from '../../mock/types/http.ts';
import { huechatWithCertificate } from '../support/contracts.ts';
import { huechat, mockOf } from '../support/harness.ts';

const CONTACTS = '/contacts';

function withKey(key: string, ...more: readonly HeaderLine[]): Sent {
  return { path: CONTACTS, headers: [['X-API-Key', key], ...more] };
}

async function withDefect(
  id: DefectId | undefined,
  use: (running: RunningMock) => Promise<void>,
  options: Partial<MockOptions> = {},
): Promise<void> {
  await withMock({ ...mockOf(await huechat()), ...(id && { defect: { id } }), ...options }, use);
}

/** Defects that the suite does not see: a judged run proves nothing about them, so they are asked here. */
test.describe('a defect that draws no complaint', () => {
  const shown: Partial<Record<DefectId, () => Promise<void>>> = {
    'comparison-takes-longer-the-more-is-right': async () => {
      await withDefect(undefined, async (running) => expect(await delayOfNearlyRight(running)).toBeLessThan(0.7));
      await withDefect('comparison-takes-longer-the-more-is-right', async (running) =>
        expect(await delayOfNearlyRight(running)).toBeGreaterThan(0.7),
      );
    },
    'plain-http-accepts-valid-key': () =>
      differs('plain-http-accepts-valid-key', ({ full }) => [{ ...withKey(full), isPlain: true }], 403, 200),
    'validation-before-permission': () =>
      differs(
        'validation-before-permission',
        ({ scoped }) => [{ ...withKey(scoped['admin:read'] ?? ''), path: '/conversations?limit=101' }],
        403,
        400,
      ),
    'unknown-id-before-permission': () =>
      differs(
        'unknown-id-before-permission',
        ({ scoped }) => [{ ...withKey(scoped['admin:read'] ?? ''), path: '/contact/cnt_of_nobody' }],
        403,
        404,
      ),
    'limited-answer-carries-data': async () => {
      const options = { rateLimit: { limit: 1, windowSeconds: 600 } };
      const limited = async ({ send }: RunningMock): Promise<Received> => {
        await send({ path: CONTACTS });
        return send({ path: CONTACTS });
      };
      await withDefect(
        undefined,
        async (running) => expect((await limited(running)).json).not.toHaveProperty('stale'),
        options,
      );
      await withDefect(
        'limited-answer-carries-data',
        async (running) =>
          expect(await limited(running)).toMatchObject({ status: 429, json: { stale: { data: expect.any(Array) } } }),
        options,
      );
    },
    'retry-after-missing': async () => {
      const options = { rateLimit: { limit: 0, windowSeconds: 600 } };
      const header = async ({ send }: RunningMock): Promise<string | undefined> =>
        (await send({ path: CONTACTS })).headers['retry-after'];
      await withDefect(undefined, async (running) => expect(await header(running)).toBe('600'), options);
      await withDefect(
        'retry-after-missing',
        async (running) => expect(await header(running)).toBeUndefined(),
        options,
      );
    },
    'bad-keys-not-throttled': () =>
      differs('bad-keys-not-throttled', () => [withKey('bad'), { path: CONTACTS }, withKey('bad')], 429, 401, {
        attemptLimit: { limit: 1, windowSeconds: 600 },
      }),
    'only-successes-readable': async () => {
      const allowed = async ({ keys, send }: RunningMock): Promise<string | undefined> =>
        (await send(withKey(keys.full, ['Origin', 'https://evil.example']))).headers['access-control-allow-origin'];
      await withDefect(undefined, async (running) => expect(await allowed(running)).toBeUndefined());
      await withDefect('only-successes-readable', async (running) =>
        expect(await allowed(running)).toBe('https://app.example.com'),
      );
    },
  };

  for (const [id, show] of Object.entries(shown)) test(`${id} is there all the same`, show);

  test('is in the list above', () => {
    expect(Object.keys(shown).toSorted()).toEqual(
      defectIds.filter((id) => defects[id].complaints.length === 0).toSorted(),
    );
  });
});

/** Sends the requests on one connection and compares the status of the last response. */
async function differs(
  id: DefectId,
  requests: (keys: Keys) => readonly Sent[],
  sound: number,
  broken: number,
  options: Partial<MockOptions> = {},
): Promise<void> {
  const last = async ({ keys, send }: RunningMock): Promise<number | undefined> => {
    let response: Received | undefined;
    for (const request of requests(keys)) response = await send(request);
    return response?.status;
  };
  await withDefect(undefined, async (running) => expect(await last(running)).toBe(sound), options);
  await withDefect(id, async (running) => expect(await last(running)).toBe(broken), options);
}

/** Milliseconds that a nearly right key takes longer than a wrong one: of many responses each the quickest, which nothing else delayed. */
async function delayOfNearlyRight({ keys: { full }, send }: RunningMock): Promise<number> {
  const quickest = { wrong: Infinity, nearlyRight: Infinity };
  const asked = { wrong: `sk_test_${'-'.repeat(full.length - 8)}`, nearlyRight: `${full.slice(0, -1)}-` };
  for (let round = 0; round < 30; round += 1) {
    for (const which of ['wrong', 'nearlyRight'] as const) {
      const start = performance.now();
      await send(withKey(asked[which]));
      quickest[which] = Math.min(quickest[which], performance.now() - start);
    }
  }
  return quickest.nearlyRight - quickest.wrong;
}

/** Requests that tell a sound server from one with a defect of a stage, in either form of the key. */
interface Proof {
  readonly defect: DefectId;
  readonly sent: (keys: Keys, form: Form) => Partial<Sent> & { readonly key: string };
  readonly sound: Shown;
  readonly broken: Shown;
  /** Absent: the first contract, GET /contacts beside GET /conversations. */
  readonly where?: Where;
  readonly options?: Partial<MockOptions>;
}

/** A status, or the value of Cache-Control. */
type Shown = number | string;

type Form = 'header' | 'bearer';

interface Where {
  readonly mock: () => Promise<Pick<MockOptions, 'document' | 'name'>>;
  readonly header: string;
  readonly operation: string;
  readonly path: string;
  /** Of another operation. */
  readonly beside: string;
}

const CONTACT_LIST: Where = {
  mock: async () => mockOf(await huechat()),
  header: 'X-API-Key',
  operation: 'GET /contacts',
  path: CONTACTS,
  beside: '/conversations',
};

const CONTACT: Where = {
  ...CONTACT_LIST,
  operation: 'GET /contact/{identifier}',
  path: '/contact/nobody',
  beside: '/conversation/nobody',
};

const CREATION: Where = { ...CONTACT_LIST, operation: 'POST /contact', path: '/contact', beside: '/webhooks' };

const HANDSHAKE: readonly HeaderLine[] = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
];

const FORM = { method: 'POST', headers: [['Content-Type', 'application/x-www-form-urlencoded']] as const };

/** Two operations with the same security, which the first contract has nowhere. */
function withSecurity(...security: readonly Readonly<Record<string, readonly string[]>>[]): Where {
  const operation = { security, responses: { '200': { description: 'Done' } } };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    servers: [{ url: 'https://api.example.com/v1' }],
    components: {
      securitySchemes: {
        header: { type: 'apiKey', in: 'header', name: 'X-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
        certificate: { type: 'mutualTLS' },
      },
    },
    paths: { '/one': { get: operation }, '/two': { get: operation } },
  };
  return {
    mock: () => Promise.resolve({ document, name: 'things' }),
    header: 'X-Key',
    operation: 'GET /one',
    path: '/one',
    beside: '/two',
  };
}

const adminKey = ({ scoped }: Keys): string => scoped['admin:read'] ?? '';

/** One defect for each stage that defects patch. */
const proofs: Readonly<Record<Exclude<keyof Stages, 'bucketOf' | 'parser'>, Proof>> = {
  headFilter: {
    defect: 'vertical-tab-trimmed',
    sent: ({ full }) => ({ key: `${full}\v`, isRaw: true }),
    sound: 400,
    broken: 200,
  },
  upgrade: {
    defect: 'upgrade-not-guarded',
    sent: () => ({ key: 'bad', isForHead: true, headers: HANDSHAKE }),
    sound: 401,
    broken: 101,
  },
  edge: { defect: 'words-for-nothing-answer-500', sent: () => ({ key: 'None' }), sound: 401, broken: 500 },
  plainHttp: {
    defect: 'plain-http-accepts-valid-key',
    sent: ({ full }) => ({ key: full, isPlain: true }),
    sound: 403,
    broken: 200,
  },
  shortCircuit: {
    defect: 'trace-echoed',
    sent: ({ full }) => ({ key: full, method: 'TRACE' }),
    sound: 405,
    broken: 200,
  },
  lacksCertificate: {
    defect: 'certificate-not-needed',
    where: { ...CONTACT_LIST, mock: async () => mockOf(await huechatWithCertificate()) },
    sent: ({ full }) => ({ key: full }),
    sound: 401,
    broken: 200,
  },
  opensByCertificate: {
    defect: 'certificate-alone-not-needed',
    where: withSecurity({ certificate: [] }, { header: [] }, { bearer: [] }),
    sent: () => ({ key: 'bad' }),
    sound: 401,
    broken: 200,
  },
  isPublic: {
    defect: 'open-operation-locked',
    where: withSecurity({ header: [] }, { bearer: [] }, {}),
    sent: () => ({ key: 'bad' }),
    sound: 200,
    broken: 401,
  },
  alternatives: {
    defect: 'one-of-several-schemes-enough',
    where: withSecurity({ header: [], bearer: [] }),
    sent: ({ full, others }, form) => ({ key: form === 'header' ? full : (others['bearer'] ?? '') }),
    sound: 401,
    broken: 200,
  },
  isGuarded: {
    defect: 'x-internal-opens',
    sent: () => ({ key: 'bad', headers: [['X-Internal', '1']] }),
    sound: 401,
    broken: 200,
  },
  readCredentials: {
    defect: 'first-in-list-counts',
    sent: ({ full }) => ({ key: `${full}, bad` }),
    sound: 401,
    broken: 200,
  },
  environmentOf: {
    defect: 'environment-taken-from-forwarded-host',
    sent: ({ other }) => ({ key: other, headers: [['X-Forwarded-Host', 'api.huechat.ai']] }),
    sound: 401,
    broken: 200,
  },
  lookUp: { defect: 'extended-key-accepted', sent: ({ full }) => ({ key: `${full}x` }), sound: 401, broken: 200 },
  isActive: { defect: 'revoked-key-accepted', sent: ({ revoked }) => ({ key: revoked }), sound: 401, broken: 200 },
  anonymousKey: {
    defect: 'key-in-form',
    sent: ({ full }) => ({
      key: '',
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: `access_token=${full}`,
    }),
    sound: 401,
    broken: 200,
  },
  countFailure: {
    defect: 'bad-keys-not-throttled',
    options: { attemptLimit: { limit: 0, windowSeconds: 600 } },
    sent: () => ({ key: 'bad' }),
    sound: 429,
    broken: 401,
  },
  addressOf: {
    defect: 'address-taken-from-x-real-ip',
    sent: ({ locked }) => ({ key: locked, headers: [['X-Real-IP', '203.0.113.7']] }),
    sound: 403,
    broken: 200,
  },
  isLockedOut: { defect: 'address-lock-ignored', sent: ({ locked }) => ({ key: locked }), sound: 403, broken: 200 },
  matchRoute: {
    defect: 'undocumented-methods-not-guarded',
    sent: ({ full }) => ({ key: full, method: 'POST' }),
    sound: 405,
    broken: 200,
  },
  isPermitted: { defect: 'scope-not-enforced', sent: (keys) => ({ key: adminKey(keys) }), sound: 403, broken: 200 },
  inputErrors: {
    defect: 'form-read-as-json',
    where: CREATION,
    sent: ({ full }) => ({ key: full, ...FORM, body: 'more=1' }),
    sound: 400,
    broken: 201,
  },
  exists: {
    defect: 'key-in-form-answers-404',
    where: CREATION,
    sent: ({ full }) => ({ key: full, ...FORM, body: 'more=1' }),
    sound: 400,
    broken: 404,
  },
  checkOrder: {
    defect: 'unknown-id-before-permission',
    where: CONTACT,
    sent: (keys) => ({ key: adminKey(keys) }),
    sound: 403,
    broken: 404,
  },
  succeed: { defect: 'success-redirects-within-host', sent: ({ full }) => ({ key: full }), sound: 200, broken: 307 },
  refuse: { defect: 'invalid-key-answers-403', sent: () => ({ key: 'bad' }), sound: 401, broken: 403 },
  finish: {
    defect: 'success-cacheable',
    sent: ({ full }) => ({ key: full }),
    sound: 'no-store',
    broken: 'public, max-age=300',
  },
};

test.describe('a confined defect', () => {
  for (const [stage, { defect, sent, sound, broken, where = CONTACT_LIST, options }] of Object.entries(proofs)) {
    const shownBy = async ({ keys, send }: RunningMock, path: string, form: Form): Promise<Shown> => {
      const { key, headers = [], ...rest } = sent(keys, form);
      const line = form === 'header' ? [where.header, key] : ['Authorization', `Bearer ${key}`];
      const response = await send({ path, ...rest, headers: [line as unknown as HeaderLine, ...headers] });
      return typeof sound === 'number' ? response.status : (response.headers['cache-control'] ?? '');
    };
    const shownWith = async (confinement: object | undefined): Promise<Record<string, Shown>> => {
      const shown: Record<string, Shown> = {};
      const planted = confinement && { defect: { id: defect, ...confinement } };
      await withMock({ ...(await where.mock()), ...options, ...planted }, async (running) => {
        for (const [place, path] of [
          ['there', where.path],
          ['beside', where.beside],
        ] as const)
          for (const form of ['header', 'bearer'] as const)
            shown[`${place}, ${form}`] = await shownBy(running, path, form);
      });
      return shown;
    };

    test(`of ${stage} (${defect}) applies where it is confined to, and nowhere else`, async () => {
      const [inHeader, inBearer] = ['header', 'bearer'] as const;
      const all = (value: Shown): Record<string, Shown> => ({
        [`there, ${inHeader}`]: value,
        [`there, ${inBearer}`]: value,
        [`beside, ${inHeader}`]: value,
        [`beside, ${inBearer}`]: value,
      });
      expect(await shownWith(undefined), 'a sound server').toEqual(all(sound));
      expect(await shownWith({}), 'not confined').toEqual(all(broken));
      expect(await shownWith({ operation: where.operation }), 'confined to an operation').toEqual({
        ...all(sound),
        [`there, ${inHeader}`]: broken,
        [`there, ${inBearer}`]: broken,
      });
      expect(await shownWith({ form: 'bearer' }), 'confined to a form').toEqual({
        ...all(sound),
        [`there, ${inBearer}`]: broken,
        [`beside, ${inBearer}`]: broken,
      });
    });
  }

  test('is proven for each stage that a defect patches', () => {
    const stages = new Set(defectIds.flatMap((id) => Object.keys(defects[id].patch(sound))));
    // Keys more are issued whatever a defect is confined to.
    stages.delete('issuesScopelessKey');
    stages.delete('issuesKeysOfSeveralScopes');
    stages.delete('issuesOtherAccountKey');
    expect([...stages].filter((name) => !isSetup(name)).toSorted()).toEqual(Object.keys(proofs).toSorted());
  });

  for (const id of defectIds.filter((one) => Object.keys(defects[one].patch(sound)).some(isSetup))) {
    test(`cannot be ${id}, which is settled before any request`, async () => {
      const confined = withDefect(undefined, () => Promise.resolve(), { defect: { id, form: 'bearer' } });
      await expect(confined).rejects.toThrow(/is settled before any request, so nothing confines it$/);
    });
  }

  test('applies to its operation however the path is spelt', async () => {
    const defect = { id: 'missing-key-answers-403', operation: 'GET /contact/{identifier}' } as const;
    await withDefect(
      undefined,
      async ({ send }) => {
        for (const path of ['/contact/x', '//contact/x/', '/%63ontact/x;y=z', '/x/../CONTACT/x.json', '/contact/x?y']) {
          expect((await send({ path })).status, path).toBe(403);
        }
        expect((await send({ path: '/contact/x', method: 'PUT' })).status).toBe(401);
        expect((await send({ path: CONTACTS })).status).toBe(401);
      },
      { defect },
    );
  });

  test('is refused where nothing fits its confinement', async () => {
    const id = 'scope-not-enforced';
    const use = (): Promise<void> => Promise.resolve();
    const confined = (confinement: object): Promise<void> =>
      withDefect(undefined, use, { defect: { id, ...confinement } });
    await expect(confined({ operation: 'GET /nothing' })).rejects.toThrow('GET /nothing is no operation');
    await expect(confined({ form: 'cookie' })).rejects.toThrow('cookie is no form');
  });
});

/** Part of the setup of a behaviour, which every request shares. */
function isSetup(name: string): boolean {
  return ['certificate', 'speaksHttp2', 'oldestTls', 'secret'].includes(name);
}
