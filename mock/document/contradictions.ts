import type { JsonObject, Schema } from '../types/json.ts';
import { isObject, listOf, objectOf } from './json.ts';
import { resolved } from './references.ts';

/** Parts within parts, and members within members: a schema may contain itself. */
const DEEPEST = 6;

/**
 * The schema, unless parts of its `allOf` fix one member at values that exclude each other. No value is right by that, so
 * the first part stands for it.
 */
export function withoutContradiction(document: JsonObject, schema: Schema): Schema {
  const found = resolved(document, schema);
  if (!isObject(found)) return schema;
  const parts = listOf(found['allOf']);
  if (parts.length < 2) return schema;
  const seen = new Map<string, readonly string[]>();
  const isContradicted = parts
    .flatMap((part) => [...fixedIn(document, part, '', DEEPEST)])
    .some(([member, values]) => {
      const known = seen.get(member);
      const both = known ? values.filter((value) => known.includes(value)) : values;
      seen.set(member, both);
      return both.length === 0;
    });
  return isContradicted ? (parts[0] as Schema) : schema;
}

/** The members that a schema fixes, each with the values that are left to it, as JSON. */
function fixedIn(document: JsonObject, schema: unknown, name: string, depth: number): [string, readonly string[]][] {
  const found = resolved(document, schema);
  if (!isObject(found) || depth === 0) return [];
  const values = 'const' in found ? [found['const']] : found['enum'];
  return [
    ...(Array.isArray(values)
      ? [[name, values.map((value) => JSON.stringify(value))] satisfies [string, readonly string[]]]
      : []),
    ...listOf(found['allOf']).flatMap((part) => fixedIn(document, part, name, depth - 1)),
    ...Object.entries(objectOf(found['properties'])).flatMap(([key, member]) =>
      fixedIn(document, member, `${name}/${key}`, depth - 1),
    ),
  ];
}
