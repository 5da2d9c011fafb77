import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import { type CommandEnd, keySourceVariables, readKeySources, type Start } from '../../src/config/key-sources.ts';
import { RunConfiguration } from '../../src/config/run-configuration.ts';
import { readRunEnvironment } from '../../src/config/run-environment.ts';
import { reveal } from '../../src/secret.ts';
import { huechat, twitch } from '../support/contracts.ts';

/** Keys that stand in files or that commands print. */

const KEY = 'sk_test_9zY8xW7vU6tS5rQ4pO3nM2lK1jI0hG';
const FILE = 'HUECHAT_API_KEY_FILE';
const COMMAND = 'HUECHAT_API_KEY_COMMAND';

const neverStarted: Start = () => {
  throw new Error('no command is given');
};

async function ofFile(content: string | Buffer) {
  const path = test.info().outputPath('key');
  writeFileSync(path, content);
  return readKeySources(await huechat(), { [FILE]: path }, neverStarted);
}

async function ofCommand(command: string, end: CommandEnd) {
  const started: string[][] = [];
  const read = readKeySources(await huechat(), { [COMMAND]: command }, (program, args) => {
    started.push([program, ...args]);
    return end;
  });
  return { ...read, started };
}

const printed = (text: string | Buffer, code = 0): CommandEnd => ({ output: Buffer.from(text), code });

// A command hands its key on to the processes of the run, of which this one is none.
test.afterEach(() => {
  delete process.env['HUECHAT_API_KEY'];
  delete process.env['HUECHAT_API_KEY_COMMAND'];
});

test.describe('a file', () => {
  for (const end of ['', '\n', '\r\n', '\n\n'])
    test(`a key with ${JSON.stringify(end)} behind it is the key`, async () => {
      expect(await ofFile(`${KEY}${end}`)).toMatchObject({ variables: { HUECHAT_API_KEY: KEY }, problems: [] });
    });

  test('a byte-order mark is no part of the key', async () => {
    expect((await ofFile(`\ufeff${KEY}`)).variables['HUECHAT_API_KEY']).toBe(KEY);
  });

  const wrong: Readonly<Record<string, readonly [content: string | Buffer, sentence: string]>> = {
    'nothing in it': ['\n', 'is empty: have it hold the key.'],
    'two lines': [`${KEY}\nnote\n`, 'has several lines: have it hold the key alone, in one line.'],
    'bytes that are no text': [Buffer.from([0xff, 0x41]), 'is not text in UTF-8: have it hold the key alone.'],
  };
  for (const [name, [content, sentence]] of Object.entries(wrong))
    test(`${name}: one sentence, and no value`, async () => {
      const { problems, failed, variables } = await ofFile(content);
      expect(problems).toEqual([`${FILE} names a file that ${sentence}`]);
      expect(failed).toEqual(['HUECHAT_API_KEY']);
      expect(variables['HUECHAT_API_KEY']).toBeUndefined();
    });

  test('more than a key can be: one sentence', async () => {
    expect((await ofFile('k'.repeat(65_537))).problems).toEqual([
      `${FILE} names a file of more than 64 KiB: give the file that holds the key alone.`,
    ]);
    expect((await ofFile('k'.repeat(65_536))).problems).toEqual([]);
  });

  test('a folder, and a file that is not there: one sentence each, without the path', async ({}, info) => {
    const folder = info.outputPath('folder');
    mkdirSync(folder, { recursive: true });
    const contract = await huechat();
    expect(readKeySources(contract, { [FILE]: folder }, neverStarted).problems).toEqual([
      `${FILE} names something that is not a file: give the file that holds the key.`,
    ]);
    expect(readKeySources(contract, { [FILE]: join(folder, KEY) }, neverStarted).problems).toEqual([
      `${FILE} names a file that is not there: correct the path, or put the key into the file.`,
    ]);
  });
});

