import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import type { DefectId } from '../../mock/defects/index.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { judge } from '../../src/judging/judge.ts';
import { Engine } from '../../src/run/engine.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import type { Behind } from '../support/behind.ts';
import { judgeBehind } from '../support/behind.ts';
import { contractOfDocument } from '../support/contract-of-document.ts';

const KEY = 'thg_Yk3Qz81LmPv7RtXw2BcD5sFg';

/**
 * Many names are tried in one request; where one of them counts, the finding says which. The tables hold words, not names, so
 * that a name is tried which nobody has reported yet.
 */

/** The mock reads names in any case where a defect has it take the one of the header. */
const named: Readonly<Partial<Record<DefectId, readonly [operation: string, name: string]>>> = {
  'key-in-query-camel-case': ['GET /contacts', 'apiKey in the query'],
  'key-in-query-as-in-header': ['GET /contacts', 'x-api-key in the query, as X-API-Key in the query'],
  'query-token-answers-500': ['GET /contacts', 'access_token in the query'],
  'key-in-cookie': ['GET /contacts', 'x-api-key in a cookie, as X-API-Key in a cookie'],
  'key-in-form': ['PUT /contact/{identifier}', 'access_token in a form'],
};

function judged(operation: string, id?: DefectId): Promise<Behind> {
  return judgeBehind({
    ...(id && { defect: { id } }),
    operations: (one) => one === operation,
    by: ['undocumented-credential', 'missing-key'],
  });
}

for (const [id, [operation, name]] of Object.entries(named) as [DefectId, readonly [string, string]][])
  test(`${id}: the finding names ${name}, and nothing else`, async () => {
    const { cells, seen } = await judged(operation, id);
    const found = cells.find(({ rule }) => rule === 'undocumented-credential');
    const actual = found?.cases.flatMap(({ unmet }) => unmet.map((one) => one.actual)) ?? [];
    expect(actual).toHaveLength(1);
    expect(actual[0]).toMatch(new RegExp(`^the key counts as ${name}: \\d{3} `));

    const usual = (await judged(operation)).seen.length;
    // Halves down to the one name, and on a form the comparison with a key that was never issued.
    expect(seen.length - usual).toBeGreaterThan(5);
    expect(seen.length - usual).toBeLessThan(20);
  });

test('the name of the documented header counts in the query in small letters: the finding says so', async () => {
  const { cells } = await judgeBehind({
    operations: (one) => one === 'GET /contacts',
    by: ['undocumented-credential', 'missing-key'],
    meddle: ({ head }, socket) => {
      if (!/^GET \S*[?&]x-api-key=/.test(head)) return 'pass';
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"data":[]}');
      return 'answered';
    },
  });
  const found = cells.find(({ rule }) => rule === 'undocumented-credential');
  expect(found?.cases.flatMap(({ unmet }) => unmet.map((one) => one.actual)).join()).toContain(
    'the key counts as x-api-key in the query: ',
  );
});

test('a key that counts as a bearer token is found where the contract documents none', async ({}, info) => {
  const contract = await contractOfDocument(info.outputPath('openapi.json'), {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    servers: [{ url: 'https://api.example.com/v1' }],
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    security: [{ key: [] }],
    paths: { '/things': { get: { responses: { 200: { description: 'Things' }, 401: { description: 'No' } } } } },
  });
  const server = createServer(({ headers, url }, response) => {
    const key = headers['x-key'] ?? /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1];
    response.setHeader('Content-Type', 'application/json');
    response.statusCode = url?.startsWith('/v1/things') !== true ? 404 : key === KEY ? 200 : 401;
    response.end(JSON.stringify(response.statusCode === 200 ? { things: [] } : { error: 'no' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const settings = { API_BASE_URL: `http://127.0.0.1:${port}/v1`, API_ENVIRONMENT: 'sandbox', API_API_KEY: KEY };
  const engine = new Engine(contract, readTarget(contract, settings), catalogue, { tries: 1 });
  try {
    const [operation] = contract.operations;
    const rule = catalogue.rules.find(({ id }) => id === 'undocumented-credential');
    if (!operation || !rule) throw new Error('the operation or the rule is not there');
    const { cases } = judge(rule, await engine.exchangesOf(operation));
    const actual = cases.flatMap(({ unmet }) => unmet.map((one) => one.actual));
    expect(actual).toHaveLength(1);
    expect(actual[0]).toMatch(/^the key counts as Authorization: Bearer in a header: 200 /);
  } finally {
    await engine.close();
    server.close();
  }
});

test('several that count are all named', async () => {
  const { cells } = await judgeBehind({
    operations: (one) => one === 'GET /contacts',
    by: ['undocumented-credential', 'missing-key'],
    meddle: ({ head }, socket) => {
      if (!/^get \S*[?&](token|key)=/i.test(head)) return 'pass';
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"data":[]}');
      return 'answered';
    },
  });
  const found = cells.find(({ rule }) => rule === 'undocumented-credential');
  expect(found?.cases.flatMap(({ unmet }) => unmet.map((one) => one.actual)).join()).toContain(
    'the key counts as key in the query, as token in the query: ',
  );
});

const tables = readdirSync('tests/catalogue/names').map((file) =>
  readFileSync(`tests/catalogue/names/${file}`, 'utf8'),
);

/** Names as no report and no table has them. */
const nowhereWritten = [
  { rule: 'gateway-claim', name: 'X-Authenticated-Role', says: 'what opens is X-Authenticated-Role: admin' },
  { rule: 'gateway-claim', name: 'X-Consumer-Groups', says: 'what opens is X-Consumer-Groups: admin' },
  { rule: 'gateway-claim', name: 'Source-Addr', says: 'what opens is Source-Addr: 127.0.0.1' },
  { rule: 'undocumented-credential', name: 'X-Session-Id', says: 'the key counts as X-Session-Id in a header' },
];

for (const { rule, name, says } of nowhereWritten)
  test(`${name} is in no table, and the finding names it where it opens`, async () => {
    expect(tables.join('\n').toLowerCase()).not.toContain(name.toLowerCase());
    const line = new RegExp(`^${name}: `, 'im');
    const { cells, seen } = await judgeBehind({
      operations: (one) => one === 'GET /contacts',
      by: [rule, 'missing-key'],
      meddle: ({ head }, socket) => {
        if (!line.test(head)) return 'pass';
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"data":[]}');
        return 'answered';
      },
    });
    const unmet = cells.filter((cell) => cell.rule === rule).flatMap(({ cases }) => cases.flatMap((one) => one.unmet));
    expect(unmet.map(({ actual }) => actual).join('\n')).toContain(says);
    // Each further name costs a few requests at most: halves, and halves of the half that opens.
    expect(seen.filter(({ head }) => line.test(head)).length).toBeLessThan(40);
  });
