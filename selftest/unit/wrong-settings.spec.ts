import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import { dryRunSettings } from '../../mock/dry-run.ts';
import { readRunEnvironment } from '../../src/config/run-environment.ts';
import { spelled } from '../../src/config/unknown-variables.ts';
import { readVariables, type Variables, variableNames } from '../../src/config/variables.ts';
import { planCommand } from '../../src/run/plan-command.ts';
import { cases, rules } from '../../tests/catalogue/index.ts';
import { mockOf } from '../support/contracts.ts';

/**
 * Settings as they go wrong for people, each read as a run reads it: the variables of the process, `.env`, the contract, the
 * target. What is said first is what the eye falls on.
 */

const KEY = 'sk_test_9zY8xW7vU6tS5rQ4pO3nM2lK1jI0hG';
const LIVE = 'sk_live_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT';
const SANDBOX = 'https://sandbox.huechat.ai/v2';

/** All that a run on the sandbox needs. */
const SOUND: Variables = { HUECHAT_BASE_URL: SANDBOX, HUECHAT_API_KEY: KEY };
const NO_URL = { HUECHAT_BASE_URL: undefined };

const REPORTS =
  'give one or more of html, summary, sarif, junit, badge, playwright, allure, joined by commas, or remove it for all of them.';

const A_FOLDER = 'a folder';

interface Wrong {
  /** What is changed of sound settings, or set in the place of all of them. */
  readonly change?: Variables;
  readonly only?: Variables;
  /** What stands in `.env`; `A_FOLDER`: it is one. */
  readonly file?: string | Buffer;
  /** The first line on standard error. */
  readonly says: string;
  /** Lines after it; none unless said. */
  readonly more?: number;
}

const several = (count: number): string => `${count} settings need a correction:`;
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const lines = (variables: Variables): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\r\n`)
    .join('');
const given = (name: string): string =>
  `HUECHAT_BASE_URL is not set, but ${name}: give the base URL of the API to judge, such as https://sandbox.example.com/v2, or remove every setting of a target to judge the embedded mock.`;
const meant = (name: string, other: string): string => `${name} is not a setting of the suite: rename it to ${other}.`;
const scoped = (key: string): string =>
  ['contacts:read', 'contacts:write', 'channels:read', 'channels:write', 'conversations:read', 'admin:read']
    .map((scope, index) => `${scope}=${key}${index}`)
    .join(';');

