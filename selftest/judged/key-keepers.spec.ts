import { writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { withMock } from '../../mock/testing/with-mock.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { type Conversation, EndOfAnswers } from '../../src/guided/conversation.ts';
import { keysByHand } from '../../src/guided/keys-by-hand.ts';
import { judgeKeys } from '../../src/judging/keys/judge-keys.ts';
import { askKeys } from '../../src/run/keys/ask-keys.ts';
import { commandKeeper } from '../../src/run/keys/command-keeper.ts';
import { systemClock } from '../../src/run/keys/plays.ts';
import { keyRules } from '../../tests/catalogue/index.ts';
import { documentWithKeys } from '../support/key-contract.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { movedClock } from '../support/moved-clock.ts';

test('by a command: keys are made, watched and judged without an operation of the contract', async ({}, info) => {
  const contract = await huechat();
  const clock = movedClock();
  const mock = await startMock({ ...mockOf(contract), clock });
  try {
    const target = readTarget(contract, { ...mock.settings('sandbox'), HUECHAT_KEY_WATCH: '6' });
    const rules = new Set(['revoked-key-refused-in-time', 'key-makes-no-stronger-key'] as const);
    const { observations, timeline, leftovers } = await askKeys(contract, target, {
      ...{ clock, rules, journalFolder: info.outputPath('journals') },
    });
    expect(timeline).toMatchObject({
      keeper: 'command',
      keys: [{ name: 'key 1, revoked', firstRefusal: expect.any(Number) }],
    });
    expect(leftovers).toEqual([]);
    const cells = judgeKeys(
      keyRules.filter(({ id }) => rules.has(id as never)),
      observations,
      contract,
    );
    // Nothing is promised, so the time is recorded.
    expect(new Set(cells.map(({ outcome }) => outcome))).toEqual(new Set(['not applicable']));
    expect(JSON.stringify(cells)).toContain('not promised; measured: first refused after 0.0 s');
    expect(JSON.stringify({ cells, timeline })).not.toMatch(/key_[0-9a-f]{16}/);
  } finally {
    await mock.close();
  }
});

test('a command that fails is told in a sentence, without what it said on standard error', async ({}, info) => {
  const contract = await huechat();
  const script = info.outputPath('keys.mjs');
  writeFileSync(
    script,
    `import { text } from 'node:stream/consumers';
const { action, id } = JSON.parse(await text(process.stdin));
const ways = {
  words: () => console.log(JSON.stringify({ error: 'the console is closed' })),
  unsupported: () => console.log('{"unsupported":true}'),
  code: () => { console.error('sk_test_secret'); process.exitCode = 3; },
  text: () => console.log('done'),
  slow: () => setTimeout(() => undefined, 60_000),
  good: () => console.log('{}'),
};
if (action === 'create') console.log('{"id":"1"}'); else ways[id]();
`,
  );
  const target = readTarget(contract, {
    ...{ HUECHAT_BASE_URL: 'http://127.0.0.1:1', HUECHAT_ENVIRONMENT: 'sandbox' },
    ...{ HUECHAT_API_KEY: 'sk_test_9zY8xW7vU6tS5rQ4pO3nM2lK1jI0hG', HUECHAT_KEY_COMMAND_TIMEOUT: '2' },
    HUECHAT_KEY_COMMAND: JSON.stringify([process.execPath, script]),
  });
  const keeper = commandKeeper(target, systemClock);
  const revoked = Object.fromEntries(
    await Promise.all(
      ['words', 'unsupported', 'code', 'text', 'slow', 'good'].map(async (id) => {
        const kept = await keeper.revoke(id);
        return [id, kept.value ?? `${kept.outcome}: ${kept.reason}`] as const;
      }),
    ),
  );
  expect(revoked).toEqual({
    words: 'error: HUECHAT_KEY_COMMAND could not revoke a key: the console is closed',
    unsupported: 'not applicable: HUECHAT_KEY_COMMAND says that this API cannot revoke keys in this way',
    code: 'error: HUECHAT_KEY_COMMAND ended with 3 for the action revoke: run it yourself with {"action":"revoke"} to see why',
    text: 'error: HUECHAT_KEY_COMMAND printed no JSON object for the action revoke: have it print one, such as {}',
    slow: 'error: HUECHAT_KEY_COMMAND took longer than 2 seconds: run it yourself to see whether it waits for something (action revoke)',
    good: 'revoked',
  });
  expect(await keeper.make(1, {})).toMatchObject({
    outcome: 'error',
    reason: 'HUECHAT_KEY_COMMAND printed no id and secret of a key: have it print {"id":"…","secret":"…"}',
  });
  const onProduction = commandKeeper({ ...target, policy: { ...target.policy, production: true } }, systemClock);
  expect(await onProduction.revoke('good')).toMatchObject({
    reason: 'keys are made and revoked on a sandbox alone, never on sandbox',
  });
});

test('by hand: a person makes and revokes a key, and is told what it opened', async () => {
  const document = await documentWithKeys();
  const clock = movedClock();
  const contract = await huechat();
  await withMock({ document, name: 'huechat', clock }, async ({ mock, keys, send }) => {
    const target = readTarget(contract, { ...mock.settings('sandbox'), HUECHAT_KEY_WATCH: '6' });
    const headers = [
      ['X-API-Key', keys.full],
      ['Content-Type', 'application/json'],
    ] as const;
    const made = (await send({ method: 'POST', path: '/keys', headers, body: '{}' })).json as {
      id: string;
      key: string;
    };
    const said: string[] = [];
    const conversation: Conversation = {
      say: (text) => void said.push(text),
      askSecret: () => Promise.resolve(made.key),
      ask: async () => {
        await send({ method: 'DELETE', path: `/keys/${made.id}`, headers });
        return 'done';
      },
      close: () => undefined,
    };
    // The contract promises nothing: so the time is recorded, and the rest is judged.
    expect(await keysByHand(contract, target, { conversation, clock, rules: keyRules })).toBe(0);
    const text = said.join('\n');
    expect(text).toContain('conforms  revoked-key-stays-refused');
    expect(text).toContain('not promised; measured: first refused after 0.0 s');
    expect(text).not.toContain(made.key);
    const gone = { ...conversation, askSecret: () => Promise.reject(new EndOfAnswers()) };
    expect(await keysByHand(contract, target, { conversation: gone, clock, rules: keyRules })).toBe(2);
  });
});
