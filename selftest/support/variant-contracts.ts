import type { VariantId } from '../../mock/variants/index.ts';
import type { Contract } from '../../src/model/contract.ts';
import { contractOfDocument } from './contract-of-document.ts';
import { huechat, huechatByCertificate } from './contracts.ts';

type Json = Readonly<Record<string, unknown>>;

/** The first contract, unless a variant is sound, or unusual at all, only where the document is another. */
export async function contractForVariant(id: VariantId, outputPath: (file: string) => string): Promise<Contract> {
  const file = outputPath('openapi.json');
  if (id === 'certificate-missing-is-a-page') return huechatByCertificate();
  if (id === 'everyone-refused-alike') return contractOfDocument(file, withoutRefusals((await huechat()).document));
  if (id === 'other-ids-are-routed' || id === 'outer-ids-are-routed') return contractOfDocument(file, NESTED);
  return huechat();
}

/** Of the extension only what says nothing about refusals is left. */
function withoutRefusals(document: Json): Json {
  const { keyKinds, equivalentSchemes, scopes, rateLimitHeaders } = document['x-authentication'] as Json;
  const paths = Object.entries(document['paths'] as Json).map(([path, item]) => [
    path,
    withoutRefusalsOf(item as Json),
  ]);
  return {
    ...document,
    'x-authentication': { keyKinds, equivalentSchemes, scopes, rateLimitHeaders },
    paths: Object.fromEntries(paths),
  };
}

function withoutRefusalsOf(pathItem: Json): Json {
  const members = Object.entries(pathItem).map(([name, value]): [string, unknown] => {
    const responses = (value as Json)['responses'] as Json | undefined;
    if (!responses) return [name, value];
    const left = Object.entries(responses).filter(([status]) => status !== '401' && status !== '403');
    return [name, { ...(value as Json), responses: Object.fromEntries(left) }];
  });
  return Object.fromEntries(members);
}

const parameter = (name: string, example: string): Json => ({
  ...{ name, in: 'path', required: true, schema: { type: 'string' }, example },
});

const ZONE = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string' }, kind: { type: 'string', enum: ['Native', 'Primary'] } },
};

const json = (schema: Json): Json => ({ 'application/json': { schema } });

/** Resources within resources, and no rule about refusals. */
const NESTED: Json = {
  openapi: '3.1.0',
  info: { title: 'Zones', version: '1' },
  servers: [{ url: 'https://zones.example.com/api/v1' }],
  security: [{ key: [] }],
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-API-Key' } } },
  paths: {
    '/servers/{server_id}/zones': {
      parameters: [parameter('server_id', 'localhost')],
      get: { responses: { '200': { description: 'Zones', content: json({ type: 'array', items: ZONE }) } } },
    },
    '/servers/{server_id}/zones/{zone_id}': {
      parameters: [parameter('server_id', 'localhost'), parameter('zone_id', 'example.org.')],
      get: { responses: { '200': { description: 'A zone', content: json(ZONE) } } },
      put: {
        requestBody: { required: true, content: json(ZONE) },
        responses: { '200': { description: 'Changed', content: json(ZONE) } },
      },
    },
  },
};
