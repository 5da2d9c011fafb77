import type { KeyPromises } from '../../src/model/key-lifecycle.ts';
import type { Contract } from '../../src/model/contract.ts';
import { contractOfDocument } from './contract-of-document.ts';
import { huechat } from './contracts.ts';

type Json = Readonly<Record<string, unknown>>;

/** What is promised unless a test says otherwise: whatever changes counts at once. */
export const AT_ONCE: KeyPromises = {
  revokedWithin: 0,
  overlap: 60,
  scopeChangeWithin: 0,
  expiresWithin: 0,
  lastUsedWithin: 60,
};

/** The first contract with operations that manage keys, beside two that keys are shown to: each one costs requests. */
export async function documentWithKeys(promises: KeyPromises = AT_ONCE): Promise<Json> {
  const document = (await huechat()).document as unknown as Json;
  const components = document['components'] as Json;
  const paths = document['paths'] as Json;
  return {
    ...document,
    'x-authentication': { ...(document['x-authentication'] as Json), lifecycle: { ...LIFECYCLE, promises } },
    components: {
      ...components,
      schemas: { ...(components['schemas'] as Json), ...SCHEMAS },
      parameters: { ...(components['parameters'] as Json), KeyId: KEY_ID },
    },
    paths: { ...Object.fromEntries(SHOWN_TO.map((path) => [path, paths[path]])), ...PATHS },
  };
}

/** @param file is written */
export async function contractWithKeys(file: string, promises: KeyPromises = AT_ONCE): Promise<Contract> {
  return contractOfDocument(file, await documentWithKeys(promises));
}

const SHOWN_TO = ['/contacts', '/conversations'];

const LIFECYCLE: Json = {
  create: {
    ...{ operationId: 'createKey', secret: '$response.body#/key', id: '$response.body#/id' },
    ...{ scopes: '$request.body#/scopes', expiresIn: '$request.body#/expiresIn' },
  },
  roll: { operationId: 'rollKey', secret: '$response.body#/key', id: '$response.body#/id' },
  update: { operationId: 'updateKey', scopes: '/scopes' },
  revoke: { operationId: 'revokeKey' },
  read: { operationId: 'getKey', lastUsed: '$response.body#/lastUsedAt', scopes: '/scopes' },
};

const SCOPES: Json = { type: 'array', items: { type: 'string' } };

const SCHEMAS: Json = {
  Key: {
    type: 'object',
    required: ['id', 'scopes', 'lastUsedAt'],
    properties: {
      id: { type: 'string' },
      scopes: SCOPES,
      lastUsedAt: { type: ['string', 'null'], format: 'date-time' },
    },
  },
  KeyWithSecret: {
    allOf: [{ $ref: '#/components/schemas/Key' }],
    required: ['key'],
    properties: { key: { type: 'string' } },
  },
  KeyInput: {
    type: 'object',
    properties: { scopes: SCOPES, expiresIn: { type: 'integer', minimum: 1 } },
  },
  KeyChange: { type: 'object', required: ['scopes'], properties: { scopes: SCOPES } },
};

const KEY_ID: Json = { name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: 'key_abc123' };

const json = (schema: string): Json => ({
  'application/json': { schema: { $ref: `#/components/schemas/${schema}` } },
});

function operation(operationId: string, scope: string, rest: Json, success: Json): Json {
  const refusal = (name: string): Json => ({ $ref: `#/components/responses/${name}` });
  return {
    operationId,
    security: [{ apiKey: [scope] }, { bearer: [scope] }],
    ...rest,
    responses: {
      ...success,
      ...{ '400': refusal('InvalidInput'), '401': refusal('Unauthorized'), '403': refusal('Forbidden') },
      ...{ '404': refusal('NotFound'), '429': refusal('RateLimited') },
    },
  };
}

const PATHS: Json = {
  '/keys': {
    post: operation(
      'createKey',
      'admin:write',
      { requestBody: { required: true, content: json('KeyInput') } },
      { '201': { description: 'Created.', content: json('KeyWithSecret') } },
    ),
  },
  '/keys/{id}': {
    parameters: [{ $ref: '#/components/parameters/KeyId' }],
    get: operation('getKey', 'admin:read', {}, { '200': { description: 'Success.', content: json('Key') } }),
    patch: operation(
      'updateKey',
      'admin:write',
      { requestBody: { required: true, content: json('KeyChange') } },
      { '200': { description: 'Success.', content: json('Key') } },
    ),
    delete: operation('revokeKey', 'admin:write', {}, { '204': { description: 'Revoked.' } }),
  },
  '/keys/{id}/roll': {
    parameters: [{ $ref: '#/components/parameters/KeyId' }],
    post: operation(
      'rollKey',
      'admin:write',
      {},
      { '200': { description: 'Rolled.', content: json('KeyWithSecret') } },
    ),
  },
};
