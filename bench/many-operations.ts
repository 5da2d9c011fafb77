import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/**
 * The first contract with its operations again and again below other paths, as large APIs repeat themselves.
 *
 * @returns what `CONTRACT` says
 */
export function manyOperations(folder: string, operations: number): string {
  const copy = join(folder, 'specs', 'huechat');
  mkdirSync(copy, { recursive: true });
  cpSync('specs/huechat/schemas', join(copy, 'schemas'), { recursive: true });
  const document = parse(readFileSync('specs/huechat/openapi.yaml', 'utf8')) as { paths: Record<string, PathItem> };
  const once = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) => ({ path, method, item })),
  );
  const paths: Record<string, PathItem> = {};
  for (let index = 0; index < operations; index++) {
    const one = once[index % once.length];
    if (!one) throw new Error('the first contract has no operations');
    const path = `/part-${Math.floor(index / once.length)}${one.path}`;
    const common = Object.entries(one.item).filter(([name]) => !METHODS.includes(name));
    paths[path] = { ...Object.fromEntries(common), ...paths[path], [one.method]: renamed(one.item[one.method], index) };
  }
  writeFileSync(join(copy, 'openapi.yaml'), stringify({ ...document, paths }, { aliasDuplicateObjects: false }));
  return copy;
}

type PathItem = Record<string, unknown>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** An operationId is unique in a document. */
function renamed(operation: unknown, index: number): unknown {
  const { operationId } = operation as { operationId?: string };
  return operationId === undefined ? operation : { ...(operation as object), operationId: `${operationId}${index}` };
}
