import { access } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { bundle } from '@apidevtools/json-schema-ref-parser';

/** A document that cannot be read, in one sentence for the person who started the mock. */
export class DocumentError extends Error {}

export interface NamedDocument {
  readonly document: object;
  /** Name of the folder, or of a document that has a name of its own. */
  readonly name: string;
}

const DOCUMENT = /^(.+)\.(?:ya?ml|json)$/;
const FILE_NAMES = ['openapi.yaml', 'openapi.yml', 'openapi.json'];

/**
 * Reads the OpenAPI document in a folder such as `specs/huechat`, or one by itself. What its references lead to in other files becomes a
 * part of it.
 *
 * @throws DocumentError
 */
export async function readDocument(folder: string): Promise<NamedDocument> {
  const file = await findFile(folder);
  try {
    return { document: await bundle(file), name: nameOf(resolve(folder)) };
  } catch (cause) {
    const [problem = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new DocumentError(`${file} cannot be read: ${problem} Run npm run contract -- check ${file}.`);
  }
}

function nameOf(path: string): string {
  const [, stem] = DOCUMENT.exec(basename(path)) ?? [];
  if (stem === undefined) return basename(path);
  return stem === 'openapi' ? basename(dirname(path)) : stem;
}

async function findFile(folder: string): Promise<string> {
  if (DOCUMENT.test(folder)) return folder;
  for (const file of FILE_NAMES.map((name) => join(folder, name))) {
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (exists) return file;
  }
  throw new DocumentError(`${folder} has none of ${FILE_NAMES.join(', ')}: name the folder of an OpenAPI document.`);
}
