import { isPlain, readable } from '../visible-text.ts';
import { ContractError } from './contract-error.ts';
import { type JsonObject, follow, isObject, nodeAt, nodeThrough } from './json-pointer.ts';
import { visited } from './reference-places.ts';
import { isSwagger, upgraded } from './upgrade.ts';
import type { SourceFiles } from './source-files.ts';

/** Where the other files of a document stand in the bundled one, by their number. */
const FILES = 'x-files';

/**
 * One plain document made of the files, in which every `$ref` is internal, leads to something and is written in one way. The
 * other files stand whole below an extension, so that schemas may be cyclic and the document is JSON all the same. What
 * refers to nothing is left out, and said in a remark of the files.
 *
 * @throws ContractError where this is no OpenAPI document
 */
export function bundledDocument(sources: SourceFiles): JsonObject {
  checkVersion(sources);
  const files = sources.read.map((file, index) =>
    visited(file.value, {
      reference: (object) => ({ ...object, $ref: inBundle(String(object['$ref']), file.indexOf) }),
      text: readable,
      keeps: (key, tokens) => {
        if (isPlain(key) && key !== '__proto__') return true;
        const sentence = `the name ${JSON.stringify(key)} holds a character that nobody sees, so what it names is left out`;
        sources.note(`${sentence}: write the name without it`, tokens, index);
        return false;
      },
    }),
  );
  const [entry, ...others] = files;
  const written: JsonObject = { ...(entry as JsonObject), ...(others.length > 0 && { [FILES]: others }) };
  const document = upgraded(written, sources.file);
  const { [FILES]: otherFiles = [], ...main } = document;
  const [whole, ...parts] = [main, ...(otherFiles as unknown[])].map((file, index) =>
    visited(file, {
      reference: (object, tokens) => {
        const reference = String(object['$ref']);
        const pointer = internal(document, reference);
        if (pointer !== undefined) return { ...object, $ref: pointer };
        const isCircle = nodeAt(document, reference) !== undefined;
        const what = isCircle ? `$ref ${reference} leads back to itself` : `nothing stands at $ref ${reference}`;
        const { $ref: _nowhere, ...beside } = object;
        sources.note(`${what}, so it is left out: refer to something, and to a file by its path`, tokens, index);
        return beside;
      },
    }),
  );
  return { ...(whole as JsonObject), ...(parts.length > 0 && { [FILES]: parts }) };
}

function checkVersion(sources: SourceFiles): void {
  const root = sources.value;
  const version = isObject(root) ? (root['openapi'] ?? root['swagger']) : undefined;
  if (isObject(root) && (isSwagger(root) || /^3\.[012](?:\.|$)/.test(String(root['openapi'])))) return;
  const problem = version === undefined ? 'this is no OpenAPI document' : `this is OpenAPI ${JSON.stringify(version)}`;
  const remedy = 'make it OpenAPI 3, which begins with "openapi: 3.1.0", or Swagger 2.0';
  throw new ContractError(sources.file, problem, remedy);
}

function inBundle(reference: string, indexOf: (file: string) => number | undefined): string {
  const [file = '', fragment = ''] = reference.split(/#(.*)/s);
  const index = indexOf(file);
  if (index === undefined) return reference;
  if (index === 0) return `#${fragment}`;
  return `#/${FILES}/${index - 1}${fragment}`;
}

/** `#name` is an anchor of JSON Schema: the validator knows what it means. Undefined: nothing stands there. */
function internal(document: JsonObject, reference: string): string | undefined {
  if (/^#(?!\/|$)/.test(reference)) return reference;
  const node = reference.startsWith('#') ? nodeThrough(document, reference) : undefined;
  return node && follow(document, node) ? node.pointer : undefined;
}
