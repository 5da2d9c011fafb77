import { type JsonObject, isObject } from './json-pointer.ts';

/**
 * A copy of a document in which the schemas of OpenAPI 3.0, whose words stand in many later documents too, mean to JSON
 * Schema 2020-12 what they meant before: `nullable` is
 * a type, `exclusiveMinimum: true` makes a bound of `minimum`, and whatever stands beside a `$ref` is left out. Pointers
 * stay valid, for nothing is moved.
 *
 * @param is30 whatever stands beside a `$ref` is left out in OpenAPI 3.0 only
 *
 * Not handled: `nullable` without `type` in the same schema, which OpenAPI 3.0.3 says has no effect; `readOnly` and
 * `writeOnly`, which are judged as if they were not there; `discriminator`, which only helps to choose.
 */
export function asJsonSchema(value: unknown, is30: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => asJsonSchema(item, is30));
  if (!isObject(value)) return value;
  if (is30 && typeof value['$ref'] === 'string') return { $ref: value['$ref'] };
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, asJsonSchema(member, is30)]),
  );
  allowNull(copy);
  return exclude(exclude(copy, 'exclusiveMinimum', 'minimum'), 'exclusiveMaximum', 'maximum');
}

/** The walk does not know a schema from other data, so the keyword is recognised by its value too. */
function allowNull(schema: Record<string, unknown>): void {
  if (typeof schema['nullable'] !== 'boolean') return;
  const { nullable, type, enum: values } = schema as JsonObject;
  delete schema['nullable'];
  if (!nullable || typeof type !== 'string') return;
  schema['type'] = [type, 'null'];
  if (Array.isArray(values) && !values.includes(null)) schema['enum'] = [...(values as unknown[]), null];
}

function exclude(schema: JsonObject, flag: string, bound: string): JsonObject {
  const { [flag]: isExclusive, [bound]: limit, ...rest } = schema;
  if (typeof isExclusive !== 'boolean') return schema;
  if (limit === undefined) return rest;
  return { ...rest, [isExclusive ? flag : bound]: limit };
}
