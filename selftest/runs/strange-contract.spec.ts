import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { conformance, FEW_REPORTERS, reportOf } from '../support/command-line.ts';
import { record } from '../support/recorder.ts';
import { hostileDocuments } from '../support/strange-documents.ts';

/** What a shell would carry out, in each of its spellings. */
const FOLDER = `$(touch made-by-folder) \`touch made-by-folder\` "; touch made-by-folder; '\n touch made-by-folder #`;

test('no shell reads the name of a folder, and nothing of a title is a setting', async ({}, info) => {
  test.setTimeout(120_000);
  const recorder = await record();
  const contract = join(info.outputPath(), FOLDER, 'acme');
  mkdirSync(contract, { recursive: true });
  const temporary = join(info.outputPath(), '$(touch made-by-folder) `touch made-by-folder`');
  mkdirSync(temporary, { recursive: true });
  const { 'title-as-setting': document } = hostileDocuments('../canary.json', recorder.port);
  writeFileSync(join(contract, 'openapi.json'), JSON.stringify(document));
  const run = await conformance({
    variables: { CONTRACT: contract, TMPDIR: temporary },
    folder: info.outputPath(),
    args: [...FEW_REPORTERS, '-g', 'missing-key'],
  });
  expect([run.code, run.err]).toEqual([0, '']);
  expect(run.out).toContain('Acme ACME_BASE_URL=http://127.0.0.1:');
  expect(reportOf(run).target.mock).toBe(true);
  expect(recorder.connections).toBe(0);
  await recorder.close();
  const files = [...readdirSync('.'), ...readdirSync(info.outputPath(), { recursive: true }).map(String)];
  expect(files.filter((file) => /(?:^|\/)made-by/.test(file))).toEqual([]);
});