const wrong: Readonly<Record<string, Wrong>> = {
  'every key and no base URL': {
    change: { ...NO_URL, HUECHAT_REVOKED_KEY: `${KEY}r` },
    says: given('HUECHAT_API_KEY and 1 more are'),
  },
  'an environment and no more': {
    only: { HUECHAT_ENVIRONMENT: 'sandbox' },
    says: several(2),
    more: 2,
  },
  'a base URL of nothing': { change: { HUECHAT_BASE_URL: '' }, says: given('HUECHAT_API_KEY is') },
  'a base URL of spaces': { change: { HUECHAT_BASE_URL: '  ' }, says: given('HUECHAT_API_KEY is') },
  HUECHAT_BASEURL: {
    change: { ...NO_URL, HUECHAT_BASEURL: SANDBOX },
    says: meant('HUECHAT_BASEURL', 'HUECHAT_BASE_URL'),
  },
  'a name in lower case': {
    change: { ...NO_URL, huechat_base_url: SANDBOX },
    says: meant('huechat_base_url', 'HUECHAT_BASE_URL'),
  },
  'HUECHAT_URL, all by itself': {
    only: { HUECHAT_URL: SANDBOX, HUECHAT_KEY: KEY },
    says: several(2),
    more: 2,
  },
  'a letter too few': {
    change: { HUECHAT_ENVIROMENT: 'sandbox' },
    says: meant('HUECHAT_ENVIROMENT', 'HUECHAT_ENVIRONMENT'),
  },
  'two letters exchanged, in a setting of the run alone': {
    only: { HUECHAT_BUGDET: '10' },
    says: meant('HUECHAT_BUGDET', 'HUECHAT_BUDGET'),
  },
  'one scoped key in the singular': {
    change: { HUECHAT_SCOPED_KEY: `contacts:read=${KEY}s` },
    says: meant('HUECHAT_SCOPED_KEY', 'HUECHAT_SCOPED_KEYS'),
  },
  'a variable of a product that begins with the same word': {
    change: { HUECHAT_WEBHOOK_SECRET: 'x' },
    says: 'HUECHAT_WEBHOOK_SECRET is not a setting of the suite, and names that begin with HUECHAT_ are reserved for its settings: remove it, or use a name from .env.example.',
  },
  'a key where a name belongs': {
    only: SOUND,
    file: `huechat_0aB1cD2eF3==\n`,
    says: 'A variable whose name begins with HUECHAT_ is not a setting of the suite, and names that begin with HUECHAT_ are reserved for its settings: remove it, or use a name from .env.example.',
  },
  '.env in UTF-16 without a byte-order mark': {
    only: {},
    file: utf16(lines(SOUND)),
    says: '.env holds NUL characters, as a file in UTF-16 without a byte-order mark does: save it as UTF-8.',
  },
  '.env in Latin-1': {
    only: SOUND,
    file: Buffer.from('# Schlüssel\n', 'latin1'),
    says: '.env is not text in UTF-8: save it in that encoding.',
  },
  '.env that is a folder': {
    only: SOUND,
    file: A_FOLDER,
    says: '.env cannot be read (EISDIR): make it a file with a line NAME=VALUE for each setting, or remove it.',
  },
  '.env with a line without =': {
    only: {},
    file: `HUECHAT_API_KEY=${KEY}\nHUECHAT_BASE_URL ${SANDBOX}\n`,
    says: '.env, line 2, is not of the form NAME=VALUE: write HUECHAT_BASE_URL= before the value.',
  },
  '.env with a setting twice, the second time below a text over several lines': {
    only: {},
    file: `HUECHAT_API_KEY=${KEY}\nHUECHAT_BASE_URL=${SANDBOX}\nNOTE="one\nHUECHAT_API_KEY=two\n"\nHUECHAT_ENVIRONMENT=sandbox\nexport HUECHAT_API_KEY = ${KEY}\n`,
    says: '.env gives HUECHAT_API_KEY a value in lines 1 and 7: keep one of them.',
  },
  'a word for what a run fails for that is none': {
    change: { HUECHAT_FAIL_ON: 'some' },
    says: 'HUECHAT_FAIL_ON is neither all nor new: set it to one of them, or remove it.',
  },
  'a report that is none': {
    change: { HUECHAT_REPORTS: 'pdf, allure' },
    says: `HUECHAT_REPORTS cannot be used, pdf is no report: ${REPORTS}`,
  },
  'a report in upper case, and none between two commas': {
    change: { HUECHAT_REPORTS: 'html,,JUnit' },
    says: `HUECHAT_REPORTS cannot be used, entry 2 is empty and JUnit is no report: ${REPORTS}`,
  },
  'a list of no reports': {
    only: {},
    file: 'HUECHAT_REPORTS=,\n',
    says: `HUECHAT_REPORTS names no report: ${REPORTS}`,
  },
  'a key in the place of a report': {
    change: { HUECHAT_REPORTS: `html,${KEY}` },
    says: `HUECHAT_REPORTS cannot be used, entry 2 is no report: ${REPORTS}`,
  },
  'reports in the singular': { only: { HUECHAT_REPORT: 'html' }, says: meant('HUECHAT_REPORT', 'HUECHAT_REPORTS') },
  'CONTRACT that names nothing': {
    only: { CONTRACT: 'specs/huechet' },
    says: 'CONTRACT names neither a folder nor a document: give the path of the folder that holds the OpenAPI document, such as specs/example, or of the document itself (.yaml, .yml or .json), relative to the folder where the suite was started.',
  },
  'CONTRACT that names a file that is no document': {
    change: { CONTRACT: 'README.md' },
    says: 'CONTRACT names neither a folder nor a document: give the path of the folder that holds the OpenAPI document, such as specs/example, or of the document itself (.yaml, .yml or .json), relative to the folder where the suite was started.',
  },
  'CONTRACT that names a folder without a document': {
    change: { CONTRACT: 'specs' },
    says: 'specs: none of openapi.yaml, openapi.yml, openapi.json is in this folder; put the OpenAPI document of the API there, or name another folder.',
  },
  'a base URL in quotes': {
    change: { HUECHAT_BASE_URL: `"${SANDBOX}"`, HUECHAT_ENVIRONMENT: 'sandbox' },
    says: 'HUECHAT_BASE_URL is in quotes: remove the quotes.',
  },
  'a base URL without https:': {
    change: { HUECHAT_BASE_URL: 'sandbox.huechat.ai/v2', HUECHAT_ENVIRONMENT: 'sandbox' },
    says: 'HUECHAT_BASE_URL is not an http(s) address: write it whole, such as https://api.example.com/v2.',
  },
  'keys in quotes': {
    change: { HUECHAT_API_KEY: `"${KEY}"`, HUECHAT_REVOKED_KEY: `'${KEY}r'` },
    says: 'HUECHAT_API_KEY and HUECHAT_REVOKED_KEY are in quotes: remove the quotes.',
  },
  'scoped keys in quotes': {
    change: { HUECHAT_SCOPED_KEYS: `"contacts:read=${KEY}s"` },
    says: 'HUECHAT_SCOPED_KEYS is in quotes: remove the quotes.',
  },
  'keys joined by a comma': {
    change: { HUECHAT_API_KEY: `${KEY},${KEY}b` },
    says: 'HUECHAT_API_KEY holds several keys: give one key.',
  },
  'scoped keys joined by commas': {
    change: { HUECHAT_SCOPED_KEYS: `contacts:read=${KEY}a, contacts:write=${KEY}b` },
    says: 'HUECHAT_SCOPED_KEYS, entry 1, holds the next entry too: put a ; between two entries.',
  },
  'a line break behind a key': {
    change: { HUECHAT_API_KEY: `${KEY}\n` },
    says: 'HUECHAT_API_KEY begins or ends with a space or a line break: take it away.',
  },
  'a space within a key': {
    change: { HUECHAT_API_KEY: KEY.replace('9', ' ') },
    says: 'HUECHAT_API_KEY holds a space or a character that a header cannot carry: copy the key again.',
  },
  'a key with the word of its header': {
    change: { HUECHAT_API_KEY: `Bearer ${KEY}` },
    says: 'HUECHAT_API_KEY holds a word in front of the key: give the key alone; the suite writes what belongs in front of it.',
  },
  'a variable that nobody has replaced': {
    change: { HUECHAT_API_KEY: '${SANDBOX_KEY}' },
    says: 'HUECHAT_API_KEY names a variable instead of holding its value: whatever starts the suite has to put the value in its place.',
  },
  'the full-access key as the revoked one': {
    change: { HUECHAT_REVOKED_KEY: KEY },
    says: 'HUECHAT_API_KEY and HUECHAT_REVOKED_KEY hold the same key: give each a key of its own.',
  },
  'the full-access key as that of the other environment': {
    change: { HUECHAT_OTHER_ENVIRONMENT_KEY: KEY },
    says: 'HUECHAT_API_KEY and HUECHAT_OTHER_ENVIRONMENT_KEY hold the same key: give each a key of its own.',
  },
  'the full-access key as that of another account': {
    change: { HUECHAT_OTHER_ACCOUNT_KEY: KEY },
    says: 'HUECHAT_API_KEY and HUECHAT_OTHER_ACCOUNT_KEY hold the same key: give each a key of its own.',
  },
  'a scoped key as the full-access one': {
    change: { HUECHAT_SCOPED_KEYS: `contacts:write=${KEY}w;contacts:read=${KEY}` },
    says: 'HUECHAT_API_KEY and HUECHAT_SCOPED_KEYS (entry 2) hold the same key: give each a key of its own.',
  },
  'one key for two scopes, in two entries': {
    change: { HUECHAT_SCOPED_KEYS: `contacts:read=${KEY}s;contacts:write=${KEY}s` },
    says: 'HUECHAT_SCOPED_KEYS (entries 1 and 2) hold the same key: write it once, with its scopes joined by +.',
  },
  'nine keys of production, under sandbox': {
    change: {
      ...{ HUECHAT_API_KEY: LIVE, HUECHAT_REVOKED_KEY: `${LIVE}r`, HUECHAT_SCOPED_KEYS: scoped(LIVE) },
      ...{ HUECHAT_IP_LOCKED_KEY: `${LIVE}l`, HUECHAT_IP_LOCKED_KEY_ADDRESS: '203.0.113.7' },
    },
    says: 'HUECHAT_API_KEY, HUECHAT_REVOKED_KEY, HUECHAT_IP_LOCKED_KEY and HUECHAT_SCOPED_KEYS (entries 1 to 6) do not begin with sk_test_ (sandbox), they are keys for production: give keys of that kind, or correct HUECHAT_BASE_URL and HUECHAT_ENVIRONMENT.',
  },
  'the keys of two environments, exchanged': {
    change: {
      ...{ HUECHAT_API_KEY: LIVE, HUECHAT_OTHER_ENVIRONMENT_KEY: KEY, HUECHAT_REVOKED_KEY: `${LIVE}r` },
    },
    says: 'HUECHAT_API_KEY and HUECHAT_REVOKED_KEY do not begin with sk_test_ (sandbox), they are keys for production, and HUECHAT_OTHER_ENVIRONMENT_KEY is one for sandbox: give keys of that kind, or correct HUECHAT_BASE_URL and HUECHAT_ENVIRONMENT.',
  },
  'an environment of another server': {
    change: { HUECHAT_ENVIRONMENT: 'production', HUECHAT_API_KEY: LIVE },
    says: "HUECHAT_ENVIRONMENT says production, but the base URL is on the contract's sandbox server: correct one of them.",
  },
  'plain HTTP to another machine': {
    change: { HUECHAT_BASE_URL: 'http://sandbox.huechat.ai/v2', HUECHAT_ENVIRONMENT: 'sandbox' },
    says: 'HUECHAT_BASE_URL is a plain-HTTP address outside this machine, and no key is sent over plain HTTP there: give an https: address.',
  },
  'a budget in words': {
    change: { HUECHAT_BUDGET: 'ten' },
    says: 'HUECHAT_BUDGET is neither auto nor a whole number above zero: give the largest number of requests that a run may send, or auto for as many as HUECHAT_RATE_LIMIT allows in HUECHAT_MINUTES.',
  },
};

