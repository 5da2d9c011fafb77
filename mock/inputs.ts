import type { Operation, Parameter, RequestBody } from '../src/model/contract.ts';
import { isFormData, isJson } from '../src/openapi/media-type.ts';
import { descend, isObject, type DocumentNode, nodeAt } from '../src/openapi/json-pointer.ts';
import type { Behaviour } from './behaviour.ts';
import { type Call, header } from './call.ts';

/** What is wrong with a request's path, query, headers and body; nothing that the contract does not describe is. */
export const mistakes: Behaviour['mistakes'] = async (call, operation, inPath) => [
  ...operation.parameters.flatMap((parameter) => mistakesOfParameter(call, parameter, inPath)),
  ...(await mistakesOfBody(call, operation)),
];

function mistakesOfParameter(
  call: Call,
  parameter: Parameter,
  inPath: Readonly<Record<string, string>>,
): readonly string[] {
  const values = valuesOf(call, parameter, inPath);
  if (parameter.in === 'cookie' || isCredential(call, parameter)) return [];
  if (values.length === 0) return parameter.required ? [`${parameter.name} is missing`] : [];
  if (parameter.schema === undefined) return [];
  const value = typed(values, call.world.contract.document, nodeAt(call.world.contract.document, parameter.schema));
  return call.world.validators.errors(parameter.schema, value);
}

function valuesOf(
  call: Call,
  { name, in: where }: Parameter,
  inPath: Readonly<Record<string, string>>,
): readonly string[] {
  if (where === 'query') return new URLSearchParams(call.query).getAll(name);
  const value = where === 'path' ? inPath[name] : header(call, name);
  return value === undefined ? [] : [value];
}

/** Some documents list the key's own header among the parameters; whether a key is there is another question. */
function isCredential({ world }: Call, { name, in: where }: Parameter): boolean {
  const isSame = (other = ''): boolean => other.toLowerCase() === name.toLowerCase();
  const isOwn = Object.values(world.contract.schemes).some((scheme) => scheme.in === where && isSame(scheme.parameter));
  return isOwn || (where === 'header' && ['authorization', 'accept', 'content-type'].some(isSame));
}

async function mistakesOfBody(call: Call, { body }: Operation): Promise<readonly string[]> {
  if (!body) return [];
  const bytes = await call.body();
  if (!bytes) return ['the body is too large'];
  if (bytes.length === 0) return body.required ? ['the body is missing'] : [];
  const sent = header(call, 'content-type') ?? '';
  if (isJson(body.mediaType) !== isJson(sent) || isFormData(body.mediaType) !== isFormData(sent)) {
    return [`the body is not ${body.mediaType}`];
  }
  const value = parsed(call, body, bytes.toString('utf8'));
  if (value === undefined) return [`the body is no ${body.mediaType}`];
  return body.schema === undefined || value === UNREAD ? [] : call.world.validators.errors(body.schema, value);
}

/** A body of a kind that no schema is applied to. */
const UNREAD = Symbol('unread');

function parsed(call: Call, { mediaType, schema }: RequestBody, text: string): unknown {
  if (isJson(mediaType)) {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }
  if (!mediaType.toLowerCase().startsWith('application/x-www-form-urlencoded')) return UNREAD;
  const { document } = call.world.contract;
  const place = schema === undefined ? undefined : nodeAt(document, schema);
  const fields = new URLSearchParams(text);
  const names = [...new Set(fields.keys())];
  const propertyOf = (name: string): DocumentNode | undefined => place && descend(document, place, 'properties', name);
  return Object.fromEntries(names.map((name) => [name, typed(fields.getAll(name), document, propertyOf(name))]));
}

/** Outside JSON everything is text; what is no number stays text, for the schema to refuse. */
function typed(texts: readonly string[], document: unknown, schema: DocumentNode | undefined): unknown {
  const resolved = schema && descend(document, schema);
  const type = isObject(resolved?.value) ? [resolved.value['type']].flat()[0] : undefined;
  const [text = ''] = texts;
  if (type === 'array') return texts;
  if ((type === 'integer' || type === 'number') && /^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
