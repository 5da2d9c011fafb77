import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readApi } from '../../mock/document/api.ts';
import { DocumentValidator } from '../../mock/document/schema-validator.ts';
import { readDocument as readByMock } from '../../mock/document/read-file.ts';
import { Router } from '../../mock/server/router.ts';
import { gapsOf } from '../../src/authoring/gaps.ts';
import { newContract } from '../../src/authoring/new-contract.ts';
import type { Contract } from '../../src/model/contract.ts';
import { readDocument } from '../../src/openapi/load-contract.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { reasonNotPresentable } from '../../src/openapi/security.ts';
import { securityText } from '../../src/reporting/security-text.ts';
import { exampleRequest } from '../../src/requests/example-requests.ts';
import { unknownValues } from '../../src/requests/list-operations.ts';
import { small } from '../support/strange-documents.ts';
import { expect, test } from '../support/unit-test.ts';

/** What makers of APIs publish, each in its smallest form: it loads, and what cannot be kept is a gap with a line. */

interface Read {
  readonly contract: Contract;
  /** `KIND LINE` of every gap but those about documented answers. */
  readonly gaps: readonly string[];
  /** Ids of the operations that the mock reads by itself. */
  readonly byMock: readonly string[];
}

async function read(text: string | object, name = 'openapi.yaml', overlay?: string): Promise<Read> {
  const folder = test.info().outputPath('acme');
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  if (overlay !== undefined) writeFileSync(join(folder, 'overlay.yaml'), overlay);
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
  const { contract, sources } = await readDocument(file, 'acme', folder);
  const { document } = await readByMock(folder);
  return {
    contract,
    gaps: gapsOf(contract, sources)
      .filter(({ kind }) => !/answer|error-schema/.test(kind))
      .map(({ kind, line, file: other }) => `${kind} ${other?.replace(/^.*\//, '') ?? ''}${other ? ':' : ''}${line}`),
    byMock: readApi(document, 'acme').operations.map(({ id }) => id),
  };
}

const idsOf = ({ operations }: Contract): string[] => operations.map(({ id }) => id);
const KEYS = `components: { securitySchemes: { key: { type: apiKey, in: header, name: X-Key } } }\n`;
const HEAD = `openapi: 3.1.0\ninfo: { title: A, version: '1' }\nsecurity: [{ key: [] }]\n${KEYS}`;
const ANSWERS = "responses: { '200': { description: ok }, '401': { description: no } }";

test('Swagger 2.0 is read as OpenAPI 3.0, with its lines', async () => {
  const { contract, gaps, byMock } = await read(`swagger: '2.0'
info: { title: Old, version: 1.0 }
host: api.example.com
basePath: /v1
schemes: [https]
consumes: [application/json]
produces: [application/json]
securityDefinitions:
  key: { type: apiKey, in: header, name: X-Key }
  user: { type: basic }
  strange: { type: magic }
security: [{ key: [] }]
parameters:
  Thing: { name: thing, in: body, required: true, schema: { $ref: '#/definitions/Thing' } }
paths:
  /things/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, type: string }]
      responses: { '200': { description: ok, schema: { $ref: '#/definitions/Thing' } }, '401': { description: no } }
    put:
      security: [{ user: [] }]
      parameters: [{ name: id, in: path, required: true, type: string }, { $ref: '#/parameters/Thing' }]
      responses: { '200': { description: ok }, '401': { description: no } }
definitions:
  Thing: { type: object, required: [name], properties: { name: { type: string } } }
`);
  expect(idsOf(contract)).toEqual(['GET /things/{id}', 'PUT /things/{id}']);
  expect(byMock).toEqual(idsOf(contract));
  expect(contract).toMatchObject({ servers: ['https://api.example.com/v1'], equivalentSchemes: ['key'], version: '1' });
  const [get, put] = contract.operations;
  expect(get?.line).toBe(17);
  expect(put?.security).toEqual([{ schemes: [{ name: 'user', scopes: [] }] }]);
  expect(put?.body).toMatchObject({ mediaType: 'application/json', required: true });
  expect(new SchemaValidators(contract).errors(put?.body?.schema ?? '', {})).toHaveLength(1);
  expect(gaps).toContain('unreadable 11');
});

