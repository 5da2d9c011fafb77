import path from 'node:path';

/**
 * The id of the contract in a folder: the folder's own name, however the path to it is written. `specs/example`,
 * `./specs/example/.` and `/home/me/specs/other/../example/` all give `example`.
 *
 * @param paths the rules of another system for paths; absent: those of this one
 */
export function contractIdOf(folder: string, paths: Pick<typeof path, 'basename' | 'resolve'> = path): string {
  return paths.basename(paths.resolve(folder));
}
