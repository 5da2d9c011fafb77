import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import type { Contract } from '../../src/model/contract.ts';
import { loadContract } from '../../src/openapi/load-contract.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { planOperation } from '../../src/requests/plan-operation.ts';
import type { PlannedRequest } from '../../src/model/request.ts';
import { preflight } from '../../src/run/preflight.ts';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { Variables } from '../../src/config/variables.ts';
import { reasonNotToSend } from '../../src/http/safety-guard.ts';
import { redactedText, openText } from '../../src/http/request-text.ts';
import type { Cell } from '../../src/model/cell.ts';
import { cases } from '../../tests/catalogue/index.ts';
import { complaintLines } from '../support/complaints.ts';
import { judgeMock, mockOf } from '../support/harness.ts';

/** Security as documents have it, one small contract for each sort of it. */

type Json = Readonly<Record<string, unknown>>;

const SCHEMES: Json = {
  header: { type: 'apiKey', in: 'header', name: 'X-Key' },
  queryKey: { type: 'apiKey', in: 'query', name: 'key' },
  queryToken: { type: 'apiKey', in: 'query', name: 'token' },
  session: { type: 'apiKey', in: 'cookie', name: 'sid' },
  whole: { type: 'apiKey', in: 'header', name: 'Authorization' },
  worded: { type: 'apiKey', in: 'header', name: 'Authorization' },
  user: { type: 'http', scheme: 'basic' },
  bearer: { type: 'http', scheme: 'bearer' },
  code: { type: 'oauth2', flows: { implicit: { authorizationUrl: 'https://example.com', scopes: {} } } },
  implicit: { type: 'oauth2', flows: { implicit: { authorizationUrl: 'https://example.com', scopes: {} } } },
  connect: { type: 'openIdConnect', openIdConnectUrl: 'https://example.com' },
  certificate: { type: 'mutualTLS' },
  digest: { type: 'http', scheme: 'digest' },
};

const ERROR = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string', minLength: 1 } },
};
const answer = (schema: Json): Json => ({ description: 'Some', content: { 'application/json': { schema } } });

/** `GET /things`, `GET /things/{id}` and `PUT /things/{id}`, each with the same security. */
async function contractOf(security: readonly Json[], other: Json = {}): Promise<Contract> {
  const responses = { '200': answer({ type: 'object' }), '401': answer(ERROR), '403': answer(ERROR) };
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: 't1' };
  const requestBody = { required: true, content: { 'application/json': { schema: { type: 'object' }, example: {} } } };
  const used = security.flatMap((alternative) => Object.keys(alternative));
  const document = {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    servers: [{ url: 'https://api.example.com/v1' }],
    security,
    components: {
      securitySchemes: Object.fromEntries(Object.entries(SCHEMES).filter(([name]) => used.includes(name))),
    },
    paths: {
      '/things': { get: { responses } },
      '/things/{id}': { parameters: [id], get: { responses }, put: { requestBody, responses } },
    },
    ...(used.includes('worded') && { 'x-authentication': { schemes: { worded: { word: 'Token' } } } }),
    ...other,
  };
  const folder = join(test.info().outputPath('specs'), 'things');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
  return loadContract(folder);
}

