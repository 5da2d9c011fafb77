import type { Contract, RequestBody } from '../model/contract.ts';
import { isFormData, isJson } from '../openapi/media-type.ts';
import { type JsonObject, isObject, nodeAt } from '../openapi/json-pointer.ts';
import { sampleOf } from './schema-sample.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';

/** Wrong for almost any schema. Each is tried, because each is right for some. */
const WRONG: readonly unknown[] = [[], 'inert', 0, null, {}];

/**
 * A body that the operation's own schema provably refuses, so that a server which validates what it is sent has nothing to
 * carry out. The candidate furthest from a valid body comes first: some servers fill in what an object lacks, none makes an
 * object of a list. Undefined where the schema refuses nothing that can be written.
 */
export function inertBody(
  contract: Contract,
  body: RequestBody,
  validators: SchemaValidators,
): { readonly value: unknown } | undefined {
  const { schema } = body;
  if (schema === undefined) return undefined;
  const isRefused = (value: unknown): boolean => validators.errors(schema, value).length > 0;
  for (const value of candidates(contract, body, schema, isRefused)) if (isRefused(value)) return { value };
  return undefined;
}

function* candidates(
  { document }: Contract,
  { mediaType, example }: RequestBody,
  schema: string,
  isRefused: (value: unknown) => boolean,
): Generator {
  const node = nodeAt(document, schema);
  const valid = example ?? (node && sampleOf(document, node));
  const base = isObject(valid) ? valid : {};
  if (isJson(mediaType)) {
    yield* WRONG.filter((value) => !isObject(value));
    yield misfit(base, isRefused);
  }
  if (!isJson(mediaType) && !isFormData(mediaType)) return;
  // Refused by whatever requires a member.
  yield {};
}

/** The object with every one of its members made wrong that can be. */
function misfit(base: JsonObject, isRefused: (value: unknown) => boolean): JsonObject {
  const wrong = Object.keys(base).flatMap((name) => {
    const value = WRONG.find((candidate) => isRefused({ ...base, [name]: candidate }));
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...base, ...Object.fromEntries(wrong) };
}
