import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { newAjv } from '../../src/openapi/json-schema.ts';
import { cellId } from '../../src/model/cell-id.ts';
import { signsOf } from '../../src/judging/causes.ts';
import { composeReport } from '../../src/reporting/compose.ts';
import { reportCell } from '../../src/reporting/conformance.ts';
import type { ReportedOperation } from '../../src/reporting/playwright-notes.ts';
import manifest from '../../package.json' with { type: 'json' };
import { catalogue } from '../../tests/catalogue/index.ts';
import { huechat, type JudgeOptions, judgeMock } from '../support/harness.ts';

test('a report with every outcome is valid', async () => {
  const contract = await huechat();
  const judged: JudgeOptions[] = [
    {},
    { defect: { id: 'revoked-key-accepted' } },
    { defect: { id: 'header-name-case-sensitive' }, variables: { HUECHAT_SCOPED_KEYS: '' } },
    { defect: { id: 'untrusted-certificate' } },
  ];
  const known = {
    rule: 'revoked-key',
    operation: '*',
    environment: '*',
    reason: 'it is known',
    owner: 'nobody',
    link: 'https://example.com/1',
    expires: '2999-12-31',
  };
  const operations = new Map<string, ReportedOperation>();
  for (const [index, options] of judged.entries()) {
    const operation = contract.operations[index]?.id ?? '';
    const { cells, requests, asked } = await judgeMock({ ...options, operations: (id) => id === operation });
    const reported = cells.map((cell) => reportCell(cell, cell.outcome === 'violates' ? known : undefined));
    const [one] = asked;
    if (!one) throw new Error(`${operation} was not judged`);
    operations.set(operation, {
      operation,
      requests,
      cells: reported,
      fingerprints: {},
      signs: signsOf(one),
      unprovenHarmless: 1,
    });
  }
  const report = composeReport({
    ...{ contract, catalogue, operations },
    ...{ version: manifest.version, startedAt: new Date(), durationMs: 1.5 },
    ended: new Set(
      [...operations.keys()].flatMap((operation) => catalogue.rules.map(({ id }) => cellId({ rule: id, operation }))),
    ),
    target: { baseUrl: 'https://127.0.0.1:1/v2', environment: 'sandbox', requests: 1 },
    ...{ strict: new Set(), known: [known], today: '2026-01-01', interrupted: true, planned: 1 },
  });
  const ajv = newAjv({ strict: true });
  ajv.validate(
    JSON.parse(readFileSync('schemas/conformance.schema.json', 'utf8')) as object,
    JSON.parse(JSON.stringify(report)),
  );
  expect(ajv.errors ?? []).toEqual([]);
  expect(Object.entries(report.counts).filter(([, count]) => count === 0)).toEqual([]);
});
