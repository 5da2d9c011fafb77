import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../support/unit-test.ts';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { Contract, Operation } from '../../src/model/contract.ts';
import { extensionProblems } from '../../src/openapi/json-schema.ts';
import { loadContract } from '../../src/openapi/load-contract.ts';
import { nodeAt } from '../../src/openapi/json-pointer.ts';
import { exampleRequest, inertRequest, unknownResourceRequest } from '../../src/requests/example-requests.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const OPERATIONS: Readonly<Record<string, string>> = {
  'GET /contacts': 'contacts:read',
  'POST /contact': 'contacts:write',
  'GET /contact/{identifier}': 'contacts:read',
  'PUT /contact/{identifier}': 'contacts:write',
  'POST /contact/{identifier}/message': 'conversations:write',
  'GET /conversations': 'conversations:read',
  'GET /conversation/{id}': 'conversations:read',
  'GET /conversation/{id}/messages': 'conversations:read',
  'POST /webhooks': 'webhooks:manage',
  'GET /channels/whatsapp/templates': 'channels:read',
};

let contract: Contract;
let validators: SchemaValidators;

test.beforeAll(async () => {
  contract = await loadContract(`${ROOT}specs/huechat`);
  validators = new SchemaValidators(contract);
});

function operation(id: string): Operation {
  const found = contract.operations.find((each) => each.id === id);
  if (!found) throw new Error(`there is no ${id}`);
  return found;
}

test.describe('the document', () => {
  test('another validator of OpenAPI accepts it', async () => {
    const document = structuredClone(contract.document) as unknown as Record<string, unknown>;
    expect(await new Validator().validate(document)).toEqual({ valid: true });
  });

  test('its extension is what the schema of the extension describes', () => {
    expect(extensionProblems('x-authentication', nodeAt(contract.document, '#/x-authentication')?.value)).toEqual([]);
  });

  test('the contract is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(contract))).toEqual(contract);
  });

  test('its fingerprint does not depend on where it is read from', async () => {
    const home = process.cwd();
    process.chdir('/');
    const elsewhere = await loadContract(`${ROOT}specs/huechat`).finally(() => process.chdir(home));
    expect(contract.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(elsewhere.sha256).toBe(contract.sha256);
  });

  test('it has the documented operations, each with its scope, and no other', () => {
    expect(Object.fromEntries(contract.operations.map(({ id, scopes }) => [id, scopes.join()]))).toEqual(OPERATIONS);
  });

  test('no scope is presented as documented for an operation', () => {
    expect(contract.operations.map(({ scopePromise }) => scopePromise.mark)).not.toContain('documented');
  });

  test('the order of servers, key kinds and forms is the documented one', () => {
    expect(contract.servers).toEqual(['https://api.huechat.ai/v2', 'https://sandbox.huechat.ai/v2']);
    expect(contract.keyKinds.map(({ prefix, server }) => [prefix, server])).toEqual([
      ['sk_live_', 'https://api.huechat.ai/v2'],
      ['sk_test_', 'https://sandbox.huechat.ai/v2'],
    ]);
    expect(contract.equivalentSchemes.map((name) => contract.schemes[name])).toEqual([
      { name: 'apiKey', type: 'apiKey', in: 'header', parameter: 'X-API-Key' },
      { name: 'bearer', type: 'http', scheme: 'bearer' },
    ]);
  });

  test('every answer says which body it has', () => {
    const pointers = Object.values(contract.refusals).map(
      ({ schema = '' }) => nodeAt(contract.document, schema)?.value,
    );
    expect(pointers).toHaveLength(7);
    expect(pointers).not.toContain(undefined);
  });

  test('every promise has a page, a text and an id of its own', () => {
    const { promises } = contract;
    expect(new Set(promises.map(({ id }) => id)).size).toBe(promises.length);
    for (const { source, text } of promises) {
      expect(source).toMatch(/^https:\/\/developer\.huechat\.ai\/docs\/[a-z-]+(?:\/[a-z-]+)?(?:#[a-z-]+)?$/);
      expect(text).toMatch(/^.{10,}\.$/);
    }
  });
});

for (const id of Object.keys(OPERATIONS)) {
  test.describe(id, () => {
    test('its line in the file is the one that names its method', () => {
      const { line, method } = operation(id);
      const text = readFileSync(`${ROOT}specs/huechat/openapi.yaml`, 'utf8').split('\n')[line - 1];
      expect(text?.trim()).toBe(`${method.toLowerCase()}:`);
    });

    test('it takes either form of the key', () => {
      const schemes = operation(id).security.map((alternative) => alternative.schemes.map(({ name }) => name));
      expect(schemes).toEqual([['apiKey'], ['bearer']]);
    });

    test('it says what 401, 403 and 429 look like and names the rate-limit headers everywhere', () => {
      const { responses } = operation(id);
      for (const status of ['401', '403', '429']) expect(responses[status]).toHaveProperty('schema');
      const names = Object.values(contract.rateLimitHeaders ?? {}) as string[];
      for (const { headers } of Object.values(responses)) expect(headers).toEqual(expect.arrayContaining(names));
    });

    test('every example of an answer is valid', () => {
      for (const { schema, example } of Object.values(operation(id).responses)) {
        expect(example === undefined || schema === undefined ? [] : validators.errors(schema, example)).toEqual([]);
      }
    });

    test('it has an example request that is valid', () => {
      const { body, parameters } = operation(id);
      const { path } = exampleRequest(contract, operation(id));
      expect(path).not.toMatch(/[{}]|sample/);
      expect(body?.schema === undefined ? [] : validators.errors(body.schema, body.example)).toEqual([]);
      const needed = parameters.filter(({ required }) => required);
      for (const { schema = '', example } of needed) expect(validators.errors(schema, example)).toEqual([]);
    });

    test('it can be asked without effect', () => {
      const { isSafe, body } = operation(id);
      const request = inertRequest(contract, operation(id), validators);
      expect(request).not.toHaveProperty('impossible');
      expect('body' in request).toBe(!isSafe);
      const sent = 'body' in request ? (JSON.parse(request.body ?? 'null') as unknown) : undefined;
      const faults = body?.schema === undefined ? [] : validators.errors(body.schema, sent);
      expect(faults.length > 0 || isSafe).toBe(true);
    });
  });
}

for (const id of Object.keys(OPERATIONS).filter((each) => each.includes('{'))) {
  test(`${id} can be asked for what does not exist`, () => {
    const request = unknownResourceRequest(contract, operation(id), validators);
    const path = 'path' in request ? request.path : '';
    expect(path).toMatch(/\/inert-[0-9a-f]{12}(?:\/|$)/);
    const { parameters } = operation(id);
    const last = parameters.filter((one) => one.in === 'path').at(-1);
    expect(path).not.toContain(String(last?.example));
    expect(unknownResourceRequest(contract, operation(id), validators)).toEqual(request);
  });
}

test('the engine knows no API by name', () => {
  const files = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const naming = files.filter((file) => /huechat/i.test(readFileSync(`${ROOT}src/${file}`, 'utf8')));
  expect(files).toContain('openapi/load-contract.ts');
  expect(naming).toEqual([]);
});