async function plan(folder: string, { change, only, file }: Omit<Wrong, 'says'>) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, '.env');
  if (file === A_FOLDER) mkdirSync(path);
  else if (file !== undefined) writeFileSync(path, file);
  const { variables, problems, lost, repeated } = readVariables(only ?? { ...SOUND, ...change }, path);
  const environment = readRunEnvironment('specs/huechat', {
    variables,
    // The test's `.env` does not lie where the suite was started.
    problems: problems.map((problem) => problem.replace(path, '.env')),
    ...(lost && { lost }),
    ...(repeated && { repeated }),
  });
  return planCommand(environment, { cases, rules }, (contract) => dryRunSettings(mockOf(contract)));
}

for (const [name, { says, more = 0, ...settings }] of Object.entries(wrong))
  test(`${name}: ends with 2, and the first line says what to do`, async ({}, info) => {
    const { code, out, err } = await plan(info.outputPath(), settings);
    const [first, ...others] = err.trimEnd().split('\n');
    expect(first).toBe(says);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(others).toHaveLength(more);
    for (const key of [KEY, LIVE]) expect(err).not.toContain(key.slice(-10));
  });

test('sound settings are none of these', async ({}, info) => {
  expect(await plan(info.outputPath(), {})).toMatchObject({ code: 0, err: '' });
});

