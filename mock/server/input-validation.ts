import { isInRange, isJson, isRange } from '../document/media-types.ts';
import { propertiesOf } from '../document/samples.ts';
import { isObject } from '../document/json.ts';
import { resolved } from '../document/references.ts';
import type { Content, Operation, Parameter } from '../types/api.ts';
import type { Behaviour } from '../types/behaviour.ts';
import type { JsonObject, Schema } from '../types/json.ts';
import type { MockRequest } from '../types/request.ts';
import { header } from './request.ts';

/** What is wrong with the path, query, headers and body of a request. What the document does not describe is allowed. */
export const inputErrors: Behaviour['inputErrors'] = async (request, operation, pathParameters) => [
  ...operation.parameters.flatMap((parameter) => errorsOfParameter(request, parameter, pathParameters)),
  ...(await errorsOfBody(request, operation)),
];

function errorsOfParameter(
  request: MockRequest,
  parameter: Parameter,
  pathParameters: Readonly<Record<string, string>>,
): readonly string[] {
  if (parameter.in === 'cookie' || isIgnored(request, parameter)) return [];
  const { state } = request;
  const { schema } = parameter;
  // The members of an object are parameters of their own in most styles, and no schema is applied to them.
  if (typeOf(state.api.document, schema) === 'object' && !parameter.isJson) return [];
  const values = valuesOf(request, parameter, pathParameters);
  if (values.length === 0) return parameter.isRequired ? [`${parameter.name} is missing`] : [];
  if (schema === undefined) return [];
  return state.validator.errors(schema, valueOf(state.api.document, parameter, values));
}

function valuesOf(
  request: MockRequest,
  { name, in: place }: Parameter,
  pathParameters: Readonly<Record<string, string>>,
): readonly string[] {
  if (place === 'query') return new URLSearchParams(request.query).getAll(name);
  const value = place === 'path' ? pathParameters[name] : header(request, name);
  return value === undefined ? [] : [value];
}

function valueOf(document: JsonObject, { schema, isJson: isJsonText, isJoined }: Parameter, values: readonly string[]) {
  const [text = ''] = values;
  if (isJsonText) return parsedJson(text) ?? text;
  const isList = typeOf(document, schema) === 'array';
  const items = isList && isJoined ? values.flatMap((value) => value.split(',')) : values;
  return typed(document, schema, items);
}

/** These three are no parameters (OpenAPI 3.1 §4.8.12.1), and whether a key is there is another question. */
function isIgnored({ state }: MockRequest, { name, in: place }: Parameter): boolean {
  const isHeader = place === 'header';
  if (isHeader && ['authorization', 'accept', 'content-type'].includes(name.toLowerCase())) return true;
  const { operations, acceptedSchemes, schemes } = state.api;
  const isAsked = operations.some(({ alternatives }) => alternatives.length > 0);
  return (isAsked ? acceptedSchemes : Object.values(schemes)).some(({ carrier }) => {
    if (carrier?.in !== place) return false;
    return isHeader ? carrier.name.toLowerCase() === name.toLowerCase() : carrier.name === name;
  });
}

async function errorsOfBody(request: MockRequest, { requestBody }: Operation): Promise<readonly string[]> {
  if (!requestBody) return [];
  const bytes = await request.body();
  if (!bytes) return ['the body is too large'];
  if (bytes.length === 0) return requestBody.isRequired ? ['the body is missing'] : [];
  const sent = header(request, 'content-type') ?? '';
  const content = contentFor(requestBody.content, sent);
  if (!content) return [`a body of the type ${sent} is not described`];
  const { document } = request.state.api;
  const text = bytes.toString('utf8');
  if (isJson(sent)) {
    const value = parsedJson(text);
    if (value === undefined) return ['the body is no JSON'];
    return content.schema === undefined ? [] : request.state.validator.errors(content.schema, value);
  }
  // No schema is applied to a body of another type.
  if (!isInRange(sent, 'application/x-www-form-urlencoded') || content.schema === undefined) return [];
  return request.state.validator.errors(content.schema, fieldsOf(document, content.schema, text));
}

/** The most specific description of a type (OpenAPI 3.1 §4.8.13.1). */
function contentFor(contents: readonly Content[], sent: string): Content | undefined {
  const fitting = contents.filter(({ mediaType }) => isInRange(sent, mediaType));
  return fitting.find(({ mediaType }) => !isRange(mediaType)) ?? fitting[0];
}

function fieldsOf(document: JsonObject, schema: Schema, text: string): JsonObject {
  const fields = new URLSearchParams(text);
  const properties = propertiesOf(document, schema);
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const property = properties[name] as Schema | undefined;
      return [name, typed(document, property, fields.getAll(name))];
    }),
  );
}

/** The value undefined stands for a text that is no JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Texts as the type that a schema names. What is no number stays a text, which the schema refuses. */
function typed(document: JsonObject, schema: Schema | undefined, texts: readonly string[]): unknown {
  const type = typeOf(document, schema);
  const [text = ''] = texts;
  if (type === 'array') {
    const items = resolvedItems(document, schema);
    return texts.map((item) => typed(document, items, [item]));
  }
  if ((type === 'integer' || type === 'number') && /^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function typeOf(document: JsonObject, schema: Schema | undefined): unknown {
  const found = resolved(document, schema);
  return isObject(found) ? [found['type']].flat().find((type) => type !== 'null') : undefined;
}

function resolvedItems(document: JsonObject, schema: Schema | undefined): Schema | undefined {
  const found = resolved(document, schema);
  return isObject(found) ? (found['items'] as Schema | undefined) : undefined;
}
