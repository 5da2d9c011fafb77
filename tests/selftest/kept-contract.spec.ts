import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Contract } from '../../src/contract/contract.ts';
import { keptContract } from '../../src/contract/kept.ts';
import { loadContract } from '../../src/contract/load.ts';
import { copyContract } from './contract-copy.ts';

test('a contract is parsed once, and again when one of its files has changed', async ({}, info) => {
  const folder = copyContract(info.outputPath(), ['GET /contacts']);
  const keepIn = info.outputPath('kept');
  let parses = 0;
  const load = (from: string): Promise<Contract> => {
    parses++;
    return loadContract(from);
  };
  const first = await keptContract(folder, keepIn, load);
  expect(await keptContract(folder, keepIn, load)).toEqual(first);
  expect(parses).toBe(1);
  const schema = first.files.find((file) => file.endsWith('envelope.schema.json')) ?? '';
  expect(first.files.length).toBeGreaterThan(1);
  appendFileSync(schema, '\n');
  const changed = await keptContract(folder, keepIn, load);
  expect(parses).toBe(2);
  expect(changed.sha256).not.toBe(first.sha256);
  appendFileSync(join(folder, 'openapi.yaml'), '# a word more\n');
  await keptContract(folder, keepIn, load);
  expect(parses).toBe(3);
});

test('what is kept and cannot be read, or whose files are gone, is parsed anew', async ({}, info) => {
  const folder = copyContract(info.outputPath(), ['GET /contacts']);
  const keepIn = info.outputPath('kept');
  const first = await keptContract(folder, keepIn);
  for (const file of readdirSync(keepIn)) writeFileSync(join(keepIn, file), '{"suite":');
  expect(await keptContract(folder, keepIn)).toEqual(first);
  rmSync(join(folder, 'openapi.yaml'));
  await expect(keptContract(folder, keepIn)).rejects.toThrow(/none of openapi\.yaml/);
});

test('where nothing can be kept a contract is parsed all the same', async ({}, info) => {
  const folder = copyContract(info.outputPath(), ['GET /contacts']);
  writeFileSync(info.outputPath('a-file'), '');
  const contract = await keptContract(folder, info.outputPath('a-file', 'below'));
  expect(contract.operations.map(({ id }) => id)).toEqual(['GET /contacts']);
});
