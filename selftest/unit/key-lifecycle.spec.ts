import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { reasonNotToSend } from '../../src/http/safety-guard.ts';
import { settling } from '../../src/judging/keys/samples.ts';
import type { ObservedSample } from '../../src/model/key-observations.ts';
import type { PlannedRequest } from '../../src/model/request.ts';
import type { Target } from '../../src/model/target.ts';
import { readDocument } from '../../src/openapi/load-contract.ts';
import { KeyJournal, leftBehind } from '../../src/run/keys/journal.ts';
import { isoTime } from '../../src/run/keys/made-keys.ts';
import { bodyWith } from '../../src/run/keys/operations-keeper.ts';
import { planKeys } from '../../src/run/keys/plan-keys.ts';
import { makesKeys } from '../../src/run/keys/choose-operations.ts';
import { Secret } from '../../src/secret.ts';
import { documentWithKeys } from '../support/key-contract.ts';
import { expect, test } from '../support/unit-test.ts';

type Json = Record<string, unknown>;

/** The document with a lifecycle of its own, as a file. */
async function documentOf(folder: string, lifecycle: Json): Promise<string> {
  const document = (await documentWithKeys()) as Json;
  const extension = { ...(document['x-authentication'] as Json), lifecycle };
  const file = join(folder, 'openapi.yaml');
  writeFileSync(file, stringify({ ...document, 'x-authentication': extension }));
  return file;
}

const CREATE = { operationId: 'createKey', secret: '/key', id: '$response.body#/id' };
const REVOKE = { operationId: 'revokeKey' };

test.describe('x-authentication.lifecycle', () => {
  test('names operations, places as pointers or as runtime expressions, and promises', async ({}, info) => {
    const lifecycle = {
      create: { ...CREATE, secret: '$response.header.X-Key', expiresIn: '$request.body#/expiresIn' },
      revoke: REVOKE,
      update: { operationId: 'updateKey', scopes: '/scopes', idParameter: '$request.body#/id' },
      promises: { revokedWithin: 0 },
    };
    const { contract } = await readDocument(await documentOf(info.outputPath(), lifecycle), 'keys');
    expect(contract.lifecycle).toEqual({
      operations: {
        create: {
          operation: 'POST /keys',
          secret: { in: 'header', name: 'X-Key' },
          id: { in: 'body', pointer: '/id' },
          expiresIn: { in: 'body', pointer: '/expiresIn' },
        },
        update: {
          operation: 'PATCH /keys/{id}',
          idPlace: { in: 'body', pointer: '/id' },
          scopes: { in: 'body', pointer: '/scopes' },
        },
        revoke: { operation: 'DELETE /keys/{id}', idPlace: { in: 'path', name: 'id' } },
      },
      promises: { revokedWithin: 0 },
    });
  });

  const wrong: readonly (readonly [what: string, lifecycle: Json, sentence: RegExp])[] = [
    [
      'an operation that is not there',
      { create: CREATE, revoke: { operationId: 'endKey' } },
      /openapi\.yaml:\d+: lifecycle\.revoke names the operation endKey, which the document does not have; write the operationId of an operation, or add it to the operation\.$/,
    ],
    [
      'a key that nobody could revoke',
      { create: CREATE },
      /openapi\.yaml:\d+: x-authentication\/lifecycle must have property revoke when property create is present; /,
    ],
    [
      'a parameter that the operation does not have',
      { create: CREATE, revoke: { ...REVOKE, idParameter: 'key' } },
      /openapi\.yaml:\d+: DELETE \/keys\/\{id\} has no parameter key in its path or its query; /,
    ],
    [
      'two ways to say when a key expires',
      { create: { ...CREATE, expiresIn: '/expiresIn', expiresAt: '/expiresAt' }, revoke: REVOKE },
      /openapi\.yaml:\d+: the time at which a key expires stands in expiresIn and in expiresAt; leave one of them out\.$/,
    ],
    [
      'an operation without an id',
      { create: CREATE, revoke: { operationId: 'createKey' } },
      /openapi\.yaml:\d+: POST \/keys has no parameter in its path for the id of the key; say in idParameter where the id goes\.$/,
    ],
    [
      'a place that is none',
      { create: { ...CREATE, id: 'id' }, revoke: REVOKE },
      /openapi\.yaml:\d+: x-authentication\/lifecycle\/create\/id must match pattern/,
    ],
    [
      'a promise of no time',
      { promises: { revokedWithin: -1 } },
      /openapi\.yaml:\d+: x-authentication\/lifecycle\/promises\/revokedWithin must be >= 0/,
    ],
  ];
  for (const [what, lifecycle, sentence] of wrong)
    test(`is refused with the line: ${what}`, async ({}, info) => {
      await expect(readDocument(await documentOf(info.outputPath(), lifecycle), 'keys')).rejects.toThrow(sentence);
    });
});

