import { expect, test } from '@playwright/test';
import { readTarget } from '../../src/config/read-target.ts';
import type { Variables } from '../../src/config/variables.ts';
import { look } from '../../src/guided/look.ts';
import { HttpSender } from '../../src/http/sender.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { PathValues } from '../../src/model/target.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { Engine } from '../../src/run/engine.ts';
import { readPathValues, requestsForPathValues } from '../../src/run/path-values.ts';
import { type Preflight, preflight } from '../../src/run/preflight.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { contractOfDocument } from '../support/contract-of-document.ts';
import { answerOf, record } from '../support/recorder.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz0123';

/** Documents of name servers: no example anywhere, one list below another, and one whose name is the plural. */
async function nameServers(): Promise<Contract> {
  const parameter = (name: string, schema = {}): object => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', ...schema },
  });
  const server = parameter('server_id');
  const operation = (...parameters: object[]): object => ({
    parameters,
    responses: { '200': { description: 'Success' } },
  });
  return contractOfDocument(test.info().outputPath('openapi.json'), {
    openapi: '3.1.0',
    info: { title: 'Name servers', version: '1' },
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-API-Key' } } },
    paths: {
      '/servers': { get: operation() },
      '/servers/{server_id}': { get: operation(server) },
      '/servers/{server_id}/zones': { get: operation(server) },
      '/servers/{server_id}/zones/{zone_id}': {
        get: operation(server, parameter('zone_id', { pattern: '\\.$' })),
        delete: operation(server, parameter('zone_id', { pattern: '\\.$' })),
      },
      '/policies': { get: operation() },
      '/policy/{policyId}': { get: operation(parameter('policyId')) },
      '/elsewhere/{id}': { get: operation(parameter('id')) },
    },
  });
}

const LISTS: Readonly<Record<string, string>> = {
  '/servers': '[{"id":"localhost","type":"Server"}]',
  '/servers/localhost/zones': '{"data":{"zones":[{"id":"no-dot"},{"zoneId":"example.org."}]}}',
  '/policies': '{"policies":[{"name":"strict","policy_id":7}]}',
};

interface Asked {
  readonly values: PathValues;
  readonly bytes: string;
  readonly planned: number;
}

async function ask(environment: 'production' | 'sandbox', variables: Variables = {}): Promise<Asked> {
  const recorder = await record((head) => {
    const path = head.split(' ')[1] ?? '';
    const isKnown = `${head}\r\n`.includes(`X-API-Key: ${KEY}\r\n`) && path in LISTS;
    return isKnown ? answerOf(200, LISTS[path]) : answerOf(404);
  });
  const contract = await nameServers();
  const target = readTarget(contract, {
    API_BASE_URL: `http://127.0.0.1:${recorder.port}`,
    API_ENVIRONMENT: environment,
    API_API_KEY: KEY,
    ...variables,
  });
  const wire = new HttpSender(contract, target, { tries: 1 });
  try {
    const values = await readPathValues(contract, target, wire, new SchemaValidators(contract));
    return { values, bytes: recorder.bytes, planned: requestsForPathValues(contract, target) };
  } finally {
    await wire.close();
    await recorder.close();
  }
}

const linesOf = (bytes: string): readonly string[] => bytes.match(/^[A-Z]+ \S+(?= HTTP)/gm) ?? [];

for (const environment of ['production', 'sandbox'] as const) {
  test(`the lists of ${environment} show what nothing else gives, each asked once by GET`, async () => {
    const { values, bytes, planned } = await ask(environment);
    expect(values.read).toEqual({
      '/servers/{server_id}': 'localhost',
      '/servers/{server_id}/zones/{zone_id}': 'example.org.',
      '/policy/{policyId}': '7',
    });
    const lines = linesOf(bytes);
    expect(lines.toSorted()).toEqual(['GET /policies', 'GET /servers', 'GET /servers/localhost/zones']);
    expect(lines).toHaveLength(planned);
  });
}

test('what a setting gives is not asked for, and leads to the lists below it', async () => {
  const { values, bytes } = await ask('sandbox', { API_PATH_VALUES: 'server_id=localhost;policyId=1' });
  expect(values).toEqual({
    given: { server_id: 'localhost', policyId: '1' },
    read: { '/servers/{server_id}/zones/{zone_id}': 'example.org.' },
  });
  expect(linesOf(bytes)).toEqual(['GET /servers/localhost/zones']);
});

test('nothing is asked for where a setting says so', async () => {
  const { values, bytes, planned } = await ask('sandbox', { API_READ_IDS: 'off' });
  expect(values).toEqual({ given: {}, read: {} });
  expect(bytes).toBe('');
  expect(planned).toBe(0);
});

test('a list that refuses the key or shows nothing leaves the sample', async () => {
  const { values } = await ask('sandbox', { API_API_KEY: `${KEY}4` });
  expect(values.read).toEqual({});
});

