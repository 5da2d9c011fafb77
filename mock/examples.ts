import type { Contract, Operation } from '../src/model/contract.ts';
import { descend, isObject, type JsonObject, members, type DocumentNode, nodeAt } from '../src/openapi/json-pointer.ts';
import { sampleOf } from '../src/requests/schema-sample.ts';

/** Bodies that the contract shows: at the schema, then at the answers of its operations with the status. */
export function documentedBodies(
  contract: Contract,
  status: number,
  schema: string | undefined,
): readonly JsonObject[] {
  const { document, operations } = contract;
  const own = schema === undefined ? undefined : nodeAt(document, schema);
  const contents = operations.map(({ pointer }) => {
    const operation = nodeAt(document, pointer);
    return operation && descend(document, operation, 'responses', String(status), 'content');
  });
  const mediaTypes = contents.flatMap((content) => members(document, content));
  return [...(own ? [own] : []), ...mediaTypes].flatMap((holder) => examplesAt(document, holder)).filter(isObject);
}

/** A schema lists bare values, a media type names objects that hold them. */
function examplesAt(document: unknown, holder: DocumentNode): unknown[] {
  const examples = descend(document, holder, 'examples');
  const several = members(document, examples);
  const values = Array.isArray(examples?.value)
    ? several.map(({ value }) => value)
    : several.map((named) => descend(document, named, 'value')?.value);
  return [descend(document, holder, 'example')?.value, ...values];
}

/** A body made from the schema alone: its constants, and samples of what else it requires. */
export function bodyOfSchema({ document }: Contract, schema: string): unknown {
  const place = nodeAt(document, schema);
  const sample = place && sampleOf(document, place);
  if (!place || !isObject(sample)) return sample;
  const constants = members(document, descend(document, place, 'properties')).flatMap(({ key, value }) =>
    isObject(value) && 'const' in value ? [[key, value['const']] as const] : [],
  );
  return { ...sample, ...Object.fromEntries(constants) };
}

/** Samples of all the members that a schema names, but of those whose pattern no made-up value would match. */
export function membersOfSchema({ document }: Contract, schema: string): JsonObject {
  const place = nodeAt(document, schema);
  const possible = members(document, place && descend(document, place, 'properties')).filter(
    ({ value }) => isObject(value) && value['pattern'] === undefined,
  );
  return Object.fromEntries(possible.map((member) => [member.key, sampleOf(document, member)]));
}

/** What an operation's request shows of the resource it is about: ids that a body of the answer has, and its own body. */
export function shownInRequest({ body, parameters }: Operation, made: JsonObject): JsonObject {
  const ids = parameters.filter(
    ({ in: where, name, example }) => where === 'path' && name in made && example !== undefined,
  );
  const shown = Object.fromEntries(ids.map(({ name, example }) => [name, example]));
  return isObject(body?.example) ? { ...shown, ...body.example } : shown;
}
