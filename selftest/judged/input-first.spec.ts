import { expect, test } from '@playwright/test';
import type { Conformance } from '../../src/reporting/conformance.ts';
import type { Meddle } from '../support/interceptor.ts';
import { judgedReport } from '../support/judged-report.ts';

/** An API that looks at the input, or for the resource, before it looks at the key. */

const OPERATIONS = ['GET /contacts', 'POST /contact', 'GET /contact/{identifier}', 'PUT /contact/{identifier}'];
const ALLOWED = { HUECHAT_SANDBOX_WRITES: 'allow' };

const rulesWith = ({ cells }: Conformance, outcome: string): readonly string[] => [
  ...new Set(cells.filter((cell) => cell.outcome === outcome).map(({ rule }) => rule)),
];

for (const id of ['validation-before-authentication', 'unknown-id-before-authentication'] as const) {
  test(`${id}: valid requests prove every cell where writing is allowed, and only the order is wrong`, async () => {
    const { report } = await judgedReport({
      ...{ defect: { id }, operations: OPERATIONS, strict: ['proven'] },
      variables: ALLOWED,
    });
    expect(rulesWith(report, 'not proven')).toEqual([]);
    expect(rulesWith(report, 'violates')).toEqual(['authentication-first']);
    expect([...rulesWith(report, 'deviates'), ...rulesWith(report, 'error')]).toEqual([]);
  });

  test(`${id}: where writing is not allowed, each cell that is not proven names the setting`, async () => {
    const { report } = await judgedReport({
      defect: { id },
      operations: OPERATIONS,
      only: ['invalid-key', 'revoked-key'],
    });
    const open = report.cells.filter(({ outcome }) => outcome === 'not proven');
    expect(open.length).toBeGreaterThan(0);
    const variables = open.flatMap(({ cases }) => cases.filter((one) => one.outcome === 'not proven'));
    expect(new Set(variables.map(({ variable }) => variable))).toEqual(new Set(['HUECHAT_SANDBOX_WRITES']));
  });
}

test('a hole behind the input check is found by a valid request, and no cause hides it', async () => {
  const { report } = await judgedReport({
    defect: { id: 'revoked-key-accepted' },
    operations: ['PUT /contact/{identifier}'],
    meddle: validatesFirst,
    variables: ALLOWED,
  });
  const revoked = report.cells.find(({ rule }) => rule === 'revoked-key');
  expect(revoked).toMatchObject({ outcome: 'violates' });
  expect(revoked?.cause).toBeUndefined();
  expect(revoked?.cases[0]).toMatchObject({ case: 'revoked-key-valid-request', status: 200 });
  expect(report.cases.map(({ id }) => id)).toContain('revoked-key-valid-request');
});

test('an API that looks at the key first is sent no request twice', async () => {
  const count = async (variables: Readonly<Record<string, string>>): Promise<number> => {
    const { report } = await judgedReport({ operations: ['PUT /contact/{identifier}'], variables });
    return report.requests;
  };
  // Two cases are about a key without the scope and a valid request, in two security alternatives.
  expect((await count(ALLOWED)) - (await count({}))).toBeLessThanOrEqual(4);
});

/** What the suite sends as a body that is refused has a list for a name; nobody gets past it, whoever they are. */
const validatesFirst: Meddle = ({ method, via, body: sent }, socket) => {
  if (method !== 'PUT' || via !== 'base' || sent !== '{"first_name":[]}') return 'pass';
  const body = '{"error":"invalid_input","message":"The request is not valid","code":400}';
  const lines = ['HTTP/1.1 400 Bad Request', 'Content-Type: application/json', `Content-Length: ${body.length}`];
  socket.write([...lines, '', body].join('\r\n'));
  return 'answered';
};
