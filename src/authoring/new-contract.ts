import { access, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import type { Contract } from '../model/contract.ts';
import { ContractError } from '../openapi/contract-error.ts';
import { loadContract, readDocument } from '../openapi/load-contract.ts';
import { environmentExample } from './environment-example.ts';

/**
 * Makes `specs/NAME` of a document and of the files that it refers to, with a commented `.env.example` for its variables.
 *
 * @throws ContractError where the document cannot be used, the name is none or the folder is there already: nothing is
 * written then
 */
export async function newContract(name: string, file: string, specs: string): Promise<Contract> {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name))
    throw new ContractError(
      name,
      'this is no name for a folder and for variables',
      'use small letters, digits and hyphens',
    );
  const folder = join(specs, name);
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) throw new ContractError(folder, 'this is there already', 'choose another name, or remove it yourself');
  const { contract } = await readDocument(file, name);
  const copies = copiesOf(resolve(file), contract.files);
  try {
    for (const [from, to] of copies) {
      await mkdir(dirname(join(folder, to)), { recursive: true });
      await copyFile(from, join(folder, to));
    }
    await writeFile(join(folder, '.env.example'), environmentExample(contract, folder.split(sep).join('/')));
    return await loadContract(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** From where to where, below the new folder; the document itself gets the name that is looked for. */
function copiesOf(document: string, files: readonly string[]): (readonly [from: string, to: string])[] {
  return files.map((shown) => {
    const path = resolve(shown);
    if (path === document) return [path, `openapi${extname(path) === '.json' ? '.json' : '.yaml'}`] as const;
    const below = relative(dirname(document), path);
    if (below.startsWith('..') || below === resolve(below)) {
      const problem = `it refers to ${shown}, which lies outside of its own folder`;
      throw new ContractError(relative(process.cwd(), document), problem, 'bundle it into one file first');
    }
    return [path, below] as const;
  });
}
