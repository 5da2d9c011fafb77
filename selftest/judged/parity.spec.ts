import { expect, test } from '@playwright/test';
import { parityOf, parityText } from '../../src/reporting/parity.ts';
import { judgedReport } from '../support/judged-report.ts';

/** Production is sent less than a sandbox, and names both of them what its contract calls them. */

const operations = ['GET /contacts', 'POST /contact'];

test('a sandbox and a production that answer alike have no difference, and what production is not sent is counted', async () => {
  const { report: sandbox } = await judgedReport({ operations });
  const { report: production } = await judgedReport({ operations, environment: 'production' });
  const { differences, compared, leftOut } = parityOf(sandbox, production);
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(50);
  expect(leftOut).toBeGreaterThan(0);
  expect(parityText(sandbox, production)).toContain(`${sandbox.target.baseUrl} and ${production.target.baseUrl}: no`);
});

test('a sandbox that answers unlike production differs where it does, by the addresses of both', async () => {
  const defect = { id: 'sandbox-answers-unlike-production' } as const;
  const { report: sandbox } = await judgedReport({ operations, defect });
  const { report: production } = await judgedReport({ operations, defect, environment: 'production' });
  expect(parityOf(sandbox, production).differences).toContainEqual({
    ...{ operation: 'GET /contacts', case: 'no-key', one: 'status 403', other: 'status 401' },
  });
  expect(parityText(sandbox, production)).toContain(
    `case no-key: status 403 at ${sandbox.target.baseUrl}, status 401 at ${production.target.baseUrl}\n    GET /contacts`,
  );
});
