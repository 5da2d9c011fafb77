import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { parse } from 'dotenv';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import type { Variables } from '../../src/config/variables.ts';
import { addToEnvFile } from '../../src/config/write-env-file.ts';
import { type Conversation, EndOfAnswers, type Question, terminalConversation } from '../../src/guided/conversation.ts';
import { download } from '../../src/guided/download.ts';
import { guide, type GuideTools } from '../../src/guided/guide.ts';
import { nameQuestion } from '../../src/guided/questions.ts';
import { expect, test } from '../support/unit-test.ts';

const KEY = "acme'0aB1c D2e#F3";

const DOCUMENT = `openapi: 3.1.0
info: { title: 'Things & more', version: '1' }
servers: [{ url: 'https://api.example.com/v1' }]
components: { securitySchemes: { key: { type: apiKey, in: header, name: X-Key } } }
security: [{ key: [] }]
paths:
  /things: { get: { responses: { '200': { description: Yes } } } }
  /things/{id}:
    get: { parameters: [{ name: id, in: path, required: true, schema: { type: string } }], responses: { '200': { description: Yes } } }
  /others/{slug}:
    get: { parameters: [{ name: slug, in: path, required: true, schema: { type: string } }], responses: { '200': { description: Yes } } }
`;

/** Answers by the ids of questions; what is not there is answered by Enter. */
function answers(by: Readonly<Record<string, string>>) {
  const asked: Question[] = [];
  const answer = (question: Question): Promise<string> => {
    asked.push(question);
    const given = by[question.id] ?? question.default;
    expect(question.check?.(given), question.id).toBeUndefined();
    return Promise.resolve(given);
  };
  const conversation: Conversation = { say: () => undefined, ask: answer, askSecret: answer, close: () => undefined };
  return { asked, conversation };
}

/** A folder with the contract made already, and what the guided way did around it. */
function around(
  folder: string,
  conversation?: Conversation,
  look: GuideTools['look'] = () => Promise.resolve({ ids: {} }),
) {
  const made = `${folder}/specs/acme`;
  mkdirSync(made, { recursive: true });
  writeFileSync(`${made}/openapi.yaml`, DOCUMENT);
  const done: (readonly [words: readonly string[], variables: Readonly<Record<string, string>>])[] = [];
  const said: string[] = [];
  const tools: GuideTools = {
    ...(conversation && { conversation }),
    say: (text) => void said.push(text),
    make: () => Promise.resolve({ folder: made }),
    command: (words, variables) => {
      done.push([words, variables]);
      return Promise.resolve(words[0] === 'run' ? 1 : 0);
    },
    look,
    envFile: `${folder}/.env`,
  };
  return { made, done, said, tools };
}

