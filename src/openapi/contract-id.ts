import path from 'node:path';

const DOCUMENT = /^(.+)\.(?:ya?ml|json)$/;

/** Whether a path names a document by itself, and not the folder that holds one. */
export function isDocument(file: string): boolean {
  return DOCUMENT.test(file);
}

/**
 * The id of the contract in a folder: the folder's own name, however the path to it is written. `specs/example`,
 * `./specs/example/.` and `/home/me/specs/other/../example/` all give `example`, and so do the documents
 * `specs/example/openapi.yaml` and `example.json`.
 *
 * @param paths the rules of another system for paths; absent: those of this one
 */
export function contractIdOf(folder: string, paths: Pick<typeof path, 'basename' | 'resolve'> = path): string {
  const path = paths.resolve(folder);
  const name = paths.basename(path);
  const [, stem] = DOCUMENT.exec(name) ?? [];
  if (stem === undefined) return name;
  return stem === 'openapi' ? paths.basename(paths.resolve(path, '..')) : stem;
}
