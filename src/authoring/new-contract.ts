import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { commandText } from '../config/command-text.ts';
import type { Contract } from '../model/contract.ts';
import { ContractError } from '../openapi/contract-error.ts';
import { DOCUMENT_NAMES, loadContract, readDocument } from '../openapi/load-contract.ts';
import { OVERLAY_FILE } from '../openapi/overlay.ts';
import { referencesIn } from '../openapi/reference-places.ts';
import type { SourceFiles } from '../openapi/source-files.ts';
import { overlayExample } from './overlay-example.ts';
import { environmentExample } from './environment-example.ts';

/**
 * Makes `specs/NAME` of a document and of the files that it refers to, with a commented `.env.example` for its
 * variables and an overlay to fill in.
 *
 * @throws ContractError where the document cannot be used, the name is none or the folder is there already: nothing is
 * written then
 */
export async function newContract(name: string, file: string, specs: string): Promise<Contract> {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name))
    throw new ContractError(
      name,
      'this name cannot be used for a folder and for settings',
      'use small letters, digits and hyphens',
    );
  const folder = join(specs, name);
  const isThere = await lstat(folder).then(
    () => true,
    () => false,
  );
  if (isThere) throw new ContractError(folder, 'this already exists', 'choose another name, or remove it yourself');
  const { contract, sources } = await readDocument(file, name);
  if (contract.operations.length === 0)
    throw new ContractError(
      contract.file,
      'it has no operation that can be judged',
      `see what ${commandText('contract', 'check')} says of it`,
    );
  const copies = await copiesOf(file, contract.files, namesItself(sources));
  await makeFolder(specs, folder);
  try {
    for (const [from, to] of copies) {
      await mkdir(dirname(join(folder, to)), { recursive: true });
      await copyFile(from, join(folder, to), constants.COPYFILE_EXCL);
    }
    if (!copies.some(([, to]) => to === OVERLAY_FILE))
      await writeFile(join(folder, OVERLAY_FILE), overlayExample(contract), { flag: 'wx' });
    const example = environmentExample(contract, folder.split(sep).join('/'));
    await writeFile(join(folder, '.env.example'), example, { flag: 'wx' });
    return await loadContract(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A new one, so that nothing in it leads anywhere else. */
async function makeFolder(specs: string, folder: string): Promise<void> {
  await mkdir(specs, { recursive: true });
  const real = await realpath(specs);
  if (real !== resolve(specs))
    throw new ContractError(
      specs,
      `this is a link to ${real}`,
      'make it a folder, or start the command in another one',
    );
  await mkdir(folder);
}

/** Whether a reference names the file of the document, as those of its other files do to what stands in it. */
function namesItself({ read }: SourceFiles): boolean {
  return read.some(({ value, indexOf }) =>
    referencesIn(value).some(({ reference }) => {
      const [file = ''] = reference.split('#');
      return file !== '' && indexOf(file) === 0;
    }),
  );
}

/**
 * From where to where, below the new folder; the document itself gets a name that is looked for, unless it has one.
 *
 * @param namesItself references name the document, so it keeps its name as well
 */
async function copiesOf(
  file: string,
  files: readonly string[],
  namesItself: boolean,
): Promise<(readonly [from: string, to: string])[]> {
  const document = await realpath(file);
  const [, ...others] = files.map((shown) => resolve(shown));
  const own = basename(document);
  const name = DOCUMENT_NAMES.includes(own) ? own : `openapi${extname(own) === '.json' ? '.json' : '.yaml'}`;
  return [
    [document, name] as const,
    ...(namesItself && name !== own ? [[document, own] as const] : []),
    ...others.map((path) => [path, relative(dirname(document), path)] as const),
  ];
}