test.describe('a command', () => {
  for (const [command, words] of [
    ['pass show  api/key', ['pass', 'show', 'api/key']],
    ['["pass", "show", "a key; $HOME"]', ['pass', 'show', 'a key; $HOME']],
  ] as const)
    test(`${command} is started word by word, and what it prints is the key`, async () => {
      const read = await ofCommand(command, printed(`${KEY}\n`));
      expect(read.started).toEqual([words]);
      expect(read).toMatchObject({ variables: { HUECHAT_API_KEY: KEY }, problems: [] });
    });

  for (const command of [`echo "${KEY}"`, 'pass show key | head -1', 'cat ~/key', '["pass"', '[1]', 'echo $KEY'])
    test(`${command.replace(KEY, 'KEY')} needs a shell: one sentence, and nothing is started`, async () => {
      const { problems, started } = await ofCommand(command, printed(KEY));
      expect(problems).toEqual([
        `${COMMAND} holds characters that only a shell reads: give the words as a JSON list, such as ["pass", "show", "key"].`,
      ]);
      expect(started).toEqual([]);
    });

  const wrong: readonly (readonly [end: CommandEnd, sentence: string])[] = [
    [printed(KEY, 3), 'ended with 3: run it yourself to see why.'],
    [{ failure: 'killed' }, 'was ended by a signal: run it yourself to see why.'],
    [{ failure: 'late' }, 'took longer than 30 seconds: run it yourself to see whether it waits for an answer.'],
    [{ failure: 'long' }, 'printed more than 64 KiB: have it print the key alone.'],
  ];
  for (const [end, sentence] of wrong)
    test(`one that ${sentence.split(':')[0]}: one sentence, without what it printed`, async () => {
      const { problems, failed } = await ofCommand('pass show key', end);
      expect(problems).toEqual([`${COMMAND} names a command that ${sentence}`]);
      expect(failed).toEqual(['HUECHAT_API_KEY']);
    });

  for (const [code, sentence] of [
    ['ENOENT', 'names a program that is not there: correct its name.'],
    ['EACCES', 'names a program that cannot be started (EACCES): correct its name or its permissions.'],
  ] as const)
    test(`one that does not start, ${code}: one sentence`, async () => {
      const { problems } = await ofCommand('pass show key', { failure: 'not started', code });
      expect(problems).toEqual([`${COMMAND} ${sentence}`]);
    });

  test('one that prints nothing: one sentence', async () => {
    expect((await ofCommand('true', printed(''))).problems).toEqual([
      `${COMMAND} names a command whose output is empty: have it hold the key.`,
    ]);
  });

  test('the next process of the run takes the key and does not start it again', async () => {
    await ofCommand('pass show key', printed(KEY));
    expect([process.env['HUECHAT_API_KEY'], process.env[COMMAND]]).toEqual([KEY, '']);
  });
});

test('two ways to give one key: one sentence, and neither is read', async () => {
  const { problems, failed } = readKeySources(await huechat(), { [FILE]: 'a', [COMMAND]: 'b' }, neverStarted);
  expect(problems).toEqual([`${FILE} and ${COMMAND} are set, but they give the same key: keep one of them.`]);
  expect(failed).toEqual(['HUECHAT_API_KEY']);
});

test('every variable of a key has both, those of further schemes too', async () => {
  expect(keySourceVariables(await huechat())).toEqual(
    expect.arrayContaining(['HUECHAT_SCOPED_KEYS_FILE', 'HUECHAT_OTHER_ACCOUNT_KEY_COMMAND']),
  );
  expect(keySourceVariables(await twitch())).toContain('TWITCH_KEY_CLIENT_ID_COMMAND');
});

test('a run goes by the key of the file; a file without one is one problem, and not also a missing key', async ({}, info) => {
  const path = info.outputPath('key');
  const configured = (variables: Readonly<Record<string, string>>) =>
    RunConfiguration.read(
      readRunEnvironment('specs/huechat', {
        variables: { HUECHAT_BASE_URL: 'https://sandbox.huechat.ai/v2', ...variables },
        problems: [],
      }),
    );
  writeFileSync(path, `${KEY}\n`);
  const { keys } = (await configured({ [FILE]: path })).target;
  expect(reveal(keys.full)).toBe(KEY);
  const without = await configured({ [FILE]: `${path}s` });
  expect(() => without.target).toThrow(
    `${FILE} names a file that is not there: correct the path, or put the key into the file.`,
  );
});