for (const [name, file] of Object.entries({
  'UTF-16, as PowerShell writes it': utf16(`\ufeff${lines(SOUND)}`),
  'UTF-16 with the high byte first': utf16(`\ufeff${lines(SOUND)}`).swap16(),
  'UTF-8 with a byte-order mark': Buffer.from(`\ufeff${lines(SOUND)}`),
}))
  test(`.env in ${name} is read`, async ({}, info) => {
    const { code, out, err } = await plan(info.outputPath(), { only: {}, file });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^HueChat API 2 on https:\/\/sandbox\.huechat\.ai\/v2 \(sandbox\)\n/);
  });

test('a variable of the shell for a scoped key is none of these, as long as there is that key', async ({}, info) => {
  const shell = { HUECHAT_SCOPED_KEY_CONTACTS_READ: `${KEY}s` };
  const both = { ...shell, HUECHAT_SCOPED_KEYS: `contacts:read=${KEY}s` };
  expect(await plan(info.outputPath('both'), { change: both })).toMatchObject({ code: 0, err: '' });
  expect(await plan(info.outputPath('one'), { change: shell })).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^HUECHAT_SCOPED_KEY_CONTACTS_READ is not a setting of the suite/),
  });
});

test('a variable of a contract in a folder beside this one is none of these, though it begins with the same word', ({}, info) => {
  const folder = info.outputPath('specs');
  for (const id of ['huechat', 'huechat-v3']) mkdirSync(join(folder, id), { recursive: true });
  const read = (name: string) =>
    readRunEnvironment(join(folder, 'huechat'), { variables: { [name]: 'x' }, problems: [] }).usesEmbeddedMock;
  expect([read('HUECHAT_V3_BASE_URL'), read('HUECHAT_V4_BASE_URL')]).toEqual([true, false]);
  const known = Object.values({ ...variableNames('huechat') });
  const variables = { HUECHAT_V3_BASE_URL: 'x', HUECHAT_V3_KEY_TOKEN: 'x', HUECHAT_V3_NOTHING: 'x' };
  expect(spelled(variables, 'huechat', known, join(folder, 'huechat')).problems).toEqual([
    expect.stringMatching(/^HUECHAT_V3_NOTHING is not a setting of the suite/),
  ]);
});
