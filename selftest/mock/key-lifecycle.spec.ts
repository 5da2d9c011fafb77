import { expect, test } from '@playwright/test';
import { type LifecycleDefectId, lifecycleDefects } from '../../mock/defects/index.ts';
import type { MockOptions } from '../../mock/start.ts';
import type { Received, Sent } from '../../mock/testing/client.ts';
import { type RunningMock, withMock } from '../../mock/testing/with-mock.ts';
import { type LifecycleVariantId, variants } from '../../mock/variants/index.ts';
import type { KeyPromises } from '../../src/model/key-lifecycle.ts';
import { documentWithKeys } from '../support/key-contract.ts';

const CONTACTS = '/contacts';
const CONVERSATIONS = '/conversations';
const SCOPES = ['contacts:read'];

/** Half past, so that seconds end elsewhere than milliseconds. */
const START = Date.parse('2026-11-29T12:00:00.500Z');

interface Made {
  readonly id: string;
  readonly key: string;
}

/** A mock whose keys are made, changed and looked at, and whose time the test moves. */
class Keys {
  readonly #running: RunningMock;
  readonly #clock: { time: number };

  constructor(running: RunningMock, clock: { time: number }) {
    this.#running = running;
    this.#clock = clock;
  }

  get full(): string {
    return this.#running.keys.full;
  }

  async create(body: object = { scopes: SCOPES }, by = this.full): Promise<Made> {
    return (await this.ask('POST', '', by, body)).json as Made;
  }

  async roll({ id }: Pick<Made, 'id'>): Promise<Made> {
    return (await this.ask('POST', `/${id}/roll`)).json as Made;
  }

  update({ id }: Pick<Made, 'id'>, scopes: readonly string[]): Promise<Received> {
    return this.ask('PATCH', `/${id}`, this.full, { scopes });
  }

  revoke({ id }: Pick<Made, 'id'>): Promise<Received> {
    return this.ask('DELETE', `/${id}`);
  }

  read({ id }: Pick<Made, 'id'>): Promise<Received> {
    return this.ask('GET', `/${id}`);
  }

