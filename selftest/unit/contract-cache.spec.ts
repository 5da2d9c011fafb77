import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import type { Contract } from '../../src/model/contract.ts';
import { cachedContract } from '../../src/openapi/contract-cache.ts';
import { loadContract } from '../../src/openapi/load-contract.ts';
import { copyContract } from '../support/contract-copy.ts';

test('a contract is parsed once, and again when one of its files has changed', async ({}, info) => {
  const folder = copyContract(info.outputPath(), ['GET /contacts']);
  const keepIn = info.outputPath('kept');
  let parses = 0;
  const load = (from: string): Promise<Contract> => {
    parses++;
    return loadContract(from);
  };
  const first = await cachedContract(folder, keepIn, load);
  expect(await cachedContract(folder, keepIn, load)).toEqual(first);
  expect(parses).toBe(1);
  const schema = first.files.find((file) => file.endsWith('envelope.schema.json')) ?? '';
  expect(first.files.length).toBeGreaterThan(1);
  appendFileSync(schema, '\n');
  const changed = await cachedContract(folder, keepIn, load);
  expect(parses).toBe(2);
  expect(changed.sha256).not.toBe(first.sha256);
  appendFileSync(join(folder, 'openapi.yaml'), '# a word more\n');
  await cachedContract(folder, keepIn, load);
  expect(parses).toBe(3);
});

test('what is kept and cannot be read, or whose files are gone, is parsed anew', async ({}, info) => {
  const folder = copyContract(info.outputPath(), ['GET /contacts']);
  const keepIn = info.outputPath('kept');
  const first = await cachedContract(folder, keepIn);
  for (const file of readdirSync(keepIn)) writeFileSync(join(keepIn, file), '{"suite":');
  expect(await cachedContract(folder, keepIn)).toEqual(first);
  rmSync(join(folder, 'openapi.yaml'));
  await expect(cachedContract(folder, keepIn)).rejects.toThrow(/none of openapi\.yaml/);
});

test('where nothing can be kept a contract is parsed all the same', async ({}, info) => {
  const folder = copyContract(info.outputPath(), ['GET /contacts']);
  writeFileSync(info.outputPath('a-file'), '');
  const contract = await cachedContract(folder, info.outputPath('a-file', 'below'));
  expect(contract.operations.map(({ id }) => id)).toEqual(['GET /contacts']);
});