test('from a document to a first report: every question has a reason, and Enter takes its default', async ({}, info) => {
  const { asked, conversation } = answers({ key: KEY, slug: 'first', environment: 'sandbox' });
  const { made, done, said, tools } = around(info.outputPath(), conversation);
  expect(await guide(['acme', `${made}/openapi.yaml`], {}, tools), 'the code of the run').toBe(1);
  expect(asked.map(({ id }) => id)).toEqual(['base-url', 'environment', 'key', 'id', 'slug', 'budget']);
  for (const { reason, text } of asked) for (const words of [reason, text]) expect(words).toMatch(/^[A-Z].{15,}/);
  expect(asked.find(({ id }) => id === 'id')).toMatchObject({ unless: 'from GET /things' });
  expect(asked.find(({ id }) => id === 'slug')).toMatchObject({ unless: 'none' });

  const file = info.outputPath('.env');
  expect(parse(readFileSync(file, 'utf8'))).toEqual({
    CONTRACT: made,
    ACME_BASE_URL: 'https://api.example.com/v1',
    ACME_ENVIRONMENT: 'sandbox',
    ACME_API_KEY: KEY,
    ACME_PATH_VALUES: 'slug=first',
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(done.map(([words]) => words.join(' '))).toEqual(['plan', 'run', 'report']);
  expect(done[1]?.[1]).toEqual({ CONTRACT: made, ACME_BUDGET: '500' });
  expect(JSON.stringify([said, done])).not.toContain('0aB1c');
});

test('without a terminal options answer, nothing else is asked or written, and a wrong one is a sentence', async ({}, info) => {
  const { made, done, tools } = around(info.outputPath());
  const words = ['acme', `${made}/openapi.yaml`];
  const given = { 'base-url': 'http://127.0.0.1:1/v1', environment: 'sandbox' };
  expect(await guide(words, given, tools)).toBe(0);
  expect(done, 'no budget is named').toEqual([]);
  expect(parse(readFileSync(info.outputPath('.env'), 'utf8'))).toEqual({
    CONTRACT: made,
    ACME_BASE_URL: 'http://127.0.0.1:1/v1',
    ACME_ENVIRONMENT: 'sandbox',
  });
  await expect(guide(words, { environment: 'staging', 'base-url': 'https://a.example' }, tools)).rejects.toThrow(
    /^--environment cannot be used\. Answer production or sandbox\.$/,
  );
  await expect(guide(words, { 'base-url': 'https://u:p@a.example' }, tools)).rejects.toThrow(/^--base-url cannot/);
  await expect(guide([], {}, tools)).rejects.toThrow(/^Name the contract and its document/);
  await expect(guide(['acme'], {}, tools)).rejects.toThrow(/^Name the contract and its document/);
});

/** A target that shows one id, and has nothing of the document below another base URL than one. */
function lookedAt(right: string) {
  const seen: Variables[] = [];
  const look: GuideTools['look'] = (_, variables) => {
    seen.push(variables);
    const isThere = variables['ACME_BASE_URL'] === right;
    return Promise.resolve(
      isThere
        ? { ids: { id: { value: 'th_1', list: 'GET /things' } } }
        : { ids: {}, nowhere: 'GET /things and 2 more get 404' },
    );
  };
  return { seen, look };
}

const RIGHT = 'https://api.example.com/v2';

test('an id that a list shows is offered as the default, and a base URL without anything is asked for again', async ({}, info) => {
  const { asked, conversation } = answers({ key: KEY, environment: 'sandbox' });
  const again = ['https://api.example.com/v3', RIGHT];
  const ask = async (question: Question): Promise<string> => {
    await conversation.ask(question);
    return question.text === 'Which base URL'
      ? (again.shift() ?? '')
      : question.id === 'environment'
        ? 'sandbox'
        : question.default;
  };
  const { seen, look } = lookedAt(RIGHT);
  const { made, tools } = around(info.outputPath(), { ...conversation, ask }, look);
  expect(await guide(['acme', `${made}/openapi.yaml`], {}, tools)).toBe(1);
  expect(asked.map(({ id }) => id)).toEqual([
    'base-url',
    'environment',
    'key',
    'base-url',
    'base-url',
    'id',
    'slug',
    'budget',
  ]);
  expect(asked[3]).toMatchObject({ default: 'https://api.example.com/v1' });
  expect(asked[3]?.reason).toMatch(
    /^This base URL has none of the operations of the document: GET \/things and 2 more get 404; which base URL\?/,
  );
  expect(asked.find(({ id }) => id === 'id')).toMatchObject({
    default: 'th_1',
    reason: expect.stringMatching(/^GET \/things of the target shows this value\./),
  });
  expect(seen.map((variables) => variables['ACME_BASE_URL'])).toEqual([
    'https://api.example.com/v1',
    'https://api.example.com/v3',
    RIGHT,
  ]);
  expect(seen[0]).toMatchObject({ ACME_API_KEY: KEY, ACME_ENVIRONMENT: 'sandbox' });
  expect(parse(readFileSync(info.outputPath('.env'), 'utf8'))).toMatchObject({
    ACME_BASE_URL: RIGHT,
    ACME_ENVIRONMENT: 'sandbox',
    ACME_PATH_VALUES: 'id=th_1',
  });
});

test('whoever gives the same base URL again is believed', async ({}, info) => {
  const { conversation } = answers({ key: KEY });
  const { seen, look } = lookedAt(RIGHT);
  const { made, tools } = around(info.outputPath(), conversation, look);
  expect(await guide(['acme', `${made}/openapi.yaml`], {}, tools)).toBe(1);
  expect(seen).toHaveLength(1);
  expect(parse(readFileSync(info.outputPath('.env'), 'utf8'))).toMatchObject({
    ACME_BASE_URL: 'https://api.example.com/v1',
  });
});

test('from options the same is done without a question: ids are written, and a wrong base URL is a sentence', async ({}, info) => {
  const { look } = lookedAt(RIGHT);
  const { made, tools } = around(info.outputPath(), undefined, look);
  const words = ['acme', `${made}/openapi.yaml`];
  await expect(guide(words, { 'base-url': 'https://api.example.com', environment: 'sandbox' }, tools)).rejects.toThrow(
    /^--base-url cannot be used\. This base URL has none of the operations of the document: GET \/things and 2 more get 404; name another one\.$/,
  );
  expect(existsSync(info.outputPath('.env'))).toBe(false);
  expect(await guide(words, { 'base-url': RIGHT, environment: 'sandbox' }, tools)).toBe(0);
  expect(parse(readFileSync(info.outputPath('.env'), 'utf8'))).toMatchObject({ ACME_PATH_VALUES: 'id=th_1' });
});

test('without a key nothing is sent, and the variable that takes it is named', async ({}, info) => {
  const { conversation } = answers({});
  const { done, said, made, tools } = around(info.outputPath(), conversation);
  expect(await guide(['acme', `${made}/openapi.yaml`], {}, tools)).toBe(0);
  expect(done).toEqual([]);
  expect(said.join('\n')).toMatch(/^ACME_API_KEY is not set, and no refusal proves anything without it/m);
});

test('what .env sets already stays, and a value that it cannot hold is refused without showing it', ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const file = info.outputPath('.env');
  writeFileSync(file, 'ACME_API_KEY=old\nOTHER=1', { mode: 0o644 });
  expect(addToEnvFile(file, { ACME_API_KEY: 'new', ACME_BASE_URL: 'https://a.example/#x' })).toEqual(['ACME_API_KEY']);
  expect(parse(readFileSync(file, 'utf8'))).toEqual({
    ACME_API_KEY: 'old',
    OTHER: '1',
    ACME_BASE_URL: 'https://a.example/#x',
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const value of ['secret\nEVIL=1', `secret '"\`#`]) {
    const write = (): unknown => addToEnvFile(file, { ACME_KEY_B: value });
    expect(write).toThrow(ConfigurationError);
    expect(write).toThrow(/^ACME_KEY_B cannot be written into \.env: set it in the shell\.$/);
  }
  expect(readFileSync(file, 'utf8')).not.toContain('EVIL');
});

test.describe('at a terminal', () => {
  const QUESTION: Question = {
    id: 'a',
    text: 'A letter',
    reason: 'It is needed.',
    default: 'a',
    check: (answer) => (/^[a-c]$/.test(answer) ? undefined : 'Say a, b or c.'),
  };

  function terminal() {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let shown = '';
    output.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    return { input, shown: () => shown, conversation: terminalConversation(input, output) };
  }

  test('a question shows its reason and its default, and is asked until an answer can be used', async () => {
    const { input, shown, conversation } = terminal();
    const asked = conversation.ask(QUESTION);
    input.write('x\n');
    input.write('b\n');
    expect(await asked).toBe('b');
    expect(shown()).toContain('It is needed.');
    expect(shown()).toContain('A letter [a]: ');
    expect(shown()).toContain('Say a, b or c.');
    const again = conversation.ask(QUESTION);
    input.write('\n');
    expect(await again).toBe('a');
    conversation.close();
  });

  test('a key is not shown, and what is typed after it is', async () => {
    const { input, shown, conversation } = terminal();
    const secret = conversation.askSecret({ ...QUESTION, default: '', unless: 'none yet', check: () => undefined });
    input.write('s3cr3t-key\n');
    expect(await secret).toBe('s3cr3t-key');
    const next = conversation.ask(QUESTION);
    input.write('c\n');
    expect(await next).toBe('c');
    expect(shown()).not.toContain('s3cr');
    expect(shown()).toContain('A letter [none yet]: ');
    conversation.close();
  });

  test('the end of the input ends the questions', async () => {
    const { input, conversation } = terminal();
    const asked = conversation.ask(QUESTION);
    input.end();
    await expect(asked).rejects.toThrow(EndOfAnswers);
    await expect(conversation.askSecret(QUESTION)).rejects.toThrow(EndOfAnswers);
  });

  test('no text of a document acts on the terminal', async () => {
    const { input, shown, conversation } = terminal();
    const asked = conversation.ask({
      ...QUESTION,
      text: 'A\u001b[2J',
      reason: '\u001b]0;x\u0007',
      default: 'a\u001b',
      check: () => undefined,
    });
    input.write('\n');
    await asked;
    for (const control of ['\u001b[2J', '\u001b]']) expect(shown()).not.toContain(control);
    conversation.close();
  });
});

test('a name is made of the title, whatever that is', () => {
  expect(nameQuestion('Things & more').default).toBe('things-more');
  expect(nameQuestion('3D «Ünïcode» API v2').default).toBe('d-n-code-api-v2');
  expect(nameQuestion('日本').default).toBe('api');
  for (const title of ['a'.repeat(99), '--', '9', 'A b-', `${'ab '.repeat(8)}c`])
    expect(nameQuestion(title).check?.(nameQuestion(title).default), title).toBeUndefined();
});

test('a document is fetched by https alone', async () => {
  for (const address of ['http://example.com/openapi.json', 'https://', 'http://localhost.example.com/a.json'])
    await expect(download(address)).rejects.toThrow(/^The address of a document begins with https:/);
});
