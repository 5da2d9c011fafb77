import type { Content, Operation, Parameter, RequestBody, SecurityRequirement } from '../types/api.ts';
import type { JsonObject, Schema } from '../types/json.ts';
import { isObject, listOf, textsOf } from './json.ts';
import { isJson } from './media-types.ts';
import { resolved, resolvedObject } from './references.ts';

/** The fixed fields of a Path Item Object that hold operations (OpenAPI 3.1 §4.8.9). */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];
/** RFC 9110 §9.2.1. */
const SAFE_METHODS = ['get', 'head', 'options', 'trace', 'query'];

/** An operation before its security is compared with the schemes of the document. */
export type BareOperation = Omit<Operation, 'alternatives' | 'scopes' | 'needsCertificate'>;

/** The operations of `paths`, in the order of the document. */
export function operationsOf(document: JsonObject): readonly BareOperation[] {
  return Object.entries(resolvedObject(document, document['paths']))
    .filter(([path]) => /^\/[^\s\\]*$/.test(path))
    .flatMap(([path, item]) => {
      const pathItem = resolvedObject(document, item);
      return Object.keys(pathItem)
        .filter((method) => METHODS.includes(method) && isObject(pathItem[method]))
        .map((method) => operationOf(document, path, pathItem, method))
        .concat(additionalOperations(document, path, pathItem));
    });
}

/** Those of methods that have no field of their own (OpenAPI 3.2 §4.9). */
function additionalOperations(document: JsonObject, path: string, pathItem: JsonObject): readonly BareOperation[] {
  const others = resolvedObject(document, pathItem['additionalOperations']);
  return Object.keys(others)
    .filter((method) => /^[A-Z!#$%&'*+.^_`|~-]+$/.test(method) && isObject(others[method]))
    .map((method) => operationOf(document, path, { ...pathItem, ...others }, method));
}

function operationOf(document: JsonObject, path: string, pathItem: JsonObject, method: string): BareOperation {
  const operation = resolvedObject(document, pathItem[method]);
  const requestBody = requestBodyOf(document, operation['requestBody']);
  const security = securityOf(document, operation);
  return {
    id: `${method.toUpperCase()} ${path}`,
    ...(typeof operation['operationId'] === 'string' && { operationId: operation['operationId'] }),
    method: method.toUpperCase(),
    path,
    isSafe: SAFE_METHODS.includes(method),
    // An empty list lets everyone in, and so does an empty alternative (OpenAPI 3.1 §4.8.30).
    isPublic: security.length === 0 || security.some(({ scopes }) => Object.keys(scopes).length === 0),
    security,
    parameters: parametersOf(document, path, pathItem, operation),
    ...(requestBody && { requestBody }),
    responses: Object.fromEntries(
      Object.entries(resolvedObject(document, operation['responses'])).map(([status, response]) => [
        status,
        contentsOf(document, resolvedObject(document, response)['content']),
      ]),
    ),
  };
}

/** The operation's own list replaces that of the document, also where it is empty. */
function securityOf(document: JsonObject, operation: JsonObject): readonly SecurityRequirement[] {
  const requirements = listOf(operation['security'] ?? document['security']).filter(isObject);
  return requirements.map((requirement) => ({
    scopes: Object.fromEntries(
      Object.entries(resolvedObject(document, requirement)).map(([scheme, scopes]) => [scheme, textsOf(scopes)]),
    ),
  }));
}

/** Those of the path, unless the operation has one of the same name and place. */
function parametersOf(
  document: JsonObject,
  path: string,
  pathItem: JsonObject,
  operation: JsonObject,
): readonly Parameter[] {
  const inPath = [...path.replace(/#.*$/, '').matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
  const parameters = [...listOf(pathItem['parameters']), ...listOf(operation['parameters'])]
    .map((one) => resolvedObject(document, one))
    .filter(isParameter)
    .filter(({ name, in: place }) => place !== 'path' || inPath.includes(String(name)))
    .map((one) => parameterOf(document, one));
  const described = new Map(parameters.map((one) => [`${one.in} ${one.name}`, one]));
  // What stands in the path is a parameter, whether it is described or not.
  for (const name of inPath)
    if (!described.has(`path ${name}`))
      described.set(`path ${name}`, { name, in: 'path', isRequired: true, isJoined: true, isJson: false });
  return [...described.values()];
}

/** One with a name that a request can have, and a place. */
function isParameter(one: JsonObject): boolean {
  const { name, in: place } = one;
  if (typeof name !== 'string') return false;
  if (place === 'header' || place === 'cookie') return /^[\w!#$%&'*+.^`|~-]+$/.test(name);
  return place === 'path' || place === 'query';
}

function parameterOf(document: JsonObject, parameter: JsonObject): Parameter {
  const [content] = contentsOf(document, parameter['content']);
  const place = String(parameter['in']) as Parameter['in'];
  const style = parameter['style'] ?? (place === 'query' || place === 'cookie' ? 'form' : 'simple');
  const schema = schemaOf(parameter['schema']) ?? content?.schema;
  const [example] = [
    ...examplesBeside(document, parameter),
    ...(content?.examples ?? []),
    ...examplesIn(document, schema),
  ];
  return {
    name: String(parameter['name']),
    in: place,
    isRequired: parameter['required'] === true,
    isJoined: style === 'simple' || parameter['explode'] === false,
    isJson: content !== undefined && isJson(content.mediaType),
    ...(schema !== undefined && { schema }),
    ...(example !== undefined && { example }),
  };
}

function requestBodyOf(document: JsonObject, value: unknown): RequestBody | undefined {
  if (value === undefined) return undefined;
  const body = resolvedObject(document, value);
  return { isRequired: body['required'] === true, content: contentsOf(document, body['content']) };
}

function contentsOf(document: JsonObject, contents: unknown): readonly Content[] {
  return Object.entries(resolvedObject(document, contents)).map(([mediaType, value]) => {
    const content = resolvedObject(document, value);
    const schema = schemaOf(content['schema']);
    return { mediaType, examples: examplesBeside(document, content), ...(schema !== undefined && { schema }) };
  });
}

/** `example` and `examples` of a Parameter or Media Type Object, which come before those in the schema. */
function examplesBeside(document: JsonObject, owner: JsonObject): readonly unknown[] {
  const named = Object.values(resolvedObject(document, owner['examples'])).map(
    (example) => resolvedObject(document, example)['value'],
  );
  return [owner['example'], ...named].filter((example) => example !== undefined);
}

/** The examples that a schema has itself. */
export function examplesIn(document: JsonObject, schema: Schema | undefined): readonly unknown[] {
  const found = resolved(document, schema);
  if (!isObject(found)) return [];
  return [found['example'], ...listOf(found['examples']), found['default']].filter((example) => example !== undefined);
}

function schemaOf(value: unknown): Schema | undefined {
  return isObject(value) || typeof value === 'boolean' ? value : undefined;
}
