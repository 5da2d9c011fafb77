import { expect, test } from '@playwright/test';
import { memory } from '../../mock/defects/memory.ts';
import type { Sent } from '../../mock/testing/client.ts';
import { type Keys, withMock } from '../../mock/testing/with-mock.ts';
import { huechat, mockOf } from '../support/harness.ts';

type Id = keyof typeof memory;

/** What opens, or locks out, only because of the requests before it. */
interface Proof {
  /** Sent in this order on one connection; the last one is looked at. */
  readonly sent: (keys: Keys) => readonly Sent[];
  readonly sound: number;
  readonly broken: number;
}

const get = (path: string, key?: string): Sent => ({
  path,
  headers: key === undefined ? [] : [['X-API-Key', key]],
});

/** On the second worker. */
const CONTACT = '/contact/cnt_abc123';

const cached = (changed: (key: string) => string): Proof => ({
  sent: ({ full }) => [get('/contacts', full), get('/contacts', changed(full))],
  sound: 401,
  broken: 200,
});

const proofs: Readonly<Record<Id, Proof>> = {
  'connection-keeps-first-permissions': {
    sent: ({ full, scoped }) => [get('/contacts', full), get('/contacts', scoped['channels:read'])],
    sound: 403,
    broken: 200,
  },
  'address-trusted-after-a-key': {
    sent: ({ full }) => [get('/contacts', full), get('/contacts')],
    sound: 401,
    broken: 200,
  },
  'accepted-keys-cached-by-their-beginning': cached((key) => `${key.slice(0, 32)}another`),
  'accepted-keys-cached-in-lower-case': cached((key) => key.toUpperCase()),
  'permission-decided-once-for-a-key': {
    sent: ({ scoped }) => [get('/contacts', scoped['contacts:read']), get('/conversations', scoped['contacts:read'])],
    sound: 403,
    broken: 200,
  },
  'refusal-cached-for-everyone': {
    sent: ({ full }) => [get('/contacts'), get('/contacts', full)],
    sound: 200,
    broken: 401,
  },
  'one-worker-without-keys': { sent: () => [get(CONTACT)], sound: 401, broken: 200 },
  'one-worker-with-old-revocations': {
    sent: ({ revoked }) => [get(CONTACT, revoked)],
    sound: 401,
    broken: 200,
  },
};

for (const [id, { sent, sound, broken }] of Object.entries(proofs) as [Id, Proof][]) {
  test(`${id}: ${memory[id].title}`, async () => {
    const last = async (defect?: Id): Promise<number | undefined> => {
      let status: number | undefined;
      await withMock({ ...mockOf(await huechat()), ...(defect && { defect: { id: defect } }) }, async (running) => {
        for (const request of sent(running.keys)) ({ status } = await running.send(request));
      });
      return status;
    };
    expect(await last()).toBe(sound);
    expect(await last(id)).toBe(broken);
  });
}

test('of the two workers the other one is sound', async () => {
  await withMock({ ...mockOf(await huechat()), defect: { id: 'one-worker-without-keys' } }, async ({ send }) =>
    expect((await send(get('/contacts'))).status).toBe(401),
  );
});
