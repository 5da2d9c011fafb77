import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import { stringify } from 'yaml';
import type { Contract, Operation } from '../../src/model/contract.ts';
import { loadContract } from '../../src/openapi/load-contract.ts';
import { exampleRequest } from '../../src/requests/example-requests.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { contractOfDocument } from '../support/contract-of-document.ts';

type Json = Readonly<Record<string, unknown>>;

const OK = { '200': { description: 'Success' } };
const PATHS = { '/things': { get: { responses: OK } } };
const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: 't1' };
const KEY = { key: { type: 'apiKey', in: 'header', name: 'X-Key' } };

/** The contract of one valid document, which is not looked at again. */
async function contractOf(document: Json): Promise<Contract> {
  const contract = await contractOfDocument(test.info().outputPath('openapi.json'), whole(document));
  expect(JSON.parse(JSON.stringify(contract))).toEqual(contract);
  return contract;
}

function whole(document: Json): Json {
  return { openapi: '3.1.0', info: { title: 'Things', version: '1' }, ...document };
}

/** Writes a document, and the files it refers to, and loads it. */
async function loaded(document: Json, files: Readonly<Record<string, unknown>> = {}): Promise<Contract> {
  const folder = test.info().outputPath('api');
  for (const [path, value] of Object.entries({ 'openapi.yaml': stringify(whole(document)), ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof value === 'string' ? value : JSON.stringify(value));
  }
  const contract = await loadContract(folder);
  expect(JSON.parse(JSON.stringify(contract))).toEqual(contract);
  return contract;
}

async function operationOf(document: Json): Promise<Operation> {
  return operationIn(await contractOf(document));
}

function operationIn({ operations: [operation] }: Contract): Operation {
  if (!operation) throw new Error('the document has no operation');
  return operation;
}

test.describe('security', () => {
  const components = {
    securitySchemes: {
      ...KEY,
      token: { type: 'http', scheme: 'Bearer' },
      id: { $ref: '#/components/securitySchemes/key' },
    },
  };
  const of = async (security: unknown, whole?: unknown): Promise<Operation['security']> => {
    const get = security === undefined ? { responses: OK } : { security, responses: OK };
    const document = { components, paths: { '/things': { get } } };
    return (await operationOf(whole === undefined ? document : { ...document, security: whole })).security;
  };
  const key = { schemes: [{ name: 'key', scopes: [] }] };

  test('an operation without its own has that of the document', async () => {
    expect(await of(undefined, [{ key: [] }])).toEqual([key]);
  });

  test('its own replaces that of the document', async () => {
    expect(await of([{ token: ['a', 'b'] }], [{ key: [] }])).toEqual([
      { schemes: [{ name: 'token', scopes: ['a', 'b'] }] },
    ]);
  });

  test('an empty list makes it public', async () => {
    expect(await of([], [{ key: [] }])).toEqual([]);
  });

  test('an empty alternative admits everyone beside the others', async () => {
    expect(await of([{ key: [] }, {}])).toEqual([key, { schemes: [] }]);
  });

  test('without any it is public', async () => {
    expect(await of(undefined)).toEqual([]);
  });

  test('one alternative can ask for two schemes', async () => {
    expect(await of([{ key: [], token: [] }])).toEqual([{ schemes: [...key.schemes, { name: 'token', scopes: [] }] }]);
  });

  test('schemes are described in one way', async () => {
    const { schemes } = await contractOf({ components, paths: {} });
    expect(schemes).toEqual({
      key: { name: 'key', type: 'apiKey', in: 'header', parameter: 'X-Key' },
      token: { name: 'token', type: 'http', scheme: 'bearer' },
      id: { name: 'id', type: 'apiKey', in: 'header', parameter: 'X-Key' },
    });
  });
});

test.describe('without x-authentication', () => {
  test('statuses are what OpenAPI and HTTP say, bodies what the operations say', async () => {
    const refused = { description: 'No', content: { 'application/json': { schema: { type: 'object' } } } };
    const get = { security: [{ key: ['things:read'] }], responses: { ...OK, '401': refused } };
    const contract = await contractOf({ components: { securitySchemes: KEY }, paths: { '/things': { get } } });
    expect(contract).toMatchObject({
      keyKinds: [],
      equivalentSchemes: ['key'],
      scopes: ['things:read'],
      promises: [],
      volatileMembers: [],
    });
    expect(contract.refusals).toEqual({
      missingKey: { status: [401] },
      invalidKey: { status: [401] },
      forbidden: { status: [403] },
    });
    expect(contract.operations[0]?.responses['401']?.schema).toBe(
      '#/paths/~1things/get/responses/401/content/application~1json/schema',
    );
    expect(contract.operations[0]?.scopePromise).toEqual({ mark: 'documented', level: 'MUST' });
  });

  test('a scheme that carries no key is not the form of one', async () => {
    const securitySchemes = { basic: { type: 'http', scheme: 'basic' }, token: { type: 'http', scheme: 'bearer' } };
    expect((await contractOf({ components: { securitySchemes }, paths: {} })).equivalentSchemes).toEqual(['token']);
  });
});

test('where neither the extension nor an operation names a refusal of keys, 401 and 403 are both right', async () => {
  const extension = { answers: { missingKey: { status: [403] } } };
  const { refusals } = await contractOf({ 'x-authentication': extension, paths: PATHS });
  expect(refusals).toEqual({
    missingKey: { status: [403] },
    invalidKey: { status: [401, 403] },
    forbidden: { status: [403] },
  });
});

for (const [count, status] of [
  [1, [401, 403]],
  [2, [401]],
] as const)
  test(`where ${count} of 4 operations that ask for a key have a 401, a refusal is ${status.join(' or ')}`, async () => {
    const asking = (id: number): object => ({
      get: {
        security: [{ key: [] }],
        responses: { ...OK, ...(id <= count && { 401: { description: 'Unauthorized' } }) },
      },
    });
    const open = { get: { security: [], responses: OK } };
    const paths = { ...Object.fromEntries([1, 2, 3, 4].map((id) => [`/${id}`, asking(id)])), '/open': open };
    const { refusals } = await contractOf({ components: { securitySchemes: KEY }, paths });
    expect(refusals).toMatchObject({ missingKey: { status }, invalidKey: { status } });
  });

test('servers lose the slash at their end and get the defaults of their variables', async () => {
  const variables = { region: { default: 'eu' } };
  const servers = [{ url: 'https://{region}.example.com/v1/', variables }, { url: 'https://example.com' }];
  expect((await contractOf({ servers, paths: PATHS })).servers).toEqual([
    'https://eu.example.com/v1',
    'https://example.com',
  ]);
});

test('parameters of the path are overridden by those of the operation, and may be references', async () => {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string', examples: ['t1'] } };
  const own = {
    name: 'limit',
    in: 'query',
    required: true,
    schema: { type: 'integer' },
    examples: { few: { value: 2 } },
  };
  const document = {
    components: { parameters: { Id: id } },
    paths: {
      '/things/{id}': {
        parameters: [
          { $ref: '#/components/parameters/Id' },
          { name: 'limit', in: 'query', schema: {} },
          { name: 'X-Limit', in: 'header', schema: {} },
        ],
        get: { parameters: [own], responses: OK },
      },
    },
  };
  expect((await operationOf(document)).parameters).toEqual([
    { name: 'id', in: 'path', required: true, example: 't1', schema: '#/components/parameters/Id/schema' },
    {
      name: 'limit',
      in: 'query',
      required: true,
      example: 2,
      schema: '#/paths/~1things~1%7Bid%7D/get/parameters/0/schema',
    },
    { name: 'X-Limit', in: 'header', required: false, schema: '#/paths/~1things~1%7Bid%7D/parameters/2/schema' },
  ]);
});

test('webhooks and callbacks are no operations', async () => {
  const callbacks = { done: { '{$request.query.url}': { post: { responses: OK } } } };
  const contract = await contractOf({
    paths: { '/things': { post: { callbacks, responses: OK } } },
    webhooks: { thing: { post: { responses: OK } } },
  });
  expect(contract.operations.map(({ id, isSafe }) => [id, isSafe])).toEqual([['POST /things', false]]);
});

test('JSON is preferred among the types of a body, whatever it is called', async () => {
  const content = { 'text/plain': {}, 'application/vnd.thing+json': { schema: { type: 'object' }, example: { a: 1 } } };
  const post = { requestBody: { content }, responses: { '201': { description: 'Made', content } } };
  const operation = await operationOf({ paths: { '/things': { post } } });
  expect(operation.body).toMatchObject({ mediaType: 'application/vnd.thing+json', required: false, example: { a: 1 } });
  expect(operation.responses['201']).toMatchObject({ example: { a: 1 }, headers: [] });
});

test.describe('several files', () => {
  const node = {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string' }, children: { type: 'array', items: { $ref: 'node.json' } } },
  };
  const files = {
    'schemas/node.json': node,
    'paths/thing.yaml': stringify({
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      get: {
        responses: {
          '200': {
            description: 'Success',
            content: { 'application/json': { schema: { $ref: '../schemas/node.json' } } },
          },
        },
      },
    }),
  };
  const document = {
    paths: { '/things/{id}': { $ref: 'paths/thing.yaml' }, '/nodes/{id}': { $ref: 'paths/thing.yaml' } },
  };

  test('paths and schemas may live elsewhere, and schemas refer to themselves', async () => {
    const contract = await loaded(document, files);
    const validators = new SchemaValidators(contract);
    expect(contract.operations.map(({ id }) => id)).toEqual(['GET /things/{id}', 'GET /nodes/{id}']);
    for (const { responses } of contract.operations) {
      const pointer = responses['200']?.schema ?? '';
      expect(validators.errors(pointer, { id: 'a', children: [{ id: 'b', children: [] }] })).toEqual([]);
      expect(validators.errors(pointer, { id: 'a', children: [{ id: 1 }] })).toEqual(['/children/0/id must be string']);
    }
  });

  test('every reference is internal and written as a URI wants it', async () => {
    const references = JSON.stringify((await loaded(document, files)).document).match(/(?<="\$ref":")[^"]*/g);
    expect(references).toHaveLength(4);
    for (const reference of references ?? []) expect(reference).toMatch(/^#(?:\/[\w~.%-]+)+$/);
  });

  test('the fingerprint covers every file and no place', async () => {
    const { sha256 } = await loaded(document, files);
    const copy = test.info().outputPath('elsewhere', 'api');
    await cp(test.info().outputPath('api'), copy, { recursive: true });
    expect((await loadContract(copy)).sha256).toBe(sha256);
    await writeFile(join(copy, 'schemas/node.json'), JSON.stringify({ ...node, description: 'Changed' }));
    expect((await loadContract(copy)).sha256).not.toBe(sha256);
  });

  test('line ends of another system are the same contract', async () => {
    const { sha256 } = await loaded(document, files);
    const crlf = { ...files, 'paths/thing.yaml': files['paths/thing.yaml'].replaceAll('\n', '\r\n') };
    expect((await loaded(document, crlf)).sha256).toBe(sha256);
  });

  test('an operation in another file has the line of its path', async () => {
    expect((await loaded(document, files)).operations.map(({ line }) => line)).toEqual([6, 8]);
  });
});

test('what stands beside a reference to a schema counts', async () => {
  const schema = { $ref: '#/components/schemas/Thing', required: ['id'] };
  const responses = { '200': { description: 'Success', content: { 'application/json': { schema } } } };
  const components = { schemas: { Thing: { type: 'object' } } };
  const contract = await contractOf({ components, paths: { '/things': { get: { responses } } } });
  const pointer = contract.operations[0]?.responses['200']?.schema ?? '';
  expect(new SchemaValidators(contract).errors(pointer, {})).toEqual(["the value must have required property 'id'"]);
});

test('mutually recursive schemas are validated', async () => {
  const schemas = {
    A: { type: 'object', properties: { b: { $ref: '#/components/schemas/B' } } },
    B: { type: 'object', properties: { a: { $ref: '#/components/schemas/A' }, n: { const: 1 } } },
  };
  const validators = new SchemaValidators(await contractOf({ components: { schemas }, paths: {} }));
  expect(validators.errors('#/components/schemas/A', { b: { a: { b: { n: 2 } } } })).toEqual([
    '/b/a/b/n must be equal to constant 1',
  ]);
});

test('what is wrong is said with what is allowed', async () => {
  const schemas = {
    Thing: {
      type: 'object',
      additionalProperties: false,
      required: ['id'],
      properties: { id: { enum: ['a', 1] }, at: { type: 'string', format: 'date-time' } },
    },
  };
  const validators = new SchemaValidators(await contractOf({ components: { schemas }, paths: {} }));
  expect(validators.errors('#/components/schemas/Thing', { at: 'now', more: 1 })).toEqual([
    "the value must have required property 'id'",
    'the value must NOT have additional properties (more)',
    '/at must match format "date-time"',
  ]);
  expect(validators.errors('#/components/schemas/Thing', { id: 'b' })).toEqual([
    '/id must be equal to one of the allowed values ["a",1]',
  ]);
  expect(validators.errors('#/components/schemas/Thing', [])).toEqual(['the value must be object']);
});

test('a schema that cannot be used is a fault of the contract', async () => {
  const schemas = { Thing: { type: 'string', minLength: 'one' } };
  const validators = new SchemaValidators(await contractOf({ components: { schemas }, paths: {} }));
  expect(() => validators.errors('#/components/schemas/Thing', 'a')).toThrow(
    /the schema at #\/components\/schemas\/Thing cannot be used/,
  );
});

test.describe('OpenAPI 3.0', () => {
  const schemas = {
    Name: { type: 'string', nullable: true, enum: ['a', 'b'] },
    Above: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
    Alias: {
      $ref: '#/components/schemas/Above',
      description: 'Whatever stands beside a reference is ignored.',
      maximum: 1,
    },
  };
  const valid = { Name: ['a', null], Above: [0.1, 9], Alias: [8] };
  const invalid = { Name: ['c', 1], Above: [0, 10, null], Alias: [0] };

  for (const name of ['Name', 'Above', 'Alias'] as const) {
    test(`${name} means what it means there`, async () => {
      const contract = await contractOf({ openapi: '3.0.3', components: { schemas }, paths: {} });
      const validators = new SchemaValidators(contract);
      for (const value of valid[name]) expect(validators.errors(`#/components/schemas/${name}`, value)).toEqual([]);
      for (const value of invalid[name])
        expect(validators.errors(`#/components/schemas/${name}`, value)).not.toEqual([]);
    });
  }
});

/** Each stopped a public document from being loaded or planned once. */
test.describe('what public documents hold', () => {
  const thing = (schema: Json): Json => ({
    paths: { '/things': { post: { requestBody: { content: { 'application/json': { schema } } }, responses: OK } } },
  });
  const errorsOf = async (document: Json, value: unknown): Promise<readonly string[]> => {
    const contract = await loaded(document);
    return new SchemaValidators(contract).errors(contract.operations[0]?.body?.schema ?? '', value);
  };

  test('patterns that are no regular expression with Unicode, or none at all', async () => {
    expect(await errorsOf(thing({ type: 'string', pattern: '^[\\w\\-\\:]+$' }), 'a b')).toHaveLength(1);
    expect(await errorsOf(thing({ type: 'string', pattern: '^[\\w\\-\\:]+$' }), 'a-b')).toEqual([]);
    expect(await errorsOf(thing({ type: 'string', pattern: '(?i)^a$' }), 'b')).toEqual([]);
  });

  test('an $id in an example, more than once', async () => {
    const example = { $id: '01234500-12f1-1234-aa12-b1d234cb567e' };
    const schema = { type: 'object', properties: { a: { type: 'object', example }, b: { type: 'object', example } } };
    expect(await errorsOf(thing(schema), { a: 1 })).toEqual(['/a must be object']);
  });

  test('a reference that leads through another schema', async () => {
    const schemas = { Box: { properties: { thing: { type: 'integer' } } }, Lid: { $ref: '#/components/schemas/Box' } };
    const schema = { $ref: '#/components/schemas/Lid/properties/thing' };
    expect(await errorsOf({ components: { schemas }, ...thing(schema) }, 'a')).toEqual(['the value must be integer']);
    expect(await errorsOf({ components: { schemas }, ...thing(schema) }, 1)).toEqual([]);
  });

  test('operations of one path that are told apart behind a #, and a query in a path', async () => {
    const acl = { parameters: [{ name: 'acl', in: 'query', required: true, schema: { enum: [true] } }], responses: OK };
    const document = { paths: { '/{id}#acl': { parameters: [ID], get: acl }, '/all?list=1': { get: acl } } };
    const contract = await loaded(document);
    expect(contract.operations.map((operation) => exampleRequest(contract, operation).path)).toEqual([
      '/t1?acl=true',
      '/all?list=1&acl=true',
    ]);
  });

  test('an example of a header that no line can hold', async () => {
    const header = { name: 'X-Note', in: 'header', required: true, example: 'one\r\ntwo', schema: { type: 'string' } };
    const contract = await loaded({ paths: { '/things': { get: { parameters: [header], responses: OK } } } });
    const [operation] = contract.operations;
    expect(operation && exampleRequest(contract, operation).headers).toEqual([['X-Note', 'one two']]);
  });

  test('no word about security, which is no promise to be public', async () => {
    expect(operationIn(await loaded({ paths: PATHS })).isSecurityUnstated).toBe(true);
    expect(operationIn(await loaded({ security: [], paths: PATHS })).isSecurityUnstated).toBeUndefined();
    const get = { security: [], responses: OK };
    expect(operationIn(await loaded({ paths: { '/things': { get } } })).isSecurityUnstated).toBeUndefined();
  });

  test('scopes behind an alternative that asks for nothing', async () => {
    const get = { security: [{}, { key: ['read'] }], responses: OK };
    const operation = operationIn(
      await loaded({ components: { securitySchemes: KEY }, paths: { '/things': { get } } }),
    );
    expect(operation.scopes).toEqual(['read']);
  });

  test('403 for every refusal, and 401 for none', async () => {
    const get = { security: [{ key: [] }], responses: { ...OK, '403': { description: 'No' } } };
    const contract = await loaded({ components: { securitySchemes: KEY }, paths: { '/things': { get } } });
    expect(contract.refusals.missingKey).toEqual({ status: [401, 403] });
  });

  test('several schemes, of which most operations ask for one', async () => {
    const securitySchemes = {
      ...KEY,
      user: { type: 'http', scheme: 'basic' },
      token: { type: 'http', scheme: 'bearer' },
    };
    const get = { security: [{ user: [] }, { token: [] }], responses: OK };
    const paths = { '/things': { get }, '/others': { get: { security: [{ token: [] }], responses: OK } } };
    expect((await loaded({ components: { securitySchemes }, paths })).equivalentSchemes).toEqual(['token']);
    expect(
      (await loaded({ components: { securitySchemes }, paths: { '/things': { get } } })).equivalentSchemes,
    ).toEqual(['token']);
  });
});

test.describe('JSON', () => {
  const text = (paths: string): string =>
    `{\n  "openapi": "3.1.0",\n  "info": {"title": "\\"Things\\" [{", "version": "1"},\n  "paths": {\n${paths}\n  }\n}\n`;
  const load = async (content: string): Promise<Contract> => {
    const folder = test.info().outputPath('json');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'openapi.json'), content);
    return loadContract(folder);
  };
  const get = '{"get": {"responses": {"200": {"description": "a, }"}}}}';

  test('an operation has its line', async () => {
    const contract = await load(
      text(`    "/a": ${get},\n\n    "\\/b": {\n      "get": {"responses": {"200": {"description": ""}}}\n    }`),
    );
    expect(contract.operations.map(({ id, line }) => `${id} ${line}`)).toEqual(['GET /a 5', 'GET /b 8']);
  });

  test('a member that is there twice, and a fault of syntax, are said with their line', async () => {
    const place = /json\/openapi\.json:6: this is not YAML or JSON, /;
    await expect(load(text(`    "/a": ${get},\n    "/a": ${get}`))).rejects.toThrow(place);
    await expect(load(text(`    "/a": ${get}\n    "/b": ${get}`))).rejects.toThrow(place);
  });
});
