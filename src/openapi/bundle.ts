import { bundle, validate } from '@readme/openapi-parser';
import type { OpenAPIV3_1 } from 'openapi-types';
import { ContractError } from './contract-error.ts';
import { type JsonObject, follow, isObject, nodeAt, nodeThrough } from './json-pointer.ts';
import type { SourceFiles } from './source-files.ts';

/**
 * One plain document made of the files: valid OpenAPI 3.0 or 3.1, in which every `$ref` is internal, resolvable and written
 * in one way. It is bundled and not dereferenced, so that schemas may be cyclic and the document is JSON all the same.
 *
 * @param path of the document, absolute
 * @throws ContractError that says what is wrong with the document
 */
export async function bundledDocument(path: string, sources: SourceFiles): Promise<JsonObject> {
  checkVersion(sources);
  try {
    // A single file needs no bundling.
    const isOneFile = sources.files.length === 1;
    const document = isOneFile ? (sources.value as JsonObject) : plain(await bundle(path));
    if (!(await isValid(document))) await checkFiles(path, sources);
    return canonical(document, document, sources) as JsonObject;
  } catch (cause) {
    if (cause instanceof ContractError) throw cause;
    const problem = `its references cannot be resolved, ${messageOf(cause)}`;
    throw new ContractError(sources.file, problem, 'correct the references', cause);
  }
}

function plain(document: object): JsonObject {
  return JSON.parse(JSON.stringify(document)) as JsonObject;
}

function checkVersion(sources: SourceFiles): void {
  const root = sources.value;
  const version = isObject(root) ? (root['openapi'] ?? root['swagger']) : undefined;
  if (isObject(root) && /^3\.[01](?:\.|$)/.test(String(root['openapi']))) return;
  const problem = version === undefined ? 'this is no OpenAPI document' : `this is OpenAPI ${JSON.stringify(version)}`;
  throw new ContractError(sources.file, problem, 'make it OpenAPI 3.0 or 3.1, which begins with "openapi: 3.1.0"');
}

/** In 3.1 an array needs no `items`; in 3.0 it does, but nothing here depends on it. */
const RULES = { 'array-without-items': 'warning' } as const;

/** The validator writes out every use of a schema, which takes minutes for some documents: so it gets none to write out. */
async function isValid(document: JsonObject): Promise<boolean> {
  const light = withoutUses(document) as OpenAPIV3_1.Document;
  return validate(light, { validate: { rules: { openapi: RULES } } }).then(
    ({ valid }) => valid,
    () => false,
  );
}

/**
 * Looks at the files themselves again, to say what is wrong in their words. It returns where they are valid after all,
 * because a reference leads through a schema that the first look was spared.
 */
async function checkFiles(path: string, sources: SourceFiles): Promise<void> {
  const result = await validate(path, { validate: { rules: { openapi: RULES } } }).catch((cause: unknown) => {
    const problem = `this is not valid OpenAPI, ${messageOf(cause)}`;
    throw new ContractError(sources.file, problem, 'correct the document', cause);
  });
  if (result.valid) return;
  // A problem found by the schema comes as KEYWORD, sentence and an excerpt that marks its line with >.
  const [text = '', excerpt = ''] = (result.errors[0]?.message ?? '').split('\n\n');
  const near = /^> *\d+ \|(.*)$/m.exec(excerpt)?.[1]?.trim().replace(/,$/, '');
  // Which member is one too many is said by the mark below the line only.
  const marked = text.includes('additional properties') ? /\^+ (.*?)!?$/m.exec(excerpt)?.[1] : undefined;
  const problem = (marked ?? text.replace(/^(?:[A-Z_]+ )+/, '')) + (near === undefined ? '' : ` near ${near}`);
  throw new ContractError(sources.file, `this is not valid OpenAPI, ${problem}`, 'correct the document');
}

/** A copy in which schemas that exist are not referred to: each is checked where it stands, and only there. */
function withoutUses(document: JsonObject): unknown {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (!isObject(value)) return value;
    const { $ref: reference } = value;
    const isUse = typeof reference === 'string' && reference.startsWith('#/components/schemas/');
    if (isUse && nodeAt(document, reference)) return {};
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)]));
  };
  return copy(document);
}

function canonical(document: JsonObject, value: unknown, sources: SourceFiles): unknown {
  if (Array.isArray(value)) return value.map((item) => canonical(document, item, sources));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const isReference = key === '$ref' && typeof member === 'string';
      return [key, isReference ? internal(document, member, sources) : canonical(document, member, sources)];
    }),
  );
}

/** `#name` is an anchor of JSON Schema: the validator knows what it means. */
function internal(document: JsonObject, reference: string, sources: SourceFiles): string {
  if (/^#(?!\/|$)/.test(reference)) return reference;
  const node = reference.startsWith('#') ? nodeThrough(document, reference) : undefined;
  if (node && follow(document, node)) return node.pointer;
  const problem = node ? `$ref ${reference} leads back to itself` : `nothing stands at $ref ${reference}`;
  throw new ContractError(
    sources.file,
    problem,
    'refer to something, and to a file by its path and not by an $id in it',
  );
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
