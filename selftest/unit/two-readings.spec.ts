import { dryRunSettings } from '../../mock/dry-run.ts';
import { readApi } from '../../mock/document/api.ts';
import type { Api } from '../../mock/types/api.ts';
import { schemeVariables, variableNames } from '../../src/config/variables.ts';
import type { Contract, Operation } from '../../src/model/contract.ts';
import { allowsAnonymous, needsCertificate, presentableAlternatives } from '../../src/openapi/security.ts';
import { contractOfDocument } from '../support/contract-of-document.ts';
import { huechat, mockOf, twitch } from '../support/contracts.ts';
import { expect, test } from '../support/unit-test.ts';

/**
 * The engine and the mock each read a document by themselves, so a misreading that both shared would not show. Here both
 * readings are held against each other, on the suite's contracts and on documents with every combination of a small grammar.
 */

/** What decides who is let in where, in words that both readings have. */
interface Reading {
  readonly operations: Readonly<Record<string, OperationReading>>;
  readonly primarySchemes: readonly string[];
  readonly scopes: readonly string[];
  readonly statuses: Readonly<Record<string, readonly number[]>>;
}

interface OperationReading {
  readonly isPublic: boolean;
  /** Names of schemes, joined where a request presents them together, in order. */
  readonly alternatives: readonly string[];
  readonly scopes: readonly string[];
  /** `path id!` for a required one. */
  readonly parameters: readonly string[];
  readonly responses: readonly string[];
}

function ofEngine(contract: Contract): Reading {
  // The mock asks for a certificate where each alternative does.
  const presenting = (operation: Operation): Contract =>
    needsCertificate(contract, operation) ? { ...contract, presentsCertificate: true } : contract;
  return {
    operations: Object.fromEntries(
      contract.operations.map((operation) => [
        operation.id,
        {
          // An operation about which the document says nothing is public by the letter; the engine judges nothing there.
          isPublic: allowsAnonymous(operation) || operation.isSecurityUnstated === true,
          alternatives: sorted(
            presentableAlternatives(presenting(operation), operation).map((schemes) => together(schemes)),
          ),
          scopes: sorted(operation.scopes),
          parameters: sorted(
            operation.parameters.map(({ in: where, name, required }) => `${where} ${name}${required ? '!' : ''}`),
          ),
          responses: sorted(Object.keys(operation.responses)),
        },
      ]),
    ),
    primarySchemes: sorted(contract.equivalentSchemes),
    scopes: sorted(contract.scopes),
    statuses: Object.fromEntries(
      Object.entries(contract.refusals).map(([name, { status }]) => [name, sorted(status.map(String)).map(Number)]),
    ),
  };
}

function ofMock(api: Api): Reading {
  return {
    operations: Object.fromEntries(
      api.operations.map((operation) => [
        operation.id,
        {
          isPublic: operation.isPublic,
          alternatives: sorted(operation.alternatives.map((names) => sorted(names).join('+'))),
          scopes: sorted(operation.scopes),
          parameters: sorted(
            operation.parameters.map(({ in: where, name, isRequired }) => `${where} ${name}${isRequired ? '!' : ''}`),
          ),
          responses: sorted(Object.keys(operation.responses)),
        },
      ]),
    ),
    primarySchemes: sorted(api.primarySchemes),
    scopes: sorted(api.scopes),
    statuses: Object.fromEntries(
      Object.entries(api.refusals).map(([name, { statuses }]) => [name, sorted(statuses.map(String)).map(Number)]),
    ),
  };
}

const together = (schemes: readonly { readonly name: string }[]): string =>
  sorted(schemes.map(({ name }) => name)).join('+');
const sorted = (texts: readonly string[]): string[] => [...texts].toSorted();

for (const [name, load] of Object.entries({ huechat, twitch })) {
  test(`the engine and the mock read ${name} alike`, async () => {
    const contract = await load();
    expect(ofMock(readApi(contract.document, contract.id))).toEqual(ofEngine(contract));
  });

  test(`the mock of ${name} sets the variables that the engine reads, and no others`, async () => {
    const contract = await load();
    const known = new Set([
      ...Object.values({ ...variableNames(contract.id) }),
      ...Object.values(schemeVariables(contract)),
    ]);
    expect(Object.keys(dryRunSettings(mockOf(contract))).filter((variable) => !known.has(variable))).toEqual([]);
  });
}