  ask(method: string, path: string, by = this.full, body?: object): Promise<Received> {
    return this.#running.send({
      ...{ method, path: `/keys${path}` },
      headers: [
        ['X-API-Key', by],
        ['Content-Type', 'application/json'],
      ],
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** The status that a key gets. */
  async use({ key }: Pick<Made, 'key'>, path = CONTACTS, more: Partial<Sent> = {}): Promise<number> {
    return (await this.#running.send({ path, headers: [['X-API-Key', key]], ...more })).status;
  }

  /** The same as a bearer token. */
  async bear({ key }: Pick<Made, 'key'>): Promise<number> {
    return this.use({ key }, CONTACTS, { headers: [['Authorization', `Bearer ${key}`]] });
  }

  /** The statuses that a key gets over several connections, one after the other. */
  async useAnew(made: Pick<Made, 'key'>, connections: number): Promise<number[]> {
    const statuses: number[] = [];
    for (let one = 0; one < connections; one++) statuses.push(await this.use(made, CONTACTS, { isRaw: true }));
    return statuses;
  }

  /** @param seconds go by */
  wait(seconds: number): void {
    this.#clock.time += seconds * 1000;
  }
}

async function withKeys(
  use: (keys: Keys, running: RunningMock) => Promise<void>,
  options: Partial<MockOptions> & { readonly promises?: KeyPromises } = {},
): Promise<void> {
  const { promises, ...rest } = options;
  const clock = { time: START };
  const document = await documentWithKeys(promises);
  await withMock({ document, name: 'keys', clock: { now: () => clock.time }, ...rest }, (running) =>
    use(new Keys(running, clock), running),
  );
}

test.describe('the mock manages keys:', () => {
  test('a key that was made opens what its scopes name, in each form, until it is revoked', () =>
    withKeys(async (keys) => {
      const made = await keys.create();
      expect([await keys.use(made), await keys.bear(made), await keys.use(made, CONVERSATIONS)]).toEqual([
        200, 200, 403,
      ]);
      expect((await keys.revoke(made)).status).toBe(204);
      expect([await keys.use(made), await keys.bear(made)]).toEqual([401, 401]);
      keys.wait(86_400);
      expect(await keys.use(made)).toBe(401);
    }));

  test('only the responses that make a secret have it', () =>
    withKeys(async (keys) => {
      const made = await keys.create();
      const rolled = await keys.roll(made);
      expect(rolled.id).toBe(made.id);
      const others = [await keys.read(made), await keys.update(made, SCOPES), await keys.revoke(made)];
      for (const { text } of others) for (const { key } of [made, rolled]) expect(text).not.toContain(key);
    }));

  test('a rolled key opens beside the new one for exactly the overlap', () =>
    withKeys(async (keys) => {
      const old = await keys.create();
      const rolled = await keys.roll(old);
      keys.wait(59.999);
      expect([await keys.use(old), await keys.use(rolled)]).toEqual([200, 200]);
      keys.wait(0.001);
      expect([await keys.use(old), await keys.use(rolled)]).toEqual([401, 200]);
      await keys.revoke(rolled);
      expect(await keys.use(rolled)).toBe(401);
    }));

  test('scopes change at once, and a read tells them', () =>
    withKeys(async (keys) => {
      const made = await keys.create();
      await keys.update(made, ['conversations:read']);
      expect([await keys.use(made), await keys.use(made, CONVERSATIONS)]).toEqual([403, 200]);
      expect((await keys.read(made)).json).toMatchObject({ id: made.id, scopes: ['conversations:read'] });
    }));

  test('a key expires to the millisecond', () =>
    withKeys(async (keys) => {
      const made = await keys.create({ scopes: SCOPES, expiresIn: 10 });
      keys.wait(9.999);
      expect(await keys.use(made)).toBe(200);
      keys.wait(0.001);
      expect(await keys.use(made)).toBe(401);
    }));

  test('the last use is told, and that there was none', () =>
    withKeys(async (keys) => {
      const made = await keys.create();
      expect((await keys.read(made)).json).toMatchObject({ lastUsedAt: null });
      keys.wait(5);
      await keys.use(made);
      expect((await keys.read(made)).json).toMatchObject({ lastUsedAt: '2026-11-29T12:00:05.500Z' });
    }));

  test('nobody makes, changes or rolls a key into one that may more than their own', () =>
    withKeys(async (keys) => {
      const own = await keys.create({ scopes: ['admin:write', 'contacts:read'] });
      const stronger = await keys.create({ scopes: ['channels:read'] });
      const wish = { scopes: ['contacts:read', 'channels:read'] };
      expect((await keys.ask('POST', '', own.key, wish)).status).toBe(403);
      expect((await keys.ask('PATCH', `/${own.id}`, own.key, wish)).status).toBe(403);
      expect((await keys.ask('POST', `/${stronger.id}/roll`, own.key)).status).toBe(403);
      expect((await keys.ask('POST', '', own.key, { scopes: SCOPES })).status).toBe(201);
      expect((await keys.ask('POST', '', own.key, {})).json).toMatchObject({
        scopes: ['admin:write', 'contacts:read'],
      });
    }));

  test('the id of a revoked key leads nowhere, and the id that the document shows is always there', () =>
    withKeys(async (keys) => {
      const made = await keys.create();
      await keys.revoke(made);
      const statuses = [await keys.read(made), await keys.update(made, SCOPES), await keys.revoke(made)];
      expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404]);
      expect((await keys.ask('POST', `/${made.id}/roll`)).status).toBe(404);
      expect((await keys.read({ id: 'key_abc123' })).status).toBe(200);
    }));

  test('what no key can have is refused', () =>
    withKeys(async (keys) => {
      expect((await keys.ask('POST', '', keys.full, { scopes: ['nothing:read'] })).status).toBe(400);
      expect((await keys.ask('POST', '', keys.full, { expiresIn: 0 })).status).toBe(400);
    }));

  test('a key of one environment is none of the other', () =>
    withKeys(async (keys, { send }) => {
      const { key } = await keys.create();
      const sent = { path: CONTACTS, headers: [['X-API-Key', key]] as const };
      expect((await send({ ...sent, environment: 'production' })).status).toBe(401);
      expect((await send(sent)).status).toBe(200);
    }));

  test('the field Date says the time that the test has moved to', () =>
    withKeys(async (keys) => {
      keys.wait(3600);
      expect((await keys.read({ id: 'key_abc123' })).headers['date']).toBe('Sun, 29 Nov 2026 13:00:00 GMT');
    }));
});

/** What shows a defect, asked of the sound mock and of the defective one. */
interface Proof {
  readonly shown: (keys: Keys) => Promise<unknown>;
  readonly sound: unknown;
  readonly broken: unknown;
}

/** What a revoked key gets so many seconds after it was revoked. */
const revoked = (...seconds: number[]): Proof['shown'] => after((keys, made) => keys.revoke(made), seconds);

function after(
  change: (keys: Keys, made: Made) => Promise<unknown>,
  seconds: readonly number[],
  body?: object,
): Proof['shown'] {
  return async (keys) => {
    const made = await keys.create(body);
    await keys.use(made);
    await change(keys, made);
    const statuses: number[] = [];
    let last = 0;
    for (const second of seconds) {
      keys.wait(second - last);
      last = second;
      statuses.push(await keys.use(made));
    }
    return statuses;
  };
}

const nothing = (): Promise<void> => Promise.resolve();

