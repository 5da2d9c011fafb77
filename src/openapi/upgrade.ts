import { upgradeFromTwoToThree } from '@scalar/openapi-upgrader/2.0-to-3.0';
import { ContractError } from './contract-error.ts';
import { type JsonObject, descend, isObject, members, nodeAt, rootOf } from './json-pointer.ts';

export function isSwagger({ swagger }: JsonObject): boolean {
  return /^2(?:\.|$)/.test(String(swagger));
}

/**
 * A document of Swagger 2.0 as one of OpenAPI 3.0; any other as it is. The library leaves references to parameters that are
 * bodies among the parameters, so these are written out before.
 *
 * @param file that is said where the document cannot be read so
 */
export function upgraded(document: JsonObject, file: string): JsonObject {
  if (!isSwagger(document)) return document;
  try {
    const copy = structuredClone({ ...document, swagger: '2.0', paths: withBodies(document) });
    return upgradeFromTwoToThree(copy) as JsonObject;
  } catch (cause) {
    const problem = 'this cannot be read as Swagger 2.0';
    throw new ContractError(file, problem, 'see what a validator says of it, or convert it to OpenAPI 3', cause);
  }
}

/** The paths, with every reference to a parameter replaced by the parameter, and only with what is an object. */
function withBodies(document: JsonObject): JsonObject {
  const paths = members(document, descend(document, rootOf(document), 'paths'));
  return Object.fromEntries(
    paths.flatMap(({ key: path, value }) =>
      isObject(value) ? [[path, withParameters(document, value)] as const] : [],
    ),
  );
}

function withParameters(document: JsonObject, owner: JsonObject): JsonObject {
  const entries = Object.entries(owner).flatMap(([key, member]): (readonly [string, unknown])[] => {
    if (key === 'parameters') return [[key, parametersOf(document, member)]];
    if (key.startsWith('x-') || key === '$ref') return [[key, member]];
    return isObject(member) ? [[key, operationWithParameters(document, member)]] : [];
  });
  return Object.fromEntries(entries);
}

function operationWithParameters(document: JsonObject, operation: JsonObject): JsonObject {
  if (!('parameters' in operation)) return operation;
  return { ...operation, parameters: parametersOf(document, operation['parameters']) };
}

function parametersOf(document: JsonObject, list: unknown): unknown[] {
  return (Array.isArray(list) ? (list as unknown[]) : []).flatMap((one) => {
    const reference = isObject(one) ? one['$ref'] : undefined;
    const found = typeof reference === 'string' ? nodeAt(document, reference)?.value : one;
    return isObject(found) && typeof found['in'] === 'string' ? [found] : [];
  });
}
