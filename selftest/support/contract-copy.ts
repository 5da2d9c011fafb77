import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import type { KnownFailure } from '../../src/config/known-failures.ts';

/**
 * The first contract in a folder of its own, as someone would have it who brings their own: fewer operations make a run
 * short, and known failures can stand beside it.
 *
 * @param operations the ones that stay
 * @param hasIds false: no parameter has an example
 * @returns what `CONTRACT` says
 */
export function copyContract(
  folder: string,
  operations: readonly string[],
  knownFailures: readonly KnownFailure[] = [],
  hasIds = true,
): string {
  const copy = join(folder, 'specs', 'huechat');
  mkdirSync(copy, { recursive: true });
  cpSync('specs/huechat/schemas', join(copy, 'schemas'), { recursive: true });
  const document = parseDocument(readFileSync('specs/huechat/openapi.yaml', 'utf8'));
  const { paths } = document.toJS() as { paths: Record<string, Record<string, unknown>> };
  for (const [path, item] of Object.entries(paths)) {
    const methods = Object.keys(item).filter((method) => ['get', 'put', 'post', 'delete', 'patch'].includes(method));
    const kept = methods.filter((method) => operations.includes(`${method.toUpperCase()} ${path}`));
    if (kept.length === 0) document.deleteIn(['paths', path]);
    else for (const method of methods) if (!kept.includes(method)) document.deleteIn(['paths', path, method]);
  }
  const { components } = document.toJS() as { components: { parameters: Record<string, unknown> } };
  for (const name of hasIds ? [] : Object.keys(components.parameters))
    document.deleteIn(['components', 'parameters', name, 'example']);
  writeFileSync(join(copy, 'openapi.yaml'), String(document));
  writeFileSync(join(copy, 'known-failures.yaml'), stringify(knownFailures));
  return copy;
}
