import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { type Gap, gapKinds, gapsOf } from '../../src/authoring/gaps.ts';
import { contractOf, readDocument } from '../../src/openapi/load-contract.ts';
import type { JsonObject } from '../../src/openapi/json-pointer.ts';
import { SourceFiles } from '../../src/openapi/source-files.ts';
import { HEAD, KEY, operation, REFUSED } from '../support/gap-documents.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The document is not validated, which would take longer than all else; the command-line tests validate the like. */
async function gapsIn(paths: Readonly<Record<string, string>>): Promise<readonly Gap[]> {
  const lines = Object.entries(paths).map(([path, item]) => `  ${path}:\n    ${item}\n`);
  const file = test.info().outputPath('openapi.yaml');
  writeFileSync(file, `${HEAD}paths:\n${lines.join('')}`);
  const sources = await SourceFiles.read(file);
  return gapsOf(contractOf(sources.value as JsonObject, 'things', sources), sources);
}

const ID = ' parameters: [{ name: id, in: path, required: true, schema: { type: string } }],';
const SCOPED = 'security: [{ token: [read] }],';

const samples: Readonly<Record<string, readonly [paths: Readonly<Record<string, string>>, ...found: string[]]>> = {
  'nothing is missing': [{ '/a': operation(KEY), '/b': operation(SCOPED), '/c': operation('security: [],') }],
  'no word about security': [{ '/a': operation('') }, 'no-security 18'],
  'no answer to a missing key': [{ '/a': operation(KEY, "'404': { description: No }") }, 'no-missing-key-answer 18'],
  'an answer for a range or for everything else': [
    {
      '/a': operation(KEY, "'4XX': { $ref: '#/components/responses/Refused' }"),
      '/b': operation(SCOPED, "default: { $ref: '#/components/responses/Refused' }"),
    },
  ],
  'no answer to a missing scope': [
    { '/a': operation(SCOPED, "'401': { $ref: '#/components/responses/Refused' }") },
    'no-forbidden-answer 18',
  ],
  'an answer without a schema': [
    { '/a': operation(KEY, "'401': { $ref: '#/components/responses/Bare' }") },
    'no-error-schema 18',
  ],
  'no scope where others of the resource ask for one': [
    { '/a': operation(SCOPED), '/a/{id}': operation('security: [{ token: [] }],', REFUSED, ID), '/b': operation(KEY) },
    'no-scope 20',
  ],
  'other credentials than most of the resource': [
    { '/a': operation(KEY), '/a/b': operation(KEY), '/a/c': operation('security: [{ other: [] }],') },
    'other-security 22',
  ],
  'another error than most operations': [
    {
      '/a': operation(KEY),
      '/b': operation(KEY),
      '/c': operation(KEY, "'401': { $ref: '#/components/responses/Faulty' }"),
    },
    'other-error-schema 22',
  ],
  'credentials that cannot be presented': [
    { '/a': operation('security: [{ certificate: [] }],') },
    'unsupported-security 18',
  ],
  'servers of its own': [
    { '/a': operation(KEY, REFUSED, ' servers: [{ url: https://other.example.com }],') },
    'own-servers 18',
  ],
  'a pattern of another dialect': [
    {
      '/a': operation(
        KEY,
        REFUSED,
        " parameters: [{ name: q, in: query, schema: { type: string, pattern: '(?i)a' }, example: { pattern: '(' } }],",
      ),
    },
    'unsupported-pattern 18',
  ],
};

for (const [title, [paths, ...found]] of Object.entries(samples)) {
  test(title, async () => {
    const gaps = await gapsIn(paths);
    expect(gaps.map(({ kind, line }) => `${kind} ${line}`)).toEqual(found);
    for (const { kind, sentence } of gaps) {
      expect(gapKinds).toHaveProperty(kind);
      expect(sentence).toMatch(/^[^\n]{20,}[^.]$/);
    }
  });
}

test('each kind of gap has a sample', () => {
  const shown = Object.values(samples).flatMap(([, ...found]) => found.map((line) => line.split(' ')[0]));
  expect([...new Set(shown)].toSorted()).toEqual(Object.keys(gapKinds).toSorted());
});

test('the contracts of the suite have no gaps but the ones that are known', async () => {
  const found: Record<string, string[]> = {};
  for (const name of ['huechat', 'twitch']) {
    const { contract, sources } = await readDocument(`${ROOT}specs/${name}/openapi.yaml`, name);
    found[name] = gapsOf(contract, sources).map(({ kind, operation: id }) => `${kind} ${id}`);
  }
  expect(found).toEqual({ huechat: [], twitch: ['no-scope GET /channels'] });
});
