import { expect, test } from '../support/unit-test.ts';
import type { Contract, Operation } from '../../src/model/contract.ts';
import { exampleRequest, inertRequest, unknownResourceRequest } from '../../src/requests/example-requests.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { contractOfDocument } from '../support/contract-of-document.ts';

type Json = Readonly<Record<string, unknown>>;

const RESPONSES = { '200': { description: 'Success' } };

/** The contract of a document with one operation. */
async function loaded(
  path: string,
  method: string,
  operation: Json,
  components: Json = {},
): Promise<[Contract, Operation]> {
  const paths = { [path]: { [method]: { responses: RESPONSES, ...operation } } };
  const document = { openapi: '3.1.0', info: { title: 'Things', version: '1' }, components, paths };
  const contract = await contractOfDocument(test.info().outputPath('openapi.json'), document);
  const [only] = contract.operations;
  if (!only) throw new Error('the document has no operation');
  return [contract, only];
}

function parameter(name: string, where: string, more: Json = {}): Json {
  return { name, in: where, required: true, schema: { type: 'string' }, ...more };
}

function body(schema: Json, more: Json = {}, mediaType = 'application/json'): Json {
  return { requestBody: { required: true, content: { [mediaType]: { schema, ...more } } } };
}

async function inert(path: string, method: string, operation: Json): Promise<ReturnType<typeof inertRequest>> {
  const [contract, one] = await loaded(path, method, operation);
  return inertRequest(contract, one, new SchemaValidators(contract));
}

test.describe('the example request', () => {
  test('fills in and encodes what is required, and leaves out the rest', async () => {
    const parameters = [
      parameter('id', 'path', { example: '+1 2/3' }),
      parameter('tag', 'query', { schema: { type: 'array' }, example: ['a&b', 'c'] }),
      parameter('limit', 'query', { required: false, example: 5 }),
      parameter('X-Client', 'header', { example: 'suite' }),
      parameter('lang', 'cookie', { example: 'a b' }),
    ];
    const [contract, operation] = await loaded('/things/{id}', 'get', { parameters });
    expect(exampleRequest(contract, operation)).toEqual({
      path: '/things/%2B1%202%2F3?tag=a%26b&tag=c',
      headers: [
        ['X-Client', 'suite'],
        ['Cookie', 'lang=a%20b'],
      ],
    });
  });

  test('never carries a credential, even where the document lists it as a parameter', async () => {
    const securitySchemes = {
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      query: { type: 'apiKey', in: 'query', name: 'key' },
    };
    const parameters = [
      parameter('x-key', 'header', { example: 'k' }),
      parameter('Authorization', 'header', { example: 'Bearer k' }),
      parameter('key', 'query', { example: 'k' }),
    ];
    const [contract, operation] = await loaded('/things', 'get', { parameters }, { securitySchemes });
    expect(exampleRequest(contract, operation)).toEqual({ path: '/things', headers: [] });
  });

  test('is made from the schema where there is no example', async () => {
    const schema = {
      type: 'object',
      required: ['id', 'kind', 'count', 'tags', 'owner'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        kind: { enum: ['small', 'large'] },
        count: { type: 'integer', exclusiveMinimum: 3 },
        tags: { type: 'array', minItems: 1, items: { type: 'string', minLength: 8 } },
        owner: { allOf: [{ type: 'object', required: ['name'], properties: { name: { type: ['null', 'string'] } } }] },
        note: { type: 'string' },
      },
    };
    const [contract, operation] = await loaded('/things', 'post', body(schema));
    const made = JSON.parse(exampleRequest(contract, operation).body ?? '') as unknown;
    expect(made).toMatchObject({ kind: 'small', count: 4, tags: ['samplexx'], owner: { name: 'sample' } });
    expect(new SchemaValidators(contract).errors(operation.body?.schema ?? '', made)).toEqual([]);
  });

  test('ends for a schema that requires itself', async () => {
    const components = {
      schemas: {
        Node: { type: 'object', required: ['next'], properties: { next: { $ref: '#/components/schemas/Node' } } },
      },
    };
    const [contract, operation] = await loaded(
      '/things',
      'post',
      body({ $ref: '#/components/schemas/Node' }),
      components,
    );
    expect(exampleRequest(contract, operation).body).toContain('null');
  });

  test('writes JSON where any type is right', async () => {
    const [contract, operation] = await loaded(
      '/things',
      'post',
      body({ type: 'object' }, { example: { a: 1 } }, '*/*'),
    );
    expect(exampleRequest(contract, operation)).toMatchObject({
      headers: [['Content-Type', 'application/json']],
      body: '{"a":1}',
    });
  });

  test('writes forms as forms', async () => {
    const example = { name: 'a b', size: 2 };
    const [contract, operation] = await loaded(
      '/things',
      'post',
      body({ type: 'object' }, { example }, 'application/x-www-form-urlencoded'),
    );
    expect(exampleRequest(contract, operation)).toMatchObject({
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: 'name=a+b&size=2',
    });
  });

  test('writes forms of several parts with their boundary', async () => {
    const [contract, operation] = await loaded(
      '/things',
      'post',
      body({ type: 'object' }, { example: { name: 'a' } }, 'multipart/form-data'),
    );
    const { headers, body: text = '' } = exampleRequest(contract, operation);
    const boundary = headers[0]?.[1].split('boundary=')[1];
    expect(text).toBe(`--${boundary}\r\nContent-Disposition: form-data; name="name"\r\n\r\na\r\n--${boundary}--\r\n`);
  });
});

