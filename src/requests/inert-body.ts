import type { Contract, Operation, RequestBody } from '../model/contract.ts';
import { BOUNDS } from '../openapi/bounds.ts';
import { encodeBody, isFormData, isJson } from '../openapi/media-type.ts';
import { type JsonObject, isObject, nodeAt } from '../openapi/json-pointer.ts';
import { actsWithoutBody, propertiesOf, refuses } from './proof-of-no-effect.ts';
import { sampleOf } from './schema-sample.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';

/** Wrong for almost any schema. Each is tried, because each is right for some. */
const WRONG: readonly unknown[] = [[], 'inert', 0, null, {}];

/**
 * A body that the operation's own schema provably refuses, so that a server which validates what it is sent has nothing to
 * carry out. The candidate furthest from a valid body comes first, since some servers fill in what an object lacks, unless
 * the schema takes an empty object. Undefined where the schema refuses nothing that can be written.
 */
export function inertBody(
  contract: Contract,
  { method, body }: Operation,
  validators: SchemaValidators,
): { readonly value: unknown } | undefined {
  if (!body || actsWithoutBody(method, body, validators)) return undefined;
  const { schema, mediaType } = body;
  if (schema === undefined) return undefined;
  if (isFormData(mediaType)) {
    const fields = inertFormFields(contract, mediaType, [schema], [], validators);
    return fields && { value: Object.fromEntries(fields) };
  }
  if (!isJson(mediaType)) return undefined;
  const isRefused = (value: unknown): boolean => validators.errors(schema, value).length > 0;
  for (const value of candidates(contract, body, schema, isRefused)) if (isRefused(value)) return { value };
  return undefined;
}

/** Texts that are wrong for numbers, lists, objects, truth values, lists of words, dates, addresses and patterns. */
const WRONG_TEXTS = ['inert', '[]', '-1', '0'];

/**
 * The fields of a form that every one of the schemas refuses, however a server reads a form: without some that it requires,
 * or with one whose text is wrong. Undefined where nothing is.
 *
 * @param beside fields that the form has in any case
 */
export function inertFormFields(
  contract: Contract,
  mediaType: string,
  schemas: readonly string[],
  beside: readonly (readonly [name: string, value: string])[],
  validators: SchemaValidators,
): readonly (readonly [name: string, value: string])[] | undefined {
  const properties = schemas.flatMap((schema) => propertiesOf(contract, schema));
  // Many servers take a format for a note (JSON Schema 2020-12, Validation §7.2.1), so it proves nothing.
  const names = new Set(properties.filter(({ value }) => !hasFormatOnly(value)).map(({ key }) => key));
  const taken = new Set(beside.map(([name]) => name));
  const wrong = [...names]
    .filter((name) => !taken.has(name))
    .slice(0, BOUNDS.membersTried)
    .flatMap((name) => WRONG_TEXTS.map((value): readonly [string, string][] => [[name, value]]));
  return [[], ...wrong].find((fields) => {
    const { text } = encodeBody(mediaType, Object.fromEntries([...beside, ...fields]));
    return schemas.length > 0 && schemas.every((schema) => refuses(contract, validators, schema, mediaType, text));
  });
}

function hasFormatOnly(schema: unknown): boolean {
  return isObject(schema) && 'format' in schema && !['enum', 'const', 'pattern'].some((keyword) => keyword in schema);
}

function* candidates(
  { document }: Contract,
  { example }: RequestBody,
  schema: string,
  isRefused: (value: unknown) => boolean,
): Generator {
  const node = nodeAt(document, schema);
  const valid = example ?? (node && sampleOf(document, node));
  const base = isObject(valid) ? valid : {};
  const wrong = misfit(base, isRefused);
  // To pydantic 1 an empty list is an empty object, and to PHP, Lua and whatever wraps a list in an object any list is one
  // without the members of the schema. Where nothing is required, they would carry that out.
  if (!isRefused({})) yield takesSingleValue(base, isRefused) ? wrong : [0];
  yield* WRONG.filter((value) => !isObject(value));
  yield wrong;
  // Refused by whatever requires a member.
  yield {};
}

/** Whether a member takes neither a list nor an object: a server that turns values into others makes it of none of them. */
function takesSingleValue(base: JsonObject, isRefused: (value: unknown) => boolean): boolean {
  return Object.keys(base)
    .slice(0, BOUNDS.membersTried)
    .some((name) => [[], {}].every((value) => isRefused({ ...base, [name]: value })));
}

/** The object with every one of its members made wrong that can be. */
function misfit(base: JsonObject, isRefused: (value: unknown) => boolean): JsonObject {
  const wrong = Object.keys(base)
    .slice(0, BOUNDS.membersTried)
    .flatMap((name) => {
      const value = WRONG.find((candidate) => isRefused({ ...base, [name]: candidate }));
      return value === undefined ? [] : [[name, value] as const];
    });
  return { ...base, ...Object.fromEntries(wrong) };
}