const SCHEMES = {
  header: { type: 'apiKey', in: 'header', name: 'X-Key' },
  query: { type: 'apiKey', in: 'query', name: 'key' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
  bearer: { type: 'http', scheme: 'Bearer' },
  basic: { type: 'http', scheme: 'basic' },
  digest: { type: 'http', scheme: 'digest' },
  oauth: {
    type: 'oauth2',
    flows: { clientCredentials: { tokenUrl: 'https://a.example/token', scopes: { 'a:read': '', 'a:write': '' } } },
  },
  certificate: { type: 'mutualTLS' },
};

/** Requirements that documents combine: one scheme, several together, scopes, anonymous access, schemes that exclude each other. */
const REQUIREMENTS: readonly Readonly<Record<string, readonly string[]>>[] = [
  { header: [] },
  { bearer: [] },
  { header: [], query: [] },
  { header: ['a:read'] },
  { oauth: ['a:read', 'a:write'] },
  { oauth: ['a:read'] },
  { oauth: [], bearer: [] },
  { basic: [] },
  { basic: [], bearer: [] },
  { digest: [] },
  { certificate: [], header: [] },
  { cookie: [] },
  {},
];

const SECURITY: readonly (readonly Readonly<Record<string, readonly string[]>>[])[] = [
  [],
  ...REQUIREMENTS.map((one) => [one]),
  ...REQUIREMENTS.flatMap((one, index) => REQUIREMENTS.slice(index + 1).map((other) => [one, other])),
];

function documentWith(
  openapi: string,
  global: (typeof SECURITY)[number] | undefined,
  statuses: readonly string[],
): Readonly<Record<string, unknown>> {
  const responses = Object.fromEntries(['200', ...statuses].map((status) => [status, { description: status }]));
  const paths = SECURITY.map((security, index) => [
    `/things-${index}/{id}`,
    {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      get: { security, responses, parameters: [{ name: 'page', in: 'query', schema: { type: 'integer' } }] },
      put: { responses, parameters: [{ $ref: '#/components/parameters/Tenant' }] },
    },
  ]);
  return {
    openapi,
    info: { title: 'Things', version: '1' },
    ...(global && { security: global }),
    paths: Object.fromEntries(paths) as unknown,
    components: {
      securitySchemes: SCHEMES,
      parameters: { Tenant: { name: 'X-Tenant', in: 'header', required: true, schema: { type: 'string' } } },
    },
  };
}

for (const openapi of ['3.0.3', '3.1.0'])
  for (const [index, global] of [undefined, ...SECURITY.filter((one) => one.length < 2)].entries())
    test(`${openapi}, ${global ? JSON.stringify(global) : 'nothing'} for the document: ${SECURITY.length} times two operations are read alike`, async ({}, info) => {
      const statuses = index % 2 === 0 ? ['401', '403'] : ['403'];
      const document = documentWith(openapi, global, statuses);
      const contract = await contractOfDocument(info.outputPath('openapi.json'), document);
      const engine = ofEngine(contract);
      const mock = ofMock(readApi(document, 'api'));
      // A document that shows 403 and never 401 leaves open which of the two a bad key gets. The engine takes either.
      for (const [name, allowed] of Object.entries(engine.statuses))
        expect(allowed, `refusal ${name}`).toEqual(expect.arrayContaining([...(mock.statuses[name] ?? [])]));
      expect({ ...mock, statuses: {} }).toEqual({ ...engine, statuses: {} });
    });

test('both find the same operations on keys, in the same places, with the same promises', async ({}, info) => {
  const places: Readonly<Record<string, string>> = {
    plain: '{"secret":"/key","id":"/id"}',
    nested: '{"secret":"$response.body#/data/a~1b","id":"$response.header.X-Key-Id"}',
  };
  const ids: readonly (string | undefined)[] = [undefined, 'other', 'of', '$request.body#/key/id'];
  for (const [name, create] of Object.entries(places))
    for (const idParameter of ids) {
      const document = documentOfKeys(JSON.parse(create) as object, idParameter);
      const contract = await contractOfDocument(info.outputPath('keys.json'), document);
      const own = readApi(document, 'keys').lifecycle;
      const suites = Object.entries(contract.lifecycle?.operations ?? {}).map(([action, { operation, ...rest }]) => [
        operation,
        { action, ...rest },
      ]);
      expect(own?.operations, `${name}, ${idParameter}`).toEqual(Object.fromEntries(suites));
      expect(own?.promises).toEqual(contract.lifecycle?.promises);
    }
});

/** @param idParameter of the operation that revokes */
function documentOfKeys(create: object, idParameter: string | undefined): Record<string, unknown> {
  const parameter = (name: string, place: string) => ({
    ...{ name, in: place, required: true, schema: { type: 'string' } },
  });
  const requestBody = { content: { 'application/json': { schema: { type: 'object' } } } };
  const responses = { '200': { description: 'Done.' } };
  return {
    openapi: '3.1.0',
    info: { title: 'Keys', version: '1' },
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    'x-authentication': {
      lifecycle: {
        create: { operationId: 'make', ...create, scopes: '$request.body#/scopes', expiresAt: '/ends' },
        revoke: { operationId: 'end', ...(idParameter !== undefined && { idParameter }) },
        read: { operationId: 'look', idParameter: 'other', lastUsed: '/at', scopes: '$response.body#/may' },
        promises: { revokedWithin: 0, overlap: 1.5 },
      },
    },
    paths: {
      '/keys': { post: { operationId: 'make', requestBody, responses } },
      '/accounts/{other}/keys/{id}': {
        parameters: [parameter('other', 'path'), parameter('id', 'path'), parameter('of', 'query')],
        get: { operationId: 'look', responses },
        delete: { operationId: 'end', requestBody, responses },
      },
    },
  };
}