test.describe('the inert request', () => {
  const named = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };

  test('of a safe operation is its example', async () => {
    expect(
      await inert('/things/{id}', 'get', { parameters: [parameter('id', 'path', { example: 'a' })] }),
    ).toMatchObject({ path: '/things/a' });
  });

  test('has a body of another type', async () => {
    expect(await inert('/things', 'post', body(named))).toMatchObject({ path: '/things', body: '[]' });
  });

  test('has another type still where a list is right', async () => {
    expect(await inert('/things', 'post', body({ type: 'array' }))).toMatchObject({ body: '"inert"' });
  });

  test('has members of wrong types where any type of body is right', async () => {
    const untyped = { required: named.required, properties: named.properties };
    expect(await inert('/things', 'post', body(untyped, { example: { name: 'a', note: 'b' } }))).toMatchObject({
      body: '{"name":[],"note":"b"}',
    });
  });

  test('has members of wrong types even where none is required', async () => {
    const schema = { properties: { name: { type: 'string' } } };
    expect(await inert('/things', 'post', body(schema, { example: { name: 'a' } }))).toMatchObject({
      body: '{"name":[]}',
    });
  });

  test('is no list where nothing is required, since some servers make an empty object of it', async () => {
    const { required: _, ...open } = named;
    const example = { example: { name: 'a' } };
    expect(await inert('/things', 'post', body(open, example))).toMatchObject({ body: '{"name":[]}' });
  });

  test('is a list with something in it where no member takes a single value', async () => {
    const schema = { type: 'object', properties: { names: { type: 'array' }, more: { type: 'object' } } };
    const example = { example: { names: [], more: {} } };
    expect(await inert('/things', 'post', body(schema, example))).toMatchObject({ body: '[0]' });
  });

  test('lacks every member where nothing else is wrong', async () => {
    expect(
      await inert(
        '/things',
        'post',
        body({ type: ['object', 'array', 'string', 'number', 'null'], required: ['name'] }),
      ),
    ).toMatchObject({ body: '{}' });
  });

  test('lacks every member in a form, where a wrong type cannot be written', async () => {
    const schema = { type: 'object', required: ['name', 'size'] };
    const form = body(schema, { example: { name: 'a', size: 1 } }, 'application/x-www-form-urlencoded');
    expect(await inert('/things', 'post', form)).toMatchObject({ body: '' });
  });

  test('names a resource that does not exist, with the type of its id', async () => {
    const typed = (schema: Json): Json => ({ parameters: [parameter('id', 'path', { schema })] });
    expect(await inert('/things/{id}', 'delete', typed({ type: 'string' }))).toMatchObject({
      path: expect.stringMatching(/^\/things\/inert-[0-9a-f]{12}$/),
    });
    expect(await inert('/things/{id}', 'delete', typed({ type: 'integer' }))).toMatchObject({
      path: expect.stringMatching(/^\/things\/8\d{15}$/),
    });
    const uuid = /^\/things\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(await inert('/things/{id}', 'delete', typed({ type: 'string', format: 'uuid' }))).toMatchObject({
      path: expect.stringMatching(uuid),
    });
  });

  test('is impossible without a body and an id', async () => {
    expect(await inert('/reset', 'post', {})).toEqual({
      impossible:
        'POST /reset cannot be asked without effect: it has no body that could be invalid, and its path names no resource',
    });
  });

  test.describe('of an operation that may be asked without a body', () => {
    const force = { type: 'object', properties: { force: { type: 'boolean' } } };
    const maybe = (schema: Json): Json => ({ requestBody: { content: { 'application/json': { schema } } } });

    for (const method of ['post', 'put', 'delete'])
      test(`is impossible where a ${method.toUpperCase()} says nothing in it that it needs`, async () => {
        expect(await inert('/shutdown', method, maybe(force))).toEqual({
          impossible: `${method.toUpperCase()} /shutdown cannot be asked without effect: it needs no body, so it may be carried out whatever the body is, and its path names no resource`,
        });
      });

    test('has an invalid body where a member is needed, and for a PATCH, which changes nothing then', async () => {
      expect(await inert('/things', 'post', maybe({ ...force, required: ['force'] }))).toMatchObject({ body: '[]' });
      // An empty list would be an empty object to some servers, which this schema takes.
      expect(await inert('/things', 'patch', maybe(force))).toMatchObject({ body: '[0]' });
    });
  });

  test('is impossible where any body is right and there is no id', async () => {
    expect(await inert('/things', 'post', body({}))).toEqual({
      impossible:
        'POST /things cannot be asked without effect: its schema refuses no body, and its path names no resource',
    });
  });

  test('keeps what leads to the resource, and makes up the last parameter only', async () => {
    const parameters = [parameter('server_id', 'path', { example: 'localhost' }), parameter('zone_id', 'path')];
    expect(await inert('/servers/{server_id}/zones/{zone_id}', 'delete', { parameters })).toMatchObject({
      path: expect.stringMatching(/^\/servers\/localhost\/zones\/inert-[0-9a-f]{12}$/),
    });
  });

  test('keeps what leads to the resource, whatever the order of the parameters in the document', async () => {
    const parameters = [parameter('zone_id', 'path'), parameter('server_id', 'path', { example: 'localhost' })];
    expect(await inert('/servers/{server_id}/zones/{zone_id}/axfr', 'post', { parameters })).toMatchObject({
      path: expect.stringMatching(/^\/servers\/localhost\/zones\/inert-[0-9a-f]{12}\/axfr$/),
    });
  });

  for (const [title, schema] of [
    ['a list of words', { type: 'string', enum: ['red', 'blue'] }],
    ['one word', { const: 'red' }],
    ['a pattern of few values', { type: 'string', pattern: '^[a-z]{2}$' }],
    ['a number of few values', { type: 'integer', maximum: 9 }],
  ] as const) {
    const last = [parameter('id', 'path', { example: 'a1' }), parameter('colour', 'path', { schema })];

    test(`keeps a last parameter of ${title}, and has an invalid body then`, async () => {
      const request = await inert('/things/{id}/{colour}', 'patch', { parameters: last, ...body(named) });
      expect(request).toMatchObject({ path: expect.stringMatching(/^\/things\/a1\/[^/]+$/), body: '[]' });
      expect(request).not.toHaveProperty('madeUpId');
    });

    test(`is impossible without a body where the last parameter is of ${title}`, async () => {
      expect(await inert('/things/{id}/{colour}', 'delete', { parameters: last })).toEqual({
        impossible:
          'DELETE /things/{id}/{colour} cannot be asked without effect: it has no body that could be invalid, and its path takes no id that could be made up',
      });
    });
  }

  test('has an id that its pattern allows', async () => {
    const pattern = { schema: { type: 'string', pattern: '^usr_[A-Z0-9]{10}$' }, example: 'usr_0123456789' };
    const request = await inert('/users/{id}', 'delete', { parameters: [parameter('id', 'path', pattern)] });
    expect(request).toMatchObject({ path: expect.stringMatching(/^\/users\/usr_[A-Z0-9]{10}$/) });
    expect(request).not.toMatchObject({ path: '/users/usr_0123456789' });
  });

  for (const method of ['post', 'patch', 'put']) {
    test(`is impossible where a ${method.toUpperCase()} of any body may create what has the id`, async () => {
      const operation = { parameters: [parameter('id', 'path')], ...body({}) };
      expect(await inert('/things/{id}', method, operation)).toMatchObject({
        impossible: expect.stringMatching(/its schema refuses no body, and a [A-Z]+ may create$/),
      });
    });
  }

  test('has a form whose text is wrong for its field where no field is required', async () => {
    const properties = { note: { type: 'string' }, size: { type: 'integer' } };
    const form = body({ type: 'object', properties }, {}, 'application/x-www-form-urlencoded');
    expect(await inert('/things', 'post', form)).toMatchObject({ body: 'size=inert' });
  });

  test('is impossible where every form is right', async () => {
    const form = body({ properties: { note: { type: 'string' } } }, {}, 'application/x-www-form-urlencoded');
    expect(await inert('/things', 'post', form)).toHaveProperty('impossible');
  });

  test('is impossible where a PUT of any body may create', async () => {
    expect(await inert('/things/{id}', 'put', { parameters: [parameter('id', 'path')], ...body({}) })).toEqual({
      impossible: 'PUT /things/{id} cannot be asked without effect: its schema refuses no body, and a PUT may create',
    });
  });

  test('is enough with an id where any body is right', async () => {
    const request = await inert('/things/{id}/notes', 'post', {
      parameters: [parameter('id', 'path')],
      ...body({}, { example: { text: 'a' } }),
    });
    expect(request).toMatchObject({ path: expect.stringContaining('/things/inert-'), body: '{"text":"a"}' });
  });
});

