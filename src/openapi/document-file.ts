import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { BOUNDS } from './bounds.ts';

/** Why a file is not read, in words that follow its name. */
export class UnreadableFile extends Error {
  readonly remedy: string;

  constructor(problem: string, remedy: string, cause?: unknown) {
    super(problem, cause === undefined ? undefined : { cause });
    this.remedy = remedy;
  }
}

const CREATE = 'create it, or correct the path that leads to it';

/** The path without a symbolic link on the way. */
export async function realPath(path: string): Promise<string> {
  return realpath(path).catch((cause: unknown) => {
    throw new UnreadableFile('cannot be read', CREATE, cause);
  });
}

/**
 * Why a reference must not lead to a file; undefined: it may. A document may come from a stranger, so only the files beside
 * it are read, and only those that can be a part of a document.
 *
 * @param real path of the file, without a symbolic link
 * @param folder of the document, without a symbolic link
 */
export function reasonOutside(real: string, folder: string): string | undefined {
  const below = relative(folder, real);
  if (below === '' || below.startsWith('..') || isAbsolute(below)) return 'lies outside of the folder of the document';
  if (below.split(sep).some((name) => name.startsWith('.'))) return 'is hidden, or in a hidden folder';
  return /\.(?:ya?ml|json)$/i.test(below) ? undefined : 'is not named .yaml, .yml or .json';
}

/**
 * The text of a regular file of bounded size. A pipe or a device is opened without waiting for it, and not read.
 *
 * @throws UnreadableFile
 */
export async function textOfFile(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await file.stat();
    if (found.isDirectory()) throw new UnreadableFile('is a folder', 'name the YAML or JSON file in it');
    if (!found.isFile()) throw new UnreadableFile('is no regular file', 'name a file of YAML or JSON');
    if (found.size > BOUNDS.bytesOfJson) throw tooLarge(BOUNDS.bytesOfJson);
    return await file.readFile('utf8');
  } catch (cause) {
    if (cause instanceof UnreadableFile) throw cause;
    throw new UnreadableFile('cannot be read', CREATE, cause);
  } finally {
    await file?.close();
  }
}

function tooLarge(most: number): UnreadableFile {
  const remedy = 'split it, or leave out what has nothing to do with the operations to judge';
  return new UnreadableFile(`is larger than ${most / 1_000_000} MB`, remedy);
}
