import { expect, test } from '@playwright/test';
import { type DefectId, defectIds, defects, isConfinableDefect } from '../../mock/defects/index.ts';
import { CONTACTS, type Expected, type Evidence, withBearer, withKey } from '../../mock/evidence/evidence.ts';
import { evidence } from '../../mock/evidence/index.ts';
import { running, type Running } from '../../mock/running.ts';
import { loadContract } from '../../src/openapi/load-contract.ts';

const huechat = loadContract('specs/huechat');

/** Away from every request of the evidence, and asked for by no key that the evidence uses. */
const ELSEWHERE = 'GET /channels/whatsapp/templates';

for (const id of defectIds) {
  const { sound, broken, operation = 'GET /contacts', isUnconfinable, elsewhere } = evidence[id];
  const { operation: beside = ELSEWHERE, form = 'bearer' } = elsewhere ?? {};

  test(`${id}: ${defects[id].title}`, async () => {
    await see(evidence[id], undefined, sound);
    await see(evidence[id], { id }, broken);
  });

  if (isConfinableDefect(id)) {
    test(`${id}: stays where it is confined to`, async () => {
      await see(evidence[id], { id, operation: beside }, sound);
      if (!isUnconfinable) await see(evidence[id], { id, operation }, broken);
    });

    test(`${id}: stays in the form that it is confined to`, async () => {
      await see(evidence[id], { id, form }, (isBearer) => (isBearer ? broken : sound));
    });
  } else {
    test(`${id}: cannot be confined`, async () => {
      await expect(see(evidence[id], { id, operation: ELSEWHERE }, sound)).rejects.toThrow('nothing confines it');
    });
  }
}

interface Planted {
  readonly id: DefectId;
  readonly operation?: string;
  readonly form?: string;
}

type Expecting = Expected | ((isBearer: boolean) => Expected);

async function see(
  { ask, options, elsewhere }: Evidence,
  defect: Planted | undefined,
  expecting: Expecting,
): Promise<void> {
  const contract = await (elsewhere ? loadContract(elsewhere.contract) : huechat);
  const where = defect ? `with ${Object.values(defect).join(', ')}` : 'a sound server';
  await running({ contract, defect, ...options }, async (started) => {
    let isBearer = false;
    const send: Running['send'] = (sent) => {
      isBearer ||= sent.headers?.some((line) => /^authorization: bearer /i.test(line.join(': '))) ?? false;
      return started.send(sent);
    };
    const seen = await ask({ ...started, send }).catch((error: unknown) => ({
      fault: error instanceof Error ? error.message : String(error),
    }));
    const expected = typeof expecting === 'function' ? expecting(isBearer) : expecting;
    expect(seen, where).toMatchObject(typeof expected === 'number' ? { status: expected } : matching(expected));
  });
}

/** A pattern stands for every text that it matches. */
function matching(expected: Exclude<Expected, number>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(expected).map(([name, value]): [string, unknown] => [
    name,
    value instanceof RegExp ? expect.stringMatching(value) : value,
  ]);
  return Object.fromEntries(entries);
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