const proofs: Readonly<Record<LifecycleDefectId, Proof>> = {
  'revocation-cached-for-a-minute': { shown: revoked(0, 59.9, 60), sound: [401, 401, 401], broken: [200, 200, 401] },
  'revocation-cached-for-five-minutes': {
    shown: revoked(0, 299.9, 300),
    sound: [401, 401, 401],
    broken: [200, 200, 401],
  },
  'one-of-two-nodes-keeps-revoked-keys': {
    shown: revokedAnew(4),
    sound: [401, 401, 401, 401],
    broken: [401, 200, 401, 200],
  },
  'one-of-three-nodes-keeps-revoked-keys': {
    shown: revokedAnew(4),
    sound: [401, 401, 401, 401],
    broken: [401, 200, 401, 401],
  },
  'revocation-only-in-header': {
    shown: async (keys) => {
      const made = await keys.create();
      await keys.revoke(made);
      return [await keys.use(made), await keys.bear(made)];
    },
    sound: [401, 401],
    broken: [401, 200],
  },
  'revoked-key-back-after-half-a-minute': {
    shown: revoked(0, 29.9, 30, 3600),
    sound: [401, 401, 401, 401],
    broken: [401, 401, 200, 200],
  },
  'rolled-key-ends-at-once': {
    shown: after((keys, made) => keys.roll(made), [0, 60]),
    sound: [200, 401],
    broken: [401, 401],
  },
  'rolled-key-never-ends': {
    shown: after((keys, made) => keys.roll(made), [0, 60, 86_400]),
    sound: [200, 401, 401],
    broken: [200, 200, 200],
  },
  'new-key-of-roll-opens-late': {
    shown: async (keys) => {
      const made = await keys.create();
      const rolled = await keys.roll(made);
      const statuses = [await keys.use(made), await keys.use(rolled)];
      keys.wait(30);
      return [...statuses, await keys.use(rolled)];
    },
    sound: [200, 200, 200],
    broken: [200, 401, 200],
  },
  'new-key-of-roll-never-opens': {
    shown: async (keys) => {
      const made = await keys.create();
      const rolled = await keys.roll(made);
      const statuses = [await keys.use(made), await keys.use(rolled)];
      keys.wait(60);
      return [...statuses, await keys.use(rolled)];
    },
    sound: [200, 200, 200],
    broken: [200, 401, 401],
  },
  'scopes-cached': {
    shown: (keys) => narrowedAndBack(keys),
    sound: [403, 200, 403],
    broken: [200, 403, 403],
  },
  'taken-scopes-cached': {
    shown: (keys) => narrowedAndBack(keys),
    sound: [403, 200, 403],
    broken: [200, 200, 403],
  },
  'given-scopes-cached': {
    shown: (keys) => narrowedAndBack(keys),
    sound: [403, 200, 403],
    broken: [403, 403, 403],
  },
  'expiry-ignored': {
    shown: after(nothing, [9, 10, 86_400], { scopes: SCOPES, expiresIn: 10 }),
    sound: [200, 401, 401],
    broken: [200, 200, 200],
  },
  'expiry-noticed-late': {
    shown: after(nothing, [9, 10, 39.9, 40], { scopes: SCOPES, expiresIn: 10 }),
    sound: [200, 401, 401, 401],
    broken: [200, 200, 200, 401],
  },
  'expiry-too-early': {
    shown: after(nothing, [4.9, 5, 10], { scopes: SCOPES, expiresIn: 10 }),
    sound: [200, 200, 401],
    broken: [200, 401, 401],
  },
  'restricted-key-makes-stronger-key': {
    shown: async (keys) => {
      const own = await keys.create({ scopes: ['admin:write'] });
      const { status, json } = await keys.ask('POST', '', own.key, { scopes: SCOPES });
      return [status, status === 201 && (await keys.use(json as Made))];
    },
    sound: [403, false],
    broken: [201, 200],
  },
  'last-use-never-told': {
    shown: async (keys) => {
      const made = await keys.create();
      await keys.use(made);
      return ((await keys.read(made)).json as { lastUsedAt: unknown }).lastUsedAt;
    },
    sound: '2026-11-29T12:00:00.500Z',
    broken: null,
  },
  'revoked-id-shows-key': {
    shown: async (keys) => {
      const made = await keys.create();
      const before = (await keys.read(made)).text.includes(made.key);
      await keys.revoke(made);
      return [before, (await keys.read(made)).text.includes(made.key)];
    },
    sound: [false, false],
    broken: [false, true],
  },
  'update-revives-revoked-key': {
    shown: after(
      async (keys, made) => {
        await keys.revoke(made);
        await keys.update(made, SCOPES);
      },
      [0],
    ),
    sound: [401],
    broken: [200],
  },
  'revoked-key-rolls-into-new-key': {
    shown: async (keys) => {
      const made = await keys.create();
      await keys.revoke(made);
      const { status, json } = await keys.ask('POST', `/${made.id}/roll`);
      return [status, status === 200 && (await keys.use(json as Made)), await keys.use(made)];
    },
    sound: [404, false, 401],
    broken: [200, 200, 401],
  },
  'id-opens-as-key': {
    shown: async (keys) => {
      const { id, key } = await keys.create();
      const before = await keys.use({ key: id });
      await keys.revoke({ id });
      return [before, await keys.use({ key: id }), await keys.use({ key })];
    },
    sound: [401, 401, 401],
    broken: [200, 200, 401],
  },
  'made-key-opens-late': { shown: after(nothing, [29.9, 30]), sound: [200, 200], broken: [401, 200] },
  'made-key-opens-in-header-only': {
    shown: async (keys) => {
      const made = await keys.create();
      return [await keys.use(made), await keys.bear(made)];
    },
    sound: [200, 200],
    broken: [200, 401],
  },
};