test('OpenAPI 3.2 has a method for queries, and methods of any other name', async () => {
  const { contract, byMock } = await read(`openapi: 3.2.0
$self: https://api.example.com/openapi.yaml
info: { title: New, version: '1' }
security: [{ key: [] }]
paths:
  /things:
    query:
      requestBody: { content: { application/json: { schema: { $ref: 'https://api.example.com/openapi.yaml#/components/schemas/Q' } } } }
      ${ANSWERS}
    additionalOperations:
      COPY:
        security: [{ device: [things.read] }]
        ${ANSWERS}
components:
  schemas: { Q: { type: object, required: [q] } }
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    device:
      type: oauth2
      flows: { deviceAuthorization: { deviceAuthorizationUrl: https://a.example, tokenUrl: https://a.example, scopes: { things.read: Read } } }
`);
  expect(contract.operations.map(({ id, isSafe, line }) => [id, isSafe, line])).toEqual([
    ['QUERY /things', true, 7],
    ['COPY /things', false, 11],
  ]);
  expect(byMock).toEqual(idsOf(contract));
  expect(contract.operations[0]?.body?.schema).toBe('#/components/schemas/Q');
  expect(contract.scopes).toEqual(['things.read']);
});

test('anchors, merge keys and one alias two hundred times are YAML', async () => {
  const paths = Array.from({ length: 200 }, (_, index) => `  /t${index}: { get: { <<: *common } }\n`).join('');
  const { contract, byMock } = await read(
    `${HEAD}x-common: &common\n  security: [{ key: [] }]\n  ${ANSWERS}\npaths:\n${paths}`,
  );
  expect(contract.operations).toHaveLength(200);
  expect(byMock).toHaveLength(200);
  expect(contract.operations[199]?.security).toEqual([{ schemes: [{ name: 'key', scopes: [] }] }]);
});

test('what is wrong beside authentication is a gap, and the operations are judged', async () => {
  const { contract, gaps, byMock } = await read(`${HEAD}servers: [{ url: 'https://host:PORT/v1' }, { url: /v2 }]
tags: [{ name: a, externalDocs: { url: https://a.example, description: null } }]
paths:
  /a: { get: { operationId: list, ${ANSWERS} } }
  /b/{id}: { get: { operationId: list, ${ANSWERS} } }
  /c: { get: { security: [{ session: [] }], ${ANSWERS} } }
  /d: { get: null, put: { parameters: [5, { name: X, in: nowhere }], ${ANSWERS} } }
`);
  expect(idsOf(contract)).toEqual(['GET /a', 'GET /b/{id}', 'GET /c', 'PUT /d']);
  expect(byMock).toEqual(idsOf(contract));
  expect(contract.servers).toEqual(['/v2']);
  expect(gaps).toEqual(
    expect.arrayContaining([
      'unreadable 5',
      'invalid 6',
      'invalid 9',
      'path-parameter 9',
      'unreadable 10',
      'invalid 11',
    ]),
  );
  const [, , unknown] = contract.operations;
  expect(unknown && reasonNotPresentable(contract, unknown)).toBe('session is no scheme that the document describes');
});

test('the words of OpenAPI 3.0 mean in a later document what they meant before', async () => {
  const properties = { a: { type: 'string', nullable: true }, b: { minimum: 0, exclusiveMinimum: true } };
  const document = small({ openapi: '3.1.0', schemas: { Thing: { properties } } });
  const { contract } = await read(document, 'openapi.json');
  const theirs = new DocumentValidator(document);
  const errorsOf = (value: unknown): readonly number[] => [
    new SchemaValidators(contract).errors('#/components/schemas/Thing', value).length,
    theirs.errors({ $ref: '#/components/schemas/Thing' }, value).length,
  ];
  expect(errorsOf({ a: null, b: 1 })).toEqual([0, 0]);
  expect(errorsOf({ a: 'a', b: 0 })).toEqual([1, 1]);
});

test('an operation on a server of its own is left out with the reason, unless it is the usual one', async () => {
  const { contract, gaps } = await read(`${HEAD}servers: [{ url: https://api.example.com }]
paths:
  /a: { get: { servers: [{ url: https://upload.example.com }], ${ANSWERS} } }
  /b: { servers: [{ url: https://api.example.com/ }], get: { ${ANSWERS} } }
`);
  expect(contract.operations.map((operation) => reasonNotPresentable(contract, operation))).toEqual([
    'the operation is on a server of its own, https://upload.example.com, and a run has one base URL',
    undefined,
  ]);
  expect(gaps).toEqual(['own-servers 7']);
});

test('a key that is a parameter is proposed as a scheme', async () => {
  const parameter = { name: 'xi-api-key', in: 'header', required: true, schema: { type: 'string' } };
  const { gaps, contract } = await read(
    small({ security: [], operation: { parameters: [parameter] } }),
    'openapi.json',
  );
  expect(gaps).toContain('key-as-parameter 1');
  expect(securityText(contract)).toMatch(/ 1 {2}open: the contract declares the operation public\n/);
});

test('a header that is a scheme which no operation asks for is sent like any other', async () => {
  const parameters = [
    { name: 'X-Tenant', in: 'header', required: true, example: 'acme' },
    { name: 'X-Key', in: 'header', required: true, example: 'k' },
  ];
  const schemes = { tenant: { type: 'apiKey', in: 'header', name: 'X-Tenant' } };
  const { contract } = await read(small({ schemes, operation: { parameters } }), 'openapi.json');
  const [operation] = contract.operations;
  expect(operation && exampleRequest(contract, operation).headers).toEqual([['X-Tenant', 'acme']]);
});

