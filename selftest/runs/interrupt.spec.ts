import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { newAjv } from '../../src/openapi/json-schema.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { rules } from '../../tests/catalogue/index.ts';
import { begin, type CommandLine } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { intercept, type Seen } from '../support/interceptor.ts';

test.describe.configure({ timeout: 120_000 });

const FIRST = 'GET /contacts';
const SECOND = 'GET /conversations';

/** A run that is interrupted, as by Ctrl-C, when a request arrives that `when` picks; that one is never answered. */
async function interrupted(info: TestInfo, when: (seen: Seen) => boolean): Promise<CommandLine> {
  const mock = await startMock({ ...mockOf(await huechat()) });
  let interrupt = (): void => undefined;
  const interceptor = await intercept(mock, {
    meddle: (seen) => {
      if (!when(seen)) return 'pass';
      interrupt();
      return 'answered';
    },
  });
  try {
    const CONTRACT = copyContract(info.outputPath(), [FIRST, SECOND]);
    const { child, ended } = begin({ folder: info.outputPath(), variables: { ...interceptor.settings, CONTRACT } });
    interrupt = () => {
      interrupt = () => undefined;
      child.kill('SIGINT');
    };
    return await ended;
  } finally {
    await interceptor.close();
    await mock.close();
  }
}

function reportOf({ reports }: CommandLine): Conformance {
  const schema = JSON.parse(readFileSync('schemas/conformance.schema.json', 'utf8')) as object;
  const ajv = newAjv({ strict: true });
  const report = JSON.parse(readFileSync(join(reports, 'conformance.json'), 'utf8')) as Conformance;
  ajv.validate(schema, report);
  expect(ajv.errors ?? []).toEqual([]);
  return report;
}

test('Ctrl-C in the middle of a run leaves what is judged by then, and says that it is not all', async ({}, info) => {
  const ran = await interrupted(
    info,
    ({ target, head }) => target.startsWith('/v2/conversations') && head.includes('(no-key;'),
  );
  const report = reportOf(ran);
  const planned = 2 * rules.length;
  expect(report).toMatchObject({
    verdict: 'error',
    partial: true,
    reason: `the run was interrupted after ${rules.length} of ${planned} cells`,
  });
  expect(report.cells.filter(({ operation }) => operation !== FIRST)).toEqual([]);
  expect(report.cells.filter(({ outcome }) => outcome === 'conforms').length).toBeGreaterThan(rules.length / 2);
  expect(ran.out).toContain(
    `verdict: error (partial): the run was interrupted after ${rules.length} of ${planned} cells`,
  );
  expect(ran.code).toBe(2);
});

test('Ctrl-C before anything is judged says so as well', async ({}, info) => {
  const ran = await interrupted(info, () => true);
  expect(reportOf(ran)).toMatchObject({ verdict: 'error', partial: true, cells: [] });
  expect(ran.code).toBe(2);
});
