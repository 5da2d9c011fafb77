import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../support/unit-test.ts';
import { parse } from 'dotenv';
import type { Log } from 'sarif';
import { type Gap, gapKinds } from '../../src/authoring/gap.ts';
import { wordShown } from '../../src/authoring/key-words.ts';
import { gapsOf } from '../../src/authoring/gaps.ts';
import { readArguments } from '../../src/config/command-line.ts';
import { type CommandResult, contractCommand } from '../../src/authoring/contract-command.ts';
import { contractOf, readDocument } from '../../src/openapi/load-contract.ts';
import { bundledDocument } from '../../src/openapi/bundle.ts';
import { SourceFiles } from '../../src/openapi/source-files.ts';
import { variableNames } from '../../src/config/variables.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const HEAD = `openapi: 3.1.0
info: { title: Things, version: '1' }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    other: { type: apiKey, in: query, name: other }
    token: { type: oauth2, flows: { implicit: { authorizationUrl: https://example.com, scopes: {} } } }
    certificate: { type: mutualTLS }
    whole:
      { type: apiKey, in: header, name: Authorization, description: 'Send "Authorization: Token YOUR_KEY".' }
  schemas: { Error: { type: object }, Fault: { type: object } }
  responses:
    Refused: { description: No, content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } } }
    Faulty: { description: No, content: { application/json: { schema: { $ref: '#/components/schemas/Fault' } } } }
    Bare: { description: No }
`;

/** A line of the document for each operation, so that its line is that of the operation. */
const refused = "'401': { $ref: '#/components/responses/Refused' }, '403': { $ref: '#/components/responses/Refused' }";
const operation = (security: string, responses = refused, more = ''): string =>
  `get: { ${security}${more} responses: { '200': { description: Yes }, ${responses} } }`;

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function gapsIn(paths: Readonly<Record<string, string>>, more = ''): Promise<readonly Gap[]> {
  const lines = Object.entries(paths).map(([path, item]) => `  ${path}:\n    ${item}\n`);
  const file = write(test.info().outputPath('openapi.yaml'), `${HEAD}${more}paths:\n${lines.join('')}`);
  const sources = await SourceFiles.read(file);
  return gapsOf(contractOf(bundledDocument(sources), 'things', sources), sources);
}

/** Two parts ask for values of one member, which have none in common unless others are given. */
const impossible = (required: string, values = 'None'): string =>
  `'401': { description: No, content: { application/json: { schema: { allOf: [{ type: object, required: ${required}, properties: { message: { enum: [No] } } }, { properties: { message: { enum: [${values}] } } }] } } } }`;

const ID = ' parameters: [{ name: id, in: path, required: true, schema: { type: string } }],';
const KEY = 'security: [{ key: [] }],';
const SCOPED = 'security: [{ token: [read] }],';

const samples: Readonly<Record<string, readonly [paths: Readonly<Record<string, string>>, ...found: string[]]>> = {
  'nothing is missing': [{ '/a': operation(KEY), '/b': operation(SCOPED), '/c': operation('security: [],') }],
  'no word about security': [{ '/a': operation('') }, 'no-security 18'],
  'no answer to a missing key': [{ '/a': operation(KEY, "'404': { description: No }") }, 'no-missing-key-answer 18'],
  'an answer for a range or for everything else': [
    {
      '/a': operation(KEY, "'4XX': { $ref: '#/components/responses/Refused' }"),
      '/b': operation(SCOPED, "default: { $ref: '#/components/responses/Refused' }"),
    },
  ],
  'no answer to a missing scope': [
    { '/a': operation(SCOPED, "'401': { $ref: '#/components/responses/Refused' }") },
    'no-forbidden-answer 18',
  ],
  'an answer without a schema': [
    { '/a': operation(KEY, "'401': { $ref: '#/components/responses/Bare' }") },
    'no-error-schema 18',
  ],
  'no scope where others of the resource ask for one': [
    { '/a': operation(SCOPED), '/a/{id}': operation('security: [{ token: [] }],', refused, ID), '/b': operation(KEY) },
    'no-scope 20',
  ],
  'other credentials than most of the resource': [
    { '/a': operation(KEY), '/a/b': operation(KEY), '/a/c': operation('security: [{ other: [] }],') },
    'other-security 22',
  ],
  'another error than most operations': [
    {
      '/a': operation(KEY),
      '/b': operation(KEY),
      '/c': operation(KEY, "'401': { $ref: '#/components/responses/Faulty' }"),
    },
    'other-error-schema 22',
  ],
  'credentials that cannot be presented': [
    { '/a': operation('security: [{ certificate: [] }],') },
    'unsupported-security 18',
  ],
  'servers of its own': [
    { '/a': operation(KEY, refused, ' servers: [{ url: https://other.example.com }],') },
    'own-servers 18',
  ],
  'a pattern of another dialect': [
    {
      '/a': operation(
        KEY,
        refused,
        " parameters: [{ name: q, in: query, schema: { type: string, pattern: '(?i)a' }, example: { pattern: '(' } }],",
      ),
    },
    'unsupported-pattern 18',
  ],
  'a member that is not known, and an operationId that is there twice': [
    { '/a': operation(`${KEY} secured: true, operationId: a,`), '/b': operation(`${KEY} operationId: a,`) },
    'invalid 18',
    'invalid 20',
  ],
  'a key that is a parameter': [
    { '/a': operation('parameters: [{ name: x-api-key, in: header, schema: { type: string } }],') },
    'key-as-parameter 18',
  ],
  'a refusal that no body can be': [
    {
      '/a': operation(KEY, impossible('[message]')),
      '/b': operation(KEY, impossible('[other]')),
      '/c': operation(KEY, impossible('[message]', 'No, None')),
    },
    'impossible-refusal 18',
  ],
  'a word before the key that only the description shows': [
    { '/a': operation('security: [{ whole: [] }],') },
    'key-word 9',
  ],
  'a path parameter that is not described': [{ '/a/{id}': operation(KEY) }, 'path-parameter 18'],
  'a scheme that is not described': [
    { '/a': operation('security: [{ session: [] }],'), '/b': operation(KEY) },
    'unsupported-security 18',
    'unreadable 18',
  ],
  'a reference to nothing, and one that leads back to itself': [
    {
      '/a': operation(KEY, "'401': { $ref: '#/components/responses/Nothing' }"),
      '/b': operation(KEY, "'401': { $ref: '#/paths/~1b/get/responses/401' }"),
    },
    'no-error-schema 18',
    'invalid 18',
    'unreadable 18',
    'no-error-schema 20',
    'invalid 20',
    'unreadable 20',
  ],
};

for (const [title, [paths, ...found]] of Object.entries(samples)) {
  test(title, async () => {
    const gaps = await gapsIn(paths);
    expect(gaps.map(({ kind, line }) => `${kind} ${line}`)).toEqual(found);
    for (const { kind, sentence } of gaps) {
      expect(gapKinds).toHaveProperty(kind);
      expect(sentence).toMatch(/^[^\n]{20,}[^.]$/);
    }
  });
}

test('the word before a key is proposed where an example shows it, and not where a sentence is near one', () => {
  const found = (description: string, inDocument = false): string | undefined => {
    const whole = { name: 'whole', type: 'apiKey', in: 'header', parameter: 'Authorization' } as const;
    return wordShown(
      inDocument
        ? { info: { description } }
        : { components: { securitySchemes: { whole: { description } } }, info: { description: 'nothing' } },
      whole,
    );
  };
  for (const [description, word] of [
    ['Use `Authorization: Token YOUR_KEY`', 'Token'],
    ['curl -H "Authorization: GenieKey $KEY" https://a.example', 'GenieKey'],
    ['{"Authorization": "Bearer <key>"}', 'Bearer'],
    ['Example: "Authorization: ApiKey 0123456789abcdef0123"', 'ApiKey'],
    ['**Authorization**: Klaviyo-API-Key your-private-key', 'Klaviyo-API-Key'],
    ['Authorization: Token 0123', undefined],
    ['Authorization: Token token=YOUR_KEY', undefined],
    ['Authorization: your API_KEY', undefined],
    ['Authorization: the <key> of the account', undefined],
    ['Authorization: send your key', undefined],
    ['Authorization: YOUR_KEY', undefined],
  ] as const) {
    expect(found(description), description).toBe(word);
    expect(found(description, true), description).toBe(word);
  }
  expect(found('Write it as `Key <key>`.')).toBe('Key');
  expect(found('Write it as `Key <key>`.', true)).toBeUndefined();
});

test('each kind of gap has a sample', () => {
  const shown = Object.values(samples).flatMap(([, ...found]) => found.map((line) => line.split(' ')[0]));
  expect([...new Set(shown)].toSorted()).toEqual(Object.keys(gapKinds).toSorted());
});

test.describe('npm run contract', () => {
  /** In a folder of its own, since files are named from the working directory and specs/ is written to. */
  async function run(...args: readonly string[]): Promise<CommandResult> {
    const folder = test.info().outputPath('project');
    mkdirSync(folder, { recursive: true });
    const before = process.cwd();
    process.chdir(folder);
    try {
      const read = readArguments('contract', args);
      if ('code' in read) return { code: read.code, out: '', err: read.text };
      return await contractCommand(read.words, read.values.sarif, '1.2.3');
    } finally {
      process.chdir(before);
    }
  }

  const GOOD = `${HEAD}paths:\n  /a:\n    ${operation(KEY)}\n`;
  const GAPPY = GOOD.replace(KEY, '');

  test('no gap ends with 0, a gap with 1 and its place, a file that cannot be read with 2', async () => {
    const file = write(test.info().outputPath('project', 'api.yaml'), GOOD);
    expect(await run('check', 'api.yaml')).toEqual({ code: 0, out: 'Things 1: no gaps in 1 operation\n', err: '' });
    writeFileSync(file, GAPPY);
    expect(await run('check', 'api.yaml')).toEqual({
      code: 1,
      out: 'api.yaml:18: GET /a: it says nothing about security: name the schemes it asks for, or say security: [] if it is public. [no-security]\nThings 1: 1 gap in 1 operation\n',
      err: '',
    });
    expect((await run('check', 'nothing.yaml')).code).toBe(2);
    expect((await run('check', 'nothing.yaml')).err).toContain('cannot be read');
    writeFileSync(file, "swagger: '1.2'\n");
    expect(await run('check', 'api.yaml')).toEqual({
      code: 2,
      out: '',
      err: 'api.yaml: this is OpenAPI "1.2"; make it OpenAPI 3, which begins with "openapi: 3.1.0", or Swagger 2.0.\n',
    });
  });

  for (const args of [[], ['check'], ['new', 'things'], ['check', 'a', 'b'], ['other']]) {
    test(`"${args.join(' ')}" is told what can be said`, async () => {
      expect(await run(...args)).toEqual({
        code: 2,
        out: '',
        err: 'Say npm run contract -- check FILE [--sarif FILE], or npm run contract -- new NAME FILE.\n',
      });
    });
  }

  for (const [file, why] of [
    ['/dev/full', 'the disk is full (ENOSPC)'],
    ['.', 'a folder is in its place (EISDIR)'],
    ['api.yaml/gaps.sarif', 'a file is where a folder has to be (ENOTDIR)'],
  ] as const)
    test(`SARIF that cannot be written to ${file} is one sentence, and the gaps are told all the same`, async () => {
      write(test.info().outputPath('project', 'api.yaml'), GAPPY);
      const { out } = await run('check', 'api.yaml');
      expect(await run('check', 'api.yaml', '--sarif', file)).toEqual({
        ...{ code: 2, out },
        err: `${file} cannot be written, ${why}: correct that, or name another one.\n`,
      });
    });

  test('a contract that cannot be made is one sentence', async () => {
    write(test.info().outputPath('project', 'api.yaml'), GAPPY);
    write(test.info().outputPath('project', 'specs'), '');
    expect(await run('new', 'things', 'api.yaml')).toEqual({
      ...{ code: 2, out: '' },
      err: expect.stringMatching(/^specs cannot be written, .+ \((?:ENOTDIR|EEXIST)\): correct that, or name/),
    });
  });

  test('SARIF names each gap at its line', async () => {
    write(test.info().outputPath('project', 'api.yaml'), GAPPY);
    expect((await run('check', 'api.yaml', '--sarif', 'gaps.sarif')).code).toBe(1);
    const log = JSON.parse(readFileSync(test.info().outputPath('project', 'gaps.sarif'), 'utf8')) as Log;
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'auth-conformance-contract' } } }],
    });
    const [found] = log.runs[0]?.results ?? [];
    expect(found).toMatchObject({
      ruleId: 'no-security',
      level: 'warning',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'api.yaml' }, region: { startLine: 18 } } }],
    });
    expect(log.runs[0]?.tool.driver.rules?.[found?.ruleIndex ?? -1]?.id).toBe('no-security');
  });

  test('of a document that is one line each gap has its column and its pointer, in messages and in SARIF', async () => {
    const text = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Things', version: '1' },
      paths: {
        '/a': { get: { responses: { '200': { description: 'Yes' } } } },
        '/b': { get: { responses: { '200': { description: 'Yes' } } } },
      },
    });
    write(test.info().outputPath('project', 'api.json'), text);
    const { out } = await run('check', 'api.json', '--sarif', 'gaps.sarif');
    const [a, b] = [...text.matchAll(/"get"/g)].map(({ index }) => index + 1);
    const lines = out.split('\n').filter((line) => line.endsWith('[no-security]'));
    expect(lines.map((line) => line.split(' it says')[0])).toEqual([
      `api.json:1:${a} (#/paths/~1a/get): GET /a:`,
      `api.json:1:${b} (#/paths/~1b/get): GET /b:`,
    ]);
    const log = JSON.parse(readFileSync(test.info().outputPath('project', 'gaps.sarif'), 'utf8')) as Log;
    expect(log.runs[0]?.results?.map(({ locations }) => locations?.[0]).slice(0, 2)).toMatchObject([
      {
        physicalLocation: { region: { startLine: 1, startColumn: a } },
        logicalLocations: [{ fullyQualifiedName: 'GET /a' }, { fullyQualifiedName: '#/paths/~1a/get' }],
      },
      { physicalLocation: { region: { startLine: 1, startColumn: b } } },
    ]);
  });

  test('a new contract has its files and a commented example of its variables', async () => {
    const split = GOOD.replace('Error: { type: object }', 'Error: { $ref: schemas/error.json }');
    write(test.info().outputPath('project', 'mine', 'api.yaml'), split);
    write(test.info().outputPath('project', 'mine', 'schemas', 'error.json'), '{"type":"object"}');
    const made = await run('new', 'my-things', 'mine/api.yaml');
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toContain('specs/my-things has 1 operation.');
    const folder = test.info().outputPath('project', 'specs', 'my-things');
    expect(readFileSync(join(folder, 'openapi.yaml'), 'utf8')).toBe(split);
    expect(existsSync(join(folder, 'schemas', 'error.json'))).toBe(true);
    expect(readFileSync(join(folder, 'overlay.yaml'), 'utf8')).toMatch(/^overlay: 1\.1\.0$/m);
    const example = readFileSync(join(folder, '.env.example'), 'utf8');
    expect(parse(example)).toEqual({ CONTRACT: 'specs/my-things' });
    const named = [...example.matchAll(/^# ([A-Z_]+)=$/gm)].map(([, name]) => name);
    expect(named).toContain('MY_THINGS_API_KEY');
    expect(named).not.toContain('MY_THINGS_SCOPED_KEYS');
    expect(named.filter((name) => !Object.values(variableNames('my-things')).includes(name ?? ''))).toEqual([]);
    expect(example).toContain('sent in the header X-Key');

    expect(await run('new', 'my-things', 'mine/api.yaml')).toEqual({
      code: 2,
      out: '',
      err: 'specs/my-things: this already exists; choose another name, or remove it yourself.\n',
    });
  });

  test('a credential of its own has a variable of its own, and a required header without an example is named', async () => {
    const tenant = 'parameters: [{ name: X-Tenant, in: header, required: true, schema: { type: string } }],';
    const both = GOOD.replace(KEY, `security: [{ key: [], other: [] }], ${tenant}`);
    write(test.info().outputPath('project', 'api.yaml'), both);
    expect(await run('new', 'things', 'api.yaml')).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        'Operations require what the document shows no example of: header X-Tenant. Give values in THINGS_PARAMETER_VALUES (X-Tenant=…); otherwise a run makes some up.\n',
      ),
    });
    const example = readFileSync(test.info().outputPath('project', 'specs', 'things', '.env.example'), 'utf8');
    expect(example).toMatch(/scheme other: sent in the query parameter other\.\n# THINGS_KEY_OTHER=\n/);
  });

  test('nothing is written where the name or the document is no use', async () => {
    write(test.info().outputPath('project', 'api.yaml'), GOOD.replace('paths:', 'pathes:'));
    write(
      test.info().outputPath('project', 'deep', 'api.yaml'),
      GOOD.replace('{ type: object }', '{ $ref: ../e.json }'),
    );
    write(test.info().outputPath('project', 'e.json'), '{}');
    expect((await run('new', 'Things', 'api.yaml')).err).toBe(
      'Things: this name cannot be used for a folder and for settings; use small letters, digits and hyphens.\n',
    );
    expect((await run('new', 'things', 'api.yaml')).code).toBe(2);
    expect((await run('new', 'things', 'api.yaml')).err).toContain('it has no operation that can be judged');
    expect((await run('new', 'things', 'deep/api.yaml')).err).toBe(
      'deep/api.yaml:11: $ref ../e.json leads to a file that lies outside of the folder of the document; put a copy beside the document, or bundle it into one file.\n',
    );
    expect(existsSync(test.info().outputPath('project', 'specs', 'things'))).toBe(false);
  });
});

test('the contracts of the suite have no gaps but the ones that are known', async () => {
  const found: Record<string, string[]> = {};
  for (const name of ['huechat', 'twitch']) {
    const { contract, sources } = await readDocument(`${ROOT}specs/${name}/openapi.yaml`, name);
    found[name] = gapsOf(contract, sources).map(({ kind, operation: id }) => `${kind} ${id}`);
  }
  expect(found).toEqual({ huechat: [], twitch: ['no-scope GET /channels'] });
});