test('the cases of an operation are sent to what the lists show, and change nothing of it', async () => {
  const recorder = await record((head) => answerOf(200, LISTS[head.split(' ')[1] ?? '']));
  const contract = await nameServers();
  const target = readTarget(contract, {
    API_BASE_URL: `http://127.0.0.1:${recorder.port}`,
    API_ENVIRONMENT: 'sandbox',
    API_API_KEY: KEY,
  });
  const engine = new Engine(contract, target, { ...catalogue, crossOperationRules: [] }, { tries: 1 });
  try {
    for (const operation of contract.operations.filter(({ path }) => path.endsWith('{zone_id}')))
      await engine.exchangesOf(operation);
  } finally {
    await engine.close();
    await recorder.close();
  }
  const lines = linesOf(recorder.bytes);
  expect(lines).toContain('GET /servers/localhost/zones/example.org.');
  expect(recorder.bytes.match(/\(path-values;/g)).toHaveLength(requestsForPathValues(contract, target));
  const changes = lines.filter((line) => line.startsWith('DELETE'));
  expect(changes.length).toBeGreaterThan(20);
  for (const line of changes) expect(line).not.toContain('example.org');
});

test.describe('before a run, of an API whose operations almost all stand below an id', () => {
  test('the ids that the list shows lead to them, so that the run begins with what was read', async () => {
    const { found, bytes } = await beforeRun({});
    expect(found.problems).toEqual([]);
    expect(found.pathValues?.read).toMatchObject({ '/servers/{server_id}': 'localhost' });
    expect(bytes.match(/^GET \/servers HTTP/gm)?.length).toBeLessThan(4);
  });

  test('where none can be read, one sentence names all that is to be given', async () => {
    const { found } = await beforeRun({ API_READ_IDS: 'off' });
    expect(found.problems).toEqual([
      '10 of 11 readable operations give the full-access key the same response as a path that does not exist (status 404): set API_PATH_VALUES to ids that exist (server_id=…;part_id=…), or correct API_BASE_URL.',
    ]);
  });
});

async function beforeRun(variables: Variables): Promise<{ readonly found: Preflight; readonly bytes: string }> {
  const recorder = await record((head) => {
    const path = head.split(' ')[1] ?? '';
    if (path === '/servers') return answerOf(200, LISTS['/servers']);
    return path.startsWith('/servers/localhost/') ? answerOf(200, '[{"id":"p1"}]') : answerOf(404);
  });
  const names = (path: string): string[] => [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
  const below = [1, 2, 3, 4, 5].flatMap((part) => [
    `/servers/{server_id}/part${part}`,
    `/servers/{server_id}/part${part}/{part_id}`,
  ]);
  const contract = await contractOfDocument(test.info().outputPath('below.json'), {
    openapi: '3.1.0',
    info: { title: 'Servers', version: '1' },
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-API-Key' } } },
    paths: Object.fromEntries(
      ['/servers', ...below].map((path) => [
        path,
        {
          get: {
            parameters: names(path).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
            responses: { '200': { description: 'Success' } },
          },
        },
      ]),
    ),
  });
  const target = readTarget(contract, {
    API_BASE_URL: `http://127.0.0.1:${recorder.port}`,
    API_ENVIRONMENT: 'sandbox',
    API_API_KEY: KEY,
    ...variables,
  });
  try {
    return { found: await preflight(contract, target, { tries: 1 }), bytes: recorder.bytes };
  } finally {
    await recorder.close();
  }
}

test.describe('a first look at a target', () => {
  async function looked(base: string, environment: string, answer: (path: string) => string | undefined) {
    const recorder = await record((head) => {
      const body = answer(head.split(' ')[1] ?? '');
      return body === undefined ? answerOf(404) : answerOf(200, body);
    });
    const variables = {
      API_BASE_URL: `http://127.0.0.1:${recorder.port}${base}`,
      API_ENVIRONMENT: environment,
      API_API_KEY: KEY,
    };
    try {
      return { found: await look(await nameServers(), variables, { tries: 1 }), lines: linesOf(recorder.bytes) };
    } finally {
      await recorder.close();
    }
  }

  test('on a sandbox finds the ids of its lists, by reads alone', async () => {
    const { found, lines } = await looked('', 'sandbox', (path) => LISTS[path]);
    expect(found).toEqual({
      ids: {
        server_id: { value: 'localhost', list: 'GET /servers' },
        zone_id: { value: 'example.org.', list: 'GET /servers/{server_id}/zones' },
        policyId: { value: '7', list: 'GET /policies' },
      },
    });
    expect(lines.filter((line) => !line.startsWith('GET '))).toEqual([]);
  });

  test('on production asks for no id', async () => {
    const { found, lines } = await looked('', 'production', (path) => LISTS[path]);
    expect(found).toEqual({ ids: {} });
    expect(lines).toEqual(['GET /servers']);
  });

  test('says that nothing is there where everything is 404, and nothing where nobody responds or no key is set', async () => {
    const { found } = await looked('/v9', 'sandbox', (path) => LISTS[path]);
    expect(found).toEqual({ ids: {}, nowhere: 'GET /servers and 1 more get 404' });
    const contract = await nameServers();
    const silent = { API_BASE_URL: 'http://127.0.0.1:1', API_ENVIRONMENT: 'sandbox' };
    expect(await look(contract, silent)).toBeUndefined();
    expect(await look(contract, { ...silent, API_API_KEY: KEY })).toBeUndefined();
  });
});
