import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Contract } from '../../src/model/contract.ts';
import { contractOf } from '../../src/openapi/load-contract.ts';
import { SourceFiles } from '../../src/openapi/source-files.ts';

/**
 * The contract of one document, which is not validated: the validator compiles the schema of OpenAPI anew for each
 * document, which takes a quarter of a second. Only for tests of what is made of a contract, with references within the
 * document; how documents are read and refused is tested by `loadContract`.
 *
 * @param file is written
 */
export async function contractOfDocument(file: string, document: Readonly<Record<string, unknown>>): Promise<Contract> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(document));
  return contractOf(document, 'api', await SourceFiles.read(file));
}