/** The target of a user whose settings say so. */
async function targetOf(
  folder: string,
  environment: 'production' | 'sandbox',
  more: Readonly<Record<string, string>> = {},
) {
  const lifecycle = { create: CREATE, revoke: REVOKE };
  const { contract } = await readDocument(await documentOf(folder, lifecycle), 'keys');
  const target = readTarget(contract, {
    KEYS_BASE_URL: 'http://127.0.0.1:1/v2',
    KEYS_ENVIRONMENT: environment,
    KEYS_API_KEY: environment === 'production' ? 'sk_live_0aB1cD2eF3gH4iJ5kL6mN7' : 'sk_test_9zY8xW7vU6tS5rQ4pO3nM2',
    ...(environment === 'production' && { KEYS_LIVE_KEY_HOSTS: '127.0.0.1:1' }),
    ...more,
  });
  return { contract, target };
}

const makeKey = ({ keys }: Target, more: Partial<PlannedRequest> = {}): PlannedRequest => ({
  ...{ via: 'base', method: 'POST', target: ['/v2/keys'], inert: false, keyAction: 'create' },
  ...{ headers: [['X-API-Key', [keys.full]]], body: ['{}'], ...more },
});

test.describe('keys are made on a sandbox alone', () => {
  test('a setting for it ends a run on production with one sentence', async ({}, info) => {
    const read = targetOf(info.outputPath(), 'production', { KEYS_KEY_COMMAND: 'keys', KEYS_KEY_WATCH: '5' });
    await expect(read).rejects.toThrow(ConfigurationError);
    await expect(read).rejects.toThrow(
      'KEYS_KEY_COMMAND and KEYS_KEY_WATCH are set, but keys are made and revoked only on a sandbox, not on production: remove what is set.',
    );
  });

  test('a contract with a lifecycle is judged on production without it', async ({}, info) => {
    const { contract, target } = await targetOf(info.outputPath(), 'production');
    expect(makesKeys(contract, target)).toBe(false);
    const off = await targetOf(info.outputPath(), 'sandbox', { KEYS_KEY_WATCH: 'off' });
    expect(makesKeys(off.contract, off.target)).toBe(false);
    const on = await targetOf(info.outputPath(), 'sandbox');
    expect(makesKeys(on.contract, on.target)).toBe(true);
  });

  test('the guard refuses whatever the rest of the code makes', async ({}, info) => {
    const { contract, target } = await targetOf(info.outputPath(), 'production');
    const origin = new URL(target.baseUrl);
    const never = 'keys are made and revoked on a sandbox alone, never on production';
    expect(reasonNotToSend(makeKey(target), origin, target, contract)).toBe(never);
    // Safe methods too, and every request once a key has been made.
    const reads = makeKey(target, { method: 'GET', keyAction: 'read', target: ['/v2/keys/1'] });
    expect(reasonNotToSend(reads, origin, target, contract)).toBe(never);
    const made = new Secret('made key 1', 'sk_live_made0123456789', { origin: 'issued', shell: '$X' });
    const withMade = { ...target, keys: { ...target.keys, made: [made] } };
    const list: PlannedRequest = { via: 'base', method: 'GET', target: ['/v2/contacts'], headers: [], inert: true };
    expect(reasonNotToSend(list, origin, withMade, contract)).toBe(never);
  });

  test('on a sandbox only the operation that the contract names is let through', async ({}, info) => {
    const { contract, target } = await targetOf(info.outputPath(), 'sandbox');
    const reasonFor = (more: Partial<PlannedRequest>): string | undefined =>
      reasonNotToSend(makeKey(target, more), new URL(target.baseUrl), target, contract);
    expect(reasonFor({})).toBeUndefined();
    expect(reasonFor({ keyAction: 'revoke', method: 'DELETE', target: ['/v2/keys/key_1'] })).toBeUndefined();
    for (const more of [
      { target: ['/v2/contacts'] },
      { target: ['/v2/keys/'] },
      { method: 'PUT' },
      { keyAction: 'revoke' as const, method: 'DELETE', target: ['/v2/keys/..'] },
      { keyAction: 'revoke' as const, method: 'DELETE', target: ['/v2/keys/1/2'] },
      { keyAction: 'roll' as const, target: ['/v2/keys/1/roll'] },
    ])
      expect(reasonFor(more)).toMatch(/^the contract does not name this \w+ as the operation to \w+ a key$/);
  });
});

