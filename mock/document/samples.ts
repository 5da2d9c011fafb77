import { sample } from 'openapi-sampler';
import type { JsonObject, Schema } from '../types/json.ts';
import { isObject } from './json.ts';
import { inTime } from './time-limit.ts';
import { resolved } from './references.ts';

/** A value that a schema describes: its examples and constants, and the members that it requires. */
function sampleOf(document: JsonObject, schema: Schema): unknown {
  if (!isObject(schema)) return {};
  const make = (): unknown => sample(schema, { skipNonRequired: true, enablePatterns: true, quiet: true }, document);
  // A schema can ask for more than there is time for, or for what the library cannot make.
  try {
    return inTime(make) ?? {};
  } catch {
    return {};
  }
}

/** The same with every member that has a constant value, required or not: it tells the bodies of an API apart. */
export function sampleWithConstants(document: JsonObject, schema: Schema): unknown {
  const value = sampleOf(document, schema);
  return isObject(value) ? { ...value, ...constantsOf(document, schema) } : value;
}

/** Samples of the members of a schema that have no pattern. */
export function sampleMembers(document: JsonObject, schema: Schema): JsonObject {
  const members = Object.entries(propertiesOf(document, schema)).filter(
    ([, member]) => isObject(member) && member['pattern'] === undefined,
  );
  return Object.fromEntries(members.map(([name, member]) => [name, sampleOf(document, member as JsonObject)]));
}

export function propertiesOf(document: JsonObject, schema: Schema | undefined): JsonObject {
  const found = resolved(document, schema);
  const properties = isObject(found) ? found['properties'] : undefined;
  return isObject(properties) ? properties : {};
}

function constantsOf(document: JsonObject, schema: Schema): JsonObject {
  const constants = Object.entries(propertiesOf(document, schema)).flatMap(([name, member]) =>
    isObject(member) && 'const' in member ? [[name, member['const']] as const] : [],
  );
  return Object.fromEntries(constants);
}
