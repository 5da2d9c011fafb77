import { expect, test } from '@playwright/test';
import type { DefectId } from '../../mock/defects/index.ts';
import type { Behind } from '../support/behind.ts';
import { judgeBehind } from '../support/behind.ts';

/** Many names are tried in one request; where one of them counts, the finding says which. */

const named: Readonly<Partial<Record<DefectId, readonly [operation: string, name: string]>>> = {
  'key-in-query-camel-case': ['GET /contacts', 'apiKey in the query'],
  'key-in-query-as-in-header': ['GET /contacts', 'X-API-Key in the query'],
  'query-token-answers-500': ['GET /contacts', 'access_token in the query'],
  'key-in-cookie': ['GET /contacts', 'X-API-Key in a cookie'],
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
  test(`${id}: the finding names ${name} and nothing else`, async () => {
    const { cells, seen } = await judged(operation, id);
    const found = cells.find(({ rule }) => rule === 'undocumented-credential');
    const actual = found?.cases.flatMap(({ unmet }) => unmet.map((one) => one.actual)) ?? [];
    expect(actual).toHaveLength(1);
    expect(actual[0]).toMatch(new RegExp(`^the key counts as ${name}: \\d{3} `));

    const usual = (await judged(operation)).seen.length;
    // One for each name of the one place, and on a form the comparison with a key that was never issued.
    expect(seen.length - usual).toBeGreaterThan(5);
    expect(seen.length - usual).toBeLessThan(12);
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
