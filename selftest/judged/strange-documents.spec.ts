import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Cell } from '../../src/model/cell.ts';
import { loadContract } from '../../src/openapi/load-contract.ts';
import { judgeMock } from '../support/harness.ts';
import { hostileDocuments } from '../support/strange-documents.ts';

const documents = hostileDocuments('../canary.json', 9);

/** Every cell of a run against the mock of a document. */
async function cellsOf(folder: string, name: string): Promise<readonly Cell[]> {
  mkdirSync(join(folder, 'acme'), { recursive: true });
  writeFileSync(join(folder, 'acme', 'openapi.json'), JSON.stringify(documents[name]));
  return (await judgeMock({ contract: await loadContract(join(folder, 'acme')) })).cells;
}

for (const name of [
  'pattern-without-end',
  'unseen-names',
  'unseen-paths',
  'schema-that-fans-out',
  'names-of-every-object',
])
  test(`the mock of a document with ${name} is sound`, async ({}, info) => {
    const cells = await cellsOf(info.outputPath(), name);
    expect(cells.filter(({ outcome }) => ['violates', 'deviates', 'error'].includes(outcome))).toEqual([]);
  });