test('of an id and a key that are asked for together the key is the key', async () => {
  const schemes = { id: { type: 'apiKey', in: 'header', name: 'X-App-Id' } };
  const document = small({ schemes, security: [{ id: [], key: [] }] });
  const first = {
    ...document,
    components: { securitySchemes: { ...schemes, key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
  };
  const { contract } = await read(first, 'openapi.json');
  expect(contract.equivalentSchemes).toEqual(['key']);
  expect(readApi(first, 'acme').primarySchemes).toEqual(['key']);
});

test('a plan says how security was read', async () => {
  const { contract } = await read(`${HEAD}paths:
  /a: { get: { ${ANSWERS} }, put: { security: [{ key: [] }, {}], ${ANSWERS} } }
  /b: { get: { security: [], ${ANSWERS} }, put: { security: [{ gone: [] }], ${ANSWERS} } }
`);
  expect(securityText(contract)).toBe(`how the security of operations was read (number of operations)
       1  secured by key
       1  optional: key
       1  open: the contract declares the operation public
       1  left out: gone is no scheme that the document describes
`);
});

test.describe('an overlay', () => {
  const DOCUMENT = `${HEAD}servers: [{ url: https://api.example.com }]
paths:
  /things/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: ok } }
    delete:
      responses: { '204': { description: gone } }
`;
  const OVERLAY = `overlay: 1.1.0
info: { title: What is missing, version: '1' }
actions:
  - target: $.paths.*[?@.responses].responses
    update: { '401': { description: no } }
  - target: $.paths.*.get.parameters[?@.name == 'id']
    update: { example: t1 }
  - target: $.paths.*.get
    update:
      security:
        - { gone: [] }
        - { key: [] }
  - target: $.servers[0].url
    update: https://sandbox.example.com
  - target: $.paths['/things/{id}'].delete
    remove: true
  - target: $.paths['/nothing']
    remove: true
  - target: $
    update: { x-authentication: { scopes: [a] } }
`;

  test('says what a document lacks, with its own lines, and the mock reads it too', async () => {
    const { contract, gaps, byMock } = await read(DOCUMENT, 'openapi.yaml', OVERLAY);
    expect(idsOf(contract)).toEqual(['GET /things/{id}']);
    expect(byMock).toEqual(idsOf(contract));
    const [operation] = contract.operations;
    expect(Object.keys(operation?.responses ?? {})).toEqual(['200', '401']);
    expect(operation?.parameters).toMatchObject([{ name: 'id', example: 't1' }]);
    expect(contract).toMatchObject({ servers: ['https://sandbox.example.com'], scopes: ['a'] });
    expect(contract.files.map((file) => file.replace(/^.*\//, ''))).toEqual(['openapi.yaml', 'overlay.yaml']);
    expect(gaps).toEqual(expect.arrayContaining(['unreadable overlay.yaml:11', 'unreadable overlay.yaml:17']));
    const { document } = await readByMock(test.info().outputPath('acme'));
    expect(readApi(document, 'acme').operations[0]).toMatchObject({ parameters: [{ name: 'id', example: 't1' }] });
  });

  test('changes the fingerprint', async () => {
    const { contract } = await read(DOCUMENT, 'openapi.yaml', OVERLAY);
    expect((await read(DOCUMENT, 'openapi.yaml', `${OVERLAY}#\n`)).contract.sha256).not.toBe(contract.sha256);
  });

  for (const [title, overlay, sentence] of [
    [
      'no overlay',
      'a: 1',
      /overlay\.yaml:1: this is no OpenAPI Overlay, which begins with "overlay: 1\.1\.0"; correct the overlay\.$/,
    ],
    [
      'an action without a target',
      'overlay: 1.0.0\nactions:\n  - update: {}\n',
      /overlay\.yaml:3: an action has no target, which is a JSONPath;/,
    ],
    [
      'code in a target',
      'overlay: 1.0.0\nactions:\n  - target: $[?(process.exit())]\n',
      /overlay\.yaml:3: the JSONPath .* cannot be used, it is no JSONPath of RFC 9535;/,
    ],
    [
      'a copy of several',
      'overlay: 1.1.0\nactions:\n  - target: $.info\n    copy: $.paths.*.*\n',
      /overlay\.yaml:4: copy does not select one place;/,
    ],
  ] as const)
    test(`with ${title} is told in one sentence`, async () => {
      await expect(read(DOCUMENT, 'openapi.yaml', overlay)).rejects.toThrow(sentence);
    });
});

test('a parameter of a path that does not have it is left out, and a gap', async () => {
  const { contract, gaps, byMock } = await read(`${HEAD}paths:
  /:
    parameters: [{ name: path, in: path, required: true, schema: { type: string } }]
    get: { ${ANSWERS} }
  '/a/{id}':
    get:
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: ID, in: path, required: true, schema: { type: string } }
      ${ANSWERS}
`);
  expect(contract.operations.map(({ parameters }) => parameters.map(({ name }) => name))).toEqual([[], ['id']]);
  expect(byMock).toEqual(idsOf(contract));
  expect(gaps).toEqual(['unreadable 7', 'unreadable 13']);
});

test('a text that is a reference to a file of Markdown is a gap, and the file is not looked for', async () => {
  const text = { $ref: './intro.md' };
  const { contract, gaps, byMock } = await read(
    small({
      info: { title: text, version: '1', description: text },
      tags: [{ name: 'a', description: text }],
      operation: { summary: text },
      schemas: { A: { properties: { description: { $ref: '#/components/schemas/B' } } }, B: { type: 'string' } },
    }),
    'openapi.json',
  );
  expect(byMock).toEqual(idsOf(contract));
  expect(new SchemaValidators(contract).errors('#/components/schemas/A', { description: 1 })).toHaveLength(1);
  expect(gaps).toContain('invalid 1');
});

test('a file that refers back to the document by its name finds it in a new contract', async ({}, info) => {
  const own = info.outputPath('theirs');
  mkdirSync(own, { recursive: true });
  const error = { $ref: '#/components/responses/No' };
  const shared = { get: { responses: { '200': { description: 'ok' }, '401': { ...error } } } };
  for (const name of ['api.json', 'openapi.json']) {
    const document = small({ paths: { '/a': { $ref: 'paths.json#/a' } } });
    const components = { ...(document['components'] as object), responses: { No: { description: 'no' } } };
    writeFileSync(join(own, name), JSON.stringify({ ...document, components }));
    const back = JSON.parse(JSON.stringify({ a: shared }).replace('"#/', `"${name}#/`)) as object;
    writeFileSync(join(own, 'paths.json'), JSON.stringify(back));
    const specs = info.outputPath(`specs-for-${name.replace('.json', '')}`);
    const { files, operations } = await newContract('acme', join(own, name), specs);
    expect(operations.map(({ responses }) => Object.keys(responses))).toEqual([['200', '401']]);
    expect(files.map((file) => file.replace(/^.*\//, ''))).toEqual(
      name === 'openapi.json'
        ? ['openapi.json', 'overlay.yaml', 'paths.json']
        : ['openapi.json', 'overlay.yaml', 'paths.json', 'api.json'],
    );
    expect(readApi((await readByMock(join(specs, 'acme'))).document, 'acme').operations).toHaveLength(1);
  }
});

test('what is no list of requirements promises nothing, least of all that everyone is let in', async () => {
  const { contract, gaps } = await read(`${HEAD}paths:
  /a: { get: { security: { key: [] }, ${ANSWERS} } }
  /b: { get: { security: [[]], ${ANSWERS} } }
  /c: { get: { security: [{ key: [] }, key], ${ANSWERS} } }
  /d: { get: { security: [], ${ANSWERS} } }
`);
  expect(contract.operations.map((operation) => reasonNotPresentable(contract, operation))).toEqual([
    'the contract does not say whether the operation asks for a credential',
    'the contract does not say whether the operation asks for a credential',
    undefined,
    'the contract declares the operation public',
  ]);
  expect(gaps.filter((gap) => gap.startsWith('unreadable'))).toEqual(['unreadable 6', 'unreadable 7', 'unreadable 8']);
});

test('no list is asked for the path values of operations that cannot be judged', async () => {
  const paths = { '/a': { get: {} }, '/a/{id}': { get: {} } };
  const listed = async (security: unknown): Promise<readonly string[]> => {
    const { contract } = await read(small({ security, paths }), 'openapi.json');
    return unknownValues(contract, { given: {}, read: {} }).map(({ list }) => list.id);
  };
  expect(await listed(undefined)).toEqual([]);
  expect(await listed([{ unheardOf: [] }])).toEqual([]);
  expect(await listed([])).toEqual(['GET /a']);
  expect(await listed([{ key: [] }])).toEqual(['GET /a']);
});

test('a parameter may be a part of a segment, for the mock too', () => {
  const router = new Router(
    readApi(small({ paths: { '/{section}.{format}': { get: {} }, '/a/{name}.json': { get: {} } } }), 'a').operations,
  );
  expect(router.find('GET', '/home.json')).toMatchObject({
    kind: 'operation',
    parameters: { section: 'home', format: 'json' },
  });
  expect(router.find('GET', '/a/b.json')).toMatchObject({ kind: 'operation', parameters: { name: 'b' } });
  expect(router.find('GET', '/a/b.xml')).toEqual({ kind: 'unknown-path' });
});