test.describe('the values of a path', () => {
  const nested = {
    parameters: [parameter('server_id', 'path', { example: 'example' }), parameter('zone_id', 'path')],
  };
  const read = { '/servers/{server_id}': 'shown', '/servers/{server_id}/zones/{zone_id}': 'example.org.' };

  test('come from the setting, then from the example, then from the target', async () => {
    const [contract, operation] = await loaded('/servers/{server_id}/zones/{zone_id}', 'get', nested);
    const pathOf = (given: Record<string, string>, shown: Record<string, string>): string =>
      exampleRequest(contract, operation, { given, read: shown }).path;
    expect(pathOf({}, {})).toBe('/servers/example/zones/sample');
    expect(pathOf({}, read)).toBe('/servers/example/zones/example.org.');
    expect(pathOf({ server_id: 'localhost' }, read)).toBe('/servers/localhost/zones/example.org.');
    expect(pathOf({ server_id: 'localhost', zone_id: 'a=b/c' }, read)).toBe('/servers/localhost/zones/a%3Db%2Fc');
  });

  test('that the target shows lead to what is changed, and are never what is changed', async () => {
    const parameters = [parameter('server_id', 'path'), parameter('zone_id', 'path')];
    const [contract, operation] = await loaded('/servers/{server_id}/zones/{zone_id}', 'delete', { parameters });
    const values = { given: {}, read };
    expect(exampleRequest(contract, operation, values).path).toBe('/servers/shown/zones/sample');
    expect(inertRequest(contract, operation, new SchemaValidators(contract), values)).toMatchObject({
      path: expect.stringMatching(/^\/servers\/shown\/zones\/inert-/),
    });
  });
});

test('an operation without ids cannot be asked for an unknown resource', async () => {
  const [contract, operation] = await loaded('/things', 'get', {});
  expect(() => unknownResourceRequest(contract, operation, new SchemaValidators(contract))).toThrow(
    'GET /things has no path parameter that could name a resource',
  );
});