function outcomes(cells: readonly Cell[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { outcome } of cells) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function reasonsOf(cells: readonly Cell[], rule: string): readonly (string | undefined)[] {
  return [...new Set(cells.filter((cell) => cell.rule === rule).map(({ reason }) => reason))];
}

/** A sound server of the contract draws no complaint, leaves nothing unproven and makes no case crash. */
async function judged(contract: Contract): Promise<readonly Cell[]> {
  const { cells, mock } = await judgeMock({ contract });
  expect(complaintLines(cells, contract)).toEqual([]);
  const open = cells.filter(({ outcome }) => outcome === 'error' || outcome === 'not proven');
  expect(open.map(({ operation, rule, reason }) => `${operation} ${rule}: ${reason}`)).toEqual([]);
  expect(mock.effects).toEqual([]);
  return cells;
}

const sorts: Readonly<Record<string, readonly Json[]>> = {
  'a key in a header': [{ header: [] }],
  'a key in the query': [{ queryKey: [] }],
  'a key in a cookie': [{ session: [] }],
  'a key that is the whole of Authorization': [{ whole: [] }],
  'a key behind a word in Authorization': [{ worded: [] }],
  'a key behind a word, or in a header': [{ worded: [] }, { header: [] }],
  'user and password': [{ user: [] }],
  'a bearer token': [{ bearer: [] }],
  'an OAuth token with scopes': [{ code: ['things:read'] }],
  'an OpenID Connect token': [{ connect: ['things:read'] }],
  'two keys in the query together': [{ queryKey: [], queryToken: [] }],
  'a key in a header and a cookie together': [{ header: [], session: [] }],
  'a user and password, and a key in a header together': [{ user: [], header: [] }],
  'a user and password, or a key in a header': [{ user: [] }, { header: [] }],
  'a token, or two keys together': [{ bearer: [] }, { header: [], queryKey: [] }],
  'two OAuth flows for one token': [{ code: ['a'], implicit: ['a'] }],
  'a token with one of two scopes': [{ code: ['a'] }, { code: ['b'] }],
  'a key, or a certificate': [{ certificate: [] }, { header: [] }],
  'two keys together, or one of them with a token': [
    { header: [], queryKey: [] },
    { header: [], bearer: [] },
  ],
  'a key, or more than it takes': [{ header: [] }, { header: [], queryKey: [] }],
  'tokens of two schemes, which have one place': [{ code: ['a'] }, { connect: [] }],
  'a token with a scope, or one without': [{ code: ['a', 'b'] }, { code: [] }],
  'a key without scopes, beside a token with one': [{ connect: ['a'] }, { header: [] }],
};

for (const [title, security] of Object.entries(sorts)) {
  test(`${title}: a sound server draws no complaint, and all that applies is proven`, async () => {
    const cells = await judged(await contractOf(security));
    expect(outcomes(cells)['conforms']).toBeGreaterThan(60);
  });
}

test('an API at the root of its host, with an operation at the root and one that is HEAD', async () => {
  const responses = { '200': answer({ type: 'object' }), '401': answer(ERROR) };
  const empty = { '200': { description: 'There' }, '401': { description: 'Who?' } };
  const contract = await contractOf([{ header: [] }], {
    servers: [{ url: 'https://api.example.com' }],
    paths: { '/': { get: { responses } }, '/things': { get: { responses }, head: { responses: empty } } },
  });
  const cells = await judged(contract);
  expect(outcomes(cells)['conforms']).toBeGreaterThan(60);
});

test.describe('what makes no sense is not applicable, with the reason', () => {
  test('of a key in the query', async () => {
    const cells = await judged(await contractOf([{ queryKey: [] }]));
    expect(reasonsOf(cells, 'header-name-case')).toEqual(['queryKey is presented in no header']);
    expect(reasonsOf(cells, 'scheme-case')[0]).toBe('queryKey is presented without an authentication scheme');
    expect(reasonsOf(cells, 'repeated-credential')).toEqual(['the key of queryKey is in no header']);
    expect(reasonsOf(cells, 'malformed-field-line')).toEqual(['the key of queryKey is in no header']);
    expect(reasonsOf(cells, 'every-credential')).toEqual(['queryKey is a credential by itself']);
    expect(reasonsOf(cells, 'equivalent-forms')).toEqual(['the contract promises no second way that is equivalent']);
    expect(reasonsOf(cells, 'other-environment')).toEqual(['the contract names one environment']);
    expect(reasonsOf(cells, 'error-envelope')).toEqual(['the contract describes no error body']);
  });

  test('of two forms in one header', async () => {
    const cells = await judged(await contractOf([{ user: [] }, { bearer: [] }]));
    expect(reasonsOf(cells, 'conflicting-credentials')).toEqual([
      'both credentials belong in the header Authorization',
    ]);
  });

  for (const [security, reason] of [
    [[{ certificate: [] }], 'certificate is a certificate of the client (mutualTLS), and the settings name none'],
    [[{ digest: [] }], 'digest is the HTTP scheme digest, and this suite presents bearer and basic only'],
    [
      [{ user: [], bearer: [] }],
      'user and bearer are asked for together and both belong in header authorization, which a request has once',
    ],
  ] as const) {
    test(`where no request can present ${Object.keys(security[0]).join(' and ')}`, async () => {
      const cells = await judged(await contractOf(security));
      expect(outcomes(cells)).toEqual({ 'not applicable': cells.length });
      expect(reasonsOf(cells, 'missing-key')).toEqual([reason]);
      expect(reasonsOf(cells, 'error-envelope')).toEqual([reason]);
    });
  }
});

test.describe('operations that the contract opens', () => {
  test('one without security is held to be open, and to nothing else', async () => {
    const cells = await judged(await contractOf([]));
    expect(outcomes(cells)).toEqual({ conforms: 3, 'not applicable': cells.length - 3 });
    expect(reasonsOf(cells, 'missing-key')).toEqual(['the contract declares the operation public']);
  });

  test('one where the key is optional is not held to refuse who has none', async () => {
    const cells = await judged(await contractOf([{ header: [] }, {}]));
    const optional = 'the contract makes the credential optional there, so it promises no refusal';
    for (const rule of ['missing-key', 'invalid-key', 'strange-path'])
      expect(reasonsOf(cells, rule), rule).toEqual([optional]);
    for (const rule of ['valid-key', 'optional-credential'])
      expect(cells.filter((cell) => cell.rule === rule).map(({ outcome }) => outcome)).toEqual(
        Array(3).fill('conforms'),
      );
  });

  for (const security of [[], [{ header: [] }, {}]]) {
    test(`a server that asks for a key there contradicts the contract (${JSON.stringify(security)})`, async () => {
      const contract = await contractOf(security);
      const { cells } = await judgeMock({ contract, defect: { id: 'open-operation-locked' } });
      expect(complaintLines(cells, contract)).toEqual(['open-operation: open-operation (no-credential-needed)']);
    });
  }

  test('a bad key that opens what a good one opens, where the key is optional, is a violation', async () => {
    const contract = await contractOf([{ header: [] }, {}]);
    const { cells } = await judgeMock({ contract, defect: { id: 'optional-key-not-looked-up' } });
    expect(complaintLines(cells, contract)).toEqual([
      'optional-credential: never-issued-key-where-optional (opens-nothing) on safe operations',
    ]);
  });

  test('no key has to be given where none is asked for', async () => {
    const contract = await contractOf([]);
    const mock = await startMock({ ...mockOf(contract) });
    try {
      const { THINGS_API_KEY: _, ...settings } = mock.settings('sandbox');
      const target = readTarget(contract, settings);
      expect(target.keys.full.origin).toBe('made-up');
      expect((await preflight(contract, target)).problems).toEqual([]);
    } finally {
      await mock.close();
    }
  });
});

const BASE = { THINGS_BASE_URL: 'https://sandbox.example.com/v1', THINGS_ENVIRONMENT: 'sandbox' };

/** A request with its keys as they are sent. */
function inFull(request: PlannedRequest | undefined): unknown {
  const { target = [], headers = [], ...others } = request ?? {};
  return { ...others, target: openText(target), headers: headers.map(([name, value]) => [name, openText(value)]) };
}

test.describe('on the wire', () => {
  const sent = async (security: readonly Json[], variables: Variables, wanted: string): Promise<string[]> => {
    const contract = await contractOf(security);
    const target = readTarget(contract, { ...BASE, ...variables });
    const [operation] = contract.operations;
    const probes = operation ? planOperation(contract, target, operation, cases, new SchemaValidators(contract)) : [];
    return probes
      .filter(({ id, request }) => request && id.split('@')[0] === wanted)
      .flatMap(({ id, request }) => {
        const lines = request?.headers.filter(([name]) => name !== 'Accept') ?? [];
        return [
          `${id} ${openText(request?.target ?? [])}`,
          ...lines.map(([name, value]) => `${name}: ${openText(value)}`),
          ...lines.map(([name, value]) => `${name}: ${redactedText(value)}`).filter((line) => line.includes('«')),
        ];
      });
  };

  for (const key of ['zzzzzzzz', 'yyyyyyyy', 'ZZZZZZZZ', '00000000', '11111111', '-------x', 'xxxxxxxx']) {
    test(`what is to be refused is never what is accepted, for a key like ${key}`, async () => {
      for (const security of [[{ header: [] }], [{ bearer: [] }], [{ queryKey: [] }]]) {
        const contract = await contractOf(security);
        const target = readTarget(contract, { ...BASE, THINGS_API_KEY: key });
        for (const operation of contract.operations) {
          const probes = planOperation(contract, target, operation, cases, new SchemaValidators(contract));
          const valid = probes.find(({ id }) => id === 'valid-key')?.request;
          const refused = probes.filter(({ case: { control } }) => control !== undefined);
          expect(refused.length).toBeGreaterThan(50);
          for (const { id, request } of refused) expect(inFull(request), id).not.toEqual(inFull(valid));
        }
      }
    });
  }

  test('user and password are in base64, and shown as their variable', async () => {
    expect(await sent([{ user: [] }], { THINGS_API_KEY: 'ada:open sesame' }, 'valid-key')).toEqual([
      'valid-key /v1/things',
      `Authorization: Basic ${Buffer.from('ada:open sesame').toString('base64')}`,
      'Authorization: Basic «THINGS_API_KEY»',
    ]);
  });

  test('the word that the contract names stands before the key, and alone where there is no key', async () => {
    const variables = { THINGS_API_KEY: 'abcdefgh' };
    expect(await sent([{ worded: [] }], variables, 'valid-key')).toEqual([
      'valid-key /v1/things',
      'Authorization: Token abcdefgh',
      'Authorization: Token «THINGS_API_KEY»',
    ]);
    expect(await sent([{ worded: [] }], variables, 'empty-key')).toEqual([
      'empty-key /v1/things',
      'Authorization: Token',
    ]);
    expect(await sent([{ worded: [] }], variables, 'scheme-token')).toEqual([]);
    expect(await sent([{ whole: [] }], variables, 'no-scheme')).toEqual([]);
    expect(await sent([{ worded: [] }], variables, 'no-scheme')).toContain('Authorization: abcdefgh');
  });

  test('a key in the query is percent-encoded', async () => {
    expect(await sent([{ queryKey: [] }], { THINGS_API_KEY: 'a+b/c=d&e' }, 'valid-key')).toEqual([
      'valid-key /v1/things?key=a%2Bb%2Fc%3Dd%26e',
    ]);
  });

  test('several cookies are one header', async () => {
    const variables = { THINGS_API_KEY: 'abcdefgh', THINGS_KEY_SESSION: 'ijklmnop' };
    expect(await sent([{ header: [], session: [] }], variables, 'valid-key')).toEqual([
      'valid-key /v1/things',
      ...['X-Key: abcdefgh', 'Cookie: sid=ijklmnop'],
      ...['X-Key: «THINGS_API_KEY»', 'Cookie: sid=«THINGS_KEY_SESSION»'],
    ]);
  });

  test('two flows of OAuth are one token', async () => {
    expect(await sent([{ code: ['a'], implicit: ['a'] }], { THINGS_API_KEY: 'abcdefgh' }, 'valid-key')).toEqual([
      'valid-key /v1/things',
      'Authorization: Bearer abcdefgh',
      'Authorization: Bearer «THINGS_API_KEY»',
    ]);
  });

  test('of credentials that are asked for together each is left out once', async () => {
    const variables = { THINGS_API_KEY: 'abcdefgh', THINGS_KEY_QUERY_TOKEN: 'ijklmnop' };
    expect(await sent([{ queryKey: [], queryToken: [] }], variables, 'one-of-several-missing')).toEqual([
      'one-of-several-missing@queryKey+queryToken-without-queryKey /v1/things?token=ijklmnop',
      'one-of-several-missing@queryKey+queryToken-without-queryToken /v1/things?key=abcdefgh',
    ]);
  });
});

test.describe('settings', () => {
  const faultsOf = async (security: readonly Json[], variables: Variables): Promise<readonly string[]> => {
    try {
      readTarget(await contractOf(security), { ...BASE, ...variables });
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    }
  };

  test('a credential that is asked for together with the key is as necessary as the key', async () => {
    expect(await faultsOf([{ header: [], queryKey: [], user: [] }], {})).toEqual([
      'THINGS_API_KEY is not set: give a key with full access to the target, because without one no refusal proves anything.',
      'THINGS_KEY_QUERY_KEY is not set: give the credential of the scheme queryKey, because no operation accepts THINGS_API_KEY alone.',
      'THINGS_KEY_USER is not set: give the credential of the scheme user, because no operation accepts THINGS_API_KEY alone.',
    ]);
  });

  test('one that is an alternative is not', async () => {
    expect(await faultsOf([{ header: [] }, { user: [] }], { THINGS_API_KEY: 'abcdefgh' })).toEqual([]);
  });

  test('user and password are told from a key', async () => {
    const variables = { THINGS_API_KEY: 'a;b', THINGS_KEY_USER: 'abcdefgh' };
    expect(await faultsOf([{ user: [], session: [] }], variables)).toEqual([
      'THINGS_API_KEY holds a character that a cookie cannot carry: copy the key again.',
      'THINGS_KEY_USER is no user and password of the scheme user: write user:password.',
    ]);
  });

  test('the whole of Authorization may be a word and a key', async () => {
    expect(await faultsOf([{ whole: [] }], { THINGS_API_KEY: 'Token abcdefgh' })).toEqual([]);
    expect(await faultsOf([{ header: [] }], { THINGS_API_KEY: 'Token abcdefgh' })).toEqual([
      'THINGS_API_KEY holds a space or a character that a header cannot carry: copy the key again.',
    ]);
  });

  test('a word that the contract names is no part of the key', async () => {
    expect(await faultsOf([{ worded: [] }], { THINGS_API_KEY: 'Token abcdefgh' })).toEqual([
      'THINGS_API_KEY begins with the word Token, which the run writes before the key: give the key alone.',
    ]);
    expect(await faultsOf([{ worded: [] }], { THINGS_API_KEY: 'abcdefgh' })).toEqual([]);
  });

  test('an environment has to be said where the contract names none', async () => {
    expect(await faultsOf([{ header: [] }], { THINGS_API_KEY: 'abcdefgh', THINGS_ENVIRONMENT: undefined })).toEqual([
      'THINGS_ENVIRONMENT is not set and the contract does not say which environment a server is: say production or sandbox.',
    ]);
  });
});

test('an API of nothing but POST is tried in the way that has no effect', async () => {
  const contract = await contractOf([{ header: [] }, { user: [] }]);
  const [, , put] = contract.operations;
  const only = { ...contract, operations: put ? [put] : [] };
  const mock = await startMock({ ...mockOf(only) });
  try {
    expect((await preflight(only, readTarget(only, mock.settings('sandbox')))).problems).toEqual([]);
    const wrong = {
      ...mock.settings('sandbox'),
      THINGS_API_KEY: 'never-issued',
      THINGS_KEY_USER: 'nobody:never-issued',
    };
    expect((await preflight(only, readTarget(only, wrong))).problems).toEqual([
      expect.stringMatching(
        /^THINGS_API_KEY is accepted by no operation of \S+ \(status 401\): give a full-access key of sandbox\.$/,
      ),
    ]);
    expect(mock.effects).toEqual([]);
  } finally {
    await mock.close();
  }
});

test('on production a key is in the URL where the contract puts it, and nowhere else', async () => {
  const contract = await contractOf([{ queryKey: [] }]);
  const variables = { ...BASE, THINGS_ENVIRONMENT: 'production', THINGS_API_KEY: 'a+b/c=d&efgh' };
  const target = readTarget(contract, variables);
  const origin = new URL(target.baseUrl);
  for (const operation of contract.operations.filter(({ isSafe }) => isSafe)) {
    for (const { id, request } of planOperation(contract, target, operation, cases, new SchemaValidators(contract)))
      if (request?.via === 'base') expect(reasonNotToSend(request, origin, target, contract), id).toBeUndefined();
  }
  const elsewhere = { via: 'base', method: 'GET', headers: [], inert: true } as const;
  const target2 = ['/v1/things?other=', target.keys.full];
  expect(reasonNotToSend({ ...elsewhere, target: target2 }, origin, target, contract)).toContain('kept in logs');
});
