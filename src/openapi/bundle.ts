import { bundle, validate } from '@readme/openapi-parser';
import type { OpenAPIV3_1 } from 'openapi-types';
import { ContractError } from './contract-error.ts';
import { type JsonObject, follow, isObject, nodeAt, nodeThrough } from './json-pointer.ts';
import type { SourceFiles } from './source-files.ts';

/**
 * One plain document out of the files: valid OpenAPI 3.0 or 3.1, every `$ref` internal, resolvable and written in one way.
 * It is bundled and not dereferenced, so schemas may be cyclic and the document is JSON all the same.
 */
export async function bundledDocument(path: string, sources: SourceFiles): Promise<JsonObject> {
  checkVersion(sources);
  // A file by itself needs no bundling, and then the validator can be spared the schemas, of which it would write out
  // every use. What it finds wrong is looked at again as a whole, since a reference may lead through a schema.
  const isOneFile = sources.files.length === 1;
  const whole = sources.value as JsonObject;
  const isSound = isOneFile && (await isValid(withoutUses(whole) as OpenAPIV3_1.Document));
  if (!isSound) await checkOpenApi(path, sources);
  try {
    const document = isOneFile ? whole : (JSON.parse(JSON.stringify(await bundle(path))) as JsonObject);
    return canonical(document, document, sources) as JsonObject;
  } catch (cause) {
    if (cause instanceof ContractError) throw cause;
    const problem = `its references cannot be resolved, ${messageOf(cause)}`;
    throw new ContractError(sources.file, problem, 'correct the references', cause);
  }
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

async function isValid(document: OpenAPIV3_1.Document): Promise<boolean> {
  return validate(document, { validate: { rules: { openapi: RULES } } }).then(
    ({ valid }) => valid,
    () => false,
  );
}

async function checkOpenApi(path: string, sources: SourceFiles): Promise<void> {
  const result = await validate(path, { validate: { rules: { openapi: RULES } } }).catch((cause: unknown) => {
    const problem = `this is not valid OpenAPI, ${messageOf(cause)}`;
    throw new ContractError(sources.file, problem, 'correct the document', cause);
  });
  if (result.valid) return;
  // A fault against the schema comes as KEYWORD, sentence and an excerpt that marks its line with >.
  const [text = '', excerpt = ''] = (result.errors[0]?.message ?? '').split('\n\n');
  const near = /^> *\d+ \|(.*)$/m.exec(excerpt)?.[1]?.trim().replace(/,$/, '');
  // Of a member that has no business there only the mark below the line says which.
  const marked = text.includes('additional properties') ? /\^+ (.*?)!?$/m.exec(excerpt)?.[1] : undefined;
  const fault = (marked ?? text.replace(/^(?:[A-Z_]+ )+/, '')) + (near === undefined ? '' : ` near ${near}`);
  throw new ContractError(sources.file, `this is not valid OpenAPI, ${fault}`, 'correct the document');
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
  const place = reference.startsWith('#') ? nodeThrough(document, reference) : undefined;
  if (place && follow(document, place)) return place.pointer;
  const problem = place ? `$ref ${reference} leads back to itself` : `nothing stands at $ref ${reference}`;
  throw new ContractError(
    sources.file,
    problem,
    'refer to something, and to a file by its path and not by an $id in it',
  );
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