/** Over several connections, of which the mock has seen one before, on which the key was made. */
function revokedAnew(connections: number): Proof['shown'] {
  return async (keys) => {
    const made = await keys.create();
    await keys.useAnew(made, 2);
    await keys.revoke(made);
    return (await keys.useAnew(made, connections + 1)).slice(1);
  };
}

/** What is taken away, what is given, and what is taken away after ten minutes. */
async function narrowedAndBack(keys: Keys): Promise<number[]> {
  const made = await keys.create();
  await keys.use(made);
  await keys.update(made, ['conversations:read']);
  const statuses = [await keys.use(made), await keys.use(made, CONVERSATIONS)];
  keys.wait(600);
  return [...statuses, await keys.use(made)];
}

test.describe('a defect of keys that change', () => {
  for (const [id, { shown, sound, broken }] of Object.entries(proofs) as [LifecycleDefectId, Proof][]) {
    test(`${id}: ${lifecycleDefects[id].title}`, async () => {
      await withKeys(async (keys) => expect(await shown(keys)).toEqual(sound));
      await withKeys(async (keys) => expect(await shown(keys)).toEqual(broken), { defect: { id } });
    });
  }
});

const LATER = { revokedWithin: 30, overlap: 60, scopeChangeWithin: 30, expiresWithin: 30, lastUsedWithin: 60 };

test.describe('a variant of keys that change', () => {
  const shows = (id: LifecycleVariantId, shown: Proof['shown'], expected: unknown): void =>
    test(`${id}: ${variants[id].title}`, () =>
      withKeys(async (keys) => expect(await shown(keys)).toEqual(expected), { variant: id, promises: LATER }));

  shows('revocation-as-late-as-promised', revoked(0, 29.999, 30), [200, 200, 401]);
  shows('revocations-cached-as-long-as-promised', revoked(0, 29.999, 30), [200, 200, 401]);
  shows('nodes-agree-as-late-as-promised', revokedAnew(4), [401, 200, 401, 200]);
  shows(
    'expiry-noticed-as-late-as-promised',
    after(nothing, [39.999, 40], { scopes: SCOPES, expiresIn: 10 }),
    [200, 401],
  );
  shows('expiry-in-whole-seconds', after(nothing, [9.499, 9.5], { scopes: SCOPES, expiresIn: 10 }), [200, 401]);
  shows(
    'scopes-changed-as-late-as-promised',
    async (keys) => {
      const made = await keys.create();
      await keys.update(made, ['conversations:read']);
      keys.wait(29.999);
      const before = [await keys.use(made), await keys.use(made, CONVERSATIONS)];
      keys.wait(0.001);
      return [...before, await keys.use(made), await keys.use(made, CONVERSATIONS)];
    },
    [200, 403, 403, 200],
  );
  shows(
    'last-use-told-as-late-as-promised',
    async (keys) => {
      const made = await keys.create();
      await keys.use(made);
      keys.wait(59.999);
      const before = (await keys.read(made)).json as { lastUsedAt: unknown };
      keys.wait(0.001);
      return [before.lastUsedAt, ((await keys.read(made)).json as { lastUsedAt: unknown }).lastUsedAt];
    },
    [null, '2026-11-29T12:00:00.500Z'],
  );
  shows(
    'rolled-key-gets-another-id',
    async (keys) => {
      const made = await keys.create();
      const rolled = await keys.roll(made);
      await keys.revoke(rolled);
      return [rolled.id === made.id, await keys.use(made), await keys.use(rolled)];
    },
    [false, 200, 401],
  );
  shows(
    'revoked-key-is-still-told',
    async (keys) => {
      const made = await keys.create();
      await keys.revoke(made);
      const { status, text } = await keys.read(made);
      return [status, text.includes(made.key)];
    },
    [200, false],
  );
});