test.describe('the journal of made keys', () => {
  const owner = { contract: 'keys', baseUrl: 'https://127.0.0.1:1/v2', keeper: 'operations' as const };

  test('is gone when every key is revoked, and says of a killed run what is left', ({}, info) => {
    const folder = info.outputPath('journals');
    const journal = new KeyJournal(folder, owner);
    journal.making(1);
    journal.made(1, 'key_1');
    journal.making(2);
    journal.made(2, 'key_2');
    journal.ended('key_1');
    journal.making(3);
    const [name = ''] = readdirSync(folder);
    // Of a run that goes on: not left behind.
    expect(leftBehind(folder)).toEqual([]);
    const text = readFileSync(join(folder, name), 'utf8').replace(`"pid":${process.pid}`, '"pid":999999999');
    writeFileSync(join(folder, 'killed.jsonl'), `${text}{"ended":`);
    expect(leftBehind(folder)).toMatchObject([{ owner, ids: ['key_2'], unknown: [expect.any(String)] }]);
    writeFileSync(join(folder, 'killed.jsonl'), '');
    journal.ended('key_2');
    journal.failed(3);
    journal.close();
    expect(readdirSync(folder)).toEqual(['killed.jsonl']);
  });

  test('is not made before the first key', ({}, info) => {
    new KeyJournal(info.outputPath('none'), owner).close();
    expect(existsSync(info.outputPath('none'))).toBe(false);
  });
});

test('what a key shows has settled when every connection has shown it since the last one that did not', () => {
  const sample = (order: number, connection: number, what: 'opened' | 'refused'): ObservedSample => ({
    ...{ order, at: order, took: 0, what, form: 'apiKey', connection, operation: 'GET /contacts' },
    exchange: {} as ObservedSample['exchange'],
  });
  const samples = [
    sample(1, 1, 'refused'),
    sample(2, 2, 'opened'),
    sample(3, 1, 'refused'),
    sample(4, 2, 'refused'),
    sample(5, 1, 'opened'),
  ];
  const found = settling(samples, 'refused');
  expect(found.settledAt).toBe(4);
  expect(found.before.map(({ order }) => order)).toEqual([2]);
  expect(found.after.map(({ order }) => order)).toEqual([5]);
  expect(settling(samples.slice(0, 2), 'refused').settledAt).toBeUndefined();
});

test('values are put into a body where pointers say, and the rest of the example stays', () => {
  expect(
    JSON.parse(
      bodyWith('{"name":"a","of":{"b":[1,2]}}', [
        ['/of/b/1', 'x'],
        ['/new/~1path', 2],
      ]),
    ),
  ).toEqual({
    ...{ name: 'a', of: { b: [1, 'x'] }, new: { '/path': 2 } },
  });
  expect(bodyWith(undefined, [['/scopes', ['a']]])).toBe('{"scopes":["a"]}');
});

test('a time is read as RFC 3339 or as a Unix time, and nothing else is one', () => {
  expect(isoTime('2026-11-29T12:00:00Z')).toBe(Date.UTC(2026, 10, 29, 12));
  expect(isoTime(1_700_000_000)).toBe(1_700_000_000_000);
  expect(isoTime(null)).toBeNull();
  for (const value of ['yesterday', '12', undefined, {}]) expect(isoTime(value)).toBeUndefined();
});

test('the plan of what is asked over time grows with the promises and with the rules', async ({}, info) => {
  const { contract, target } = await targetOf(info.outputPath(), 'sandbox', { KEYS_KEY_WATCH: '30' });
  const all = planKeys(contract, target);
  const one = planKeys(contract, target, new Set(['last-use-told']));
  expect(one.requests).toBeLessThan(all.requests);
  const late = { ...contract, lifecycle: { operations: {}, promises: { revokedWithin: 600 } } };
  expect(planKeys(late, target).seconds).toBeGreaterThan(all.seconds + 500);
  expect(planKeys(late, target).requests).toBeGreaterThan(all.requests);
});
