import type { Contract, Operation, RequestBody } from '../model/contract.ts';
import type { PlannedRequest, ProofOfNoEffect } from '../model/request.ts';
import { parseMediaType } from '../fields/field-parser.ts';
import { remembered } from '../fields/remembered.ts';
import { isJson } from '../openapi/media-type.ts';
import { decoded, descend, type DocumentNode, members, nodeAt, schemaPointerBelow } from '../openapi/json-pointer.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import { readBodyAs } from './read-body.ts';

/** A request as text; a key in it stands as it is, or as its name where nobody may see it. */
export interface RequestText {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | undefined;
}

/** RFC 9110 §9.2.1, RFC 10008. Any other method may change something. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);
/** The one method of the catalogue that exists nowhere. */
const NO_METHOD = 'FOO';

/** Where servers look for another method than the one of the request line. */
const OTHER_METHOD_HEADER = /^x-(http-)?method(-override)?$/i;
const OTHER_METHOD_PARAMETER = /[?&](?:_method|x-http-method(?:-override)?)=([^&#]*)/gi;

/** Depth at which a search for names of members ends, because schemas may be cyclic. */
const DEPTH = 8;

/** @param spelling what writes the parts of a text down: `openText` or `redactedText` */
export function requestText(
  { method, target, headers, body }: Pick<PlannedRequest, 'method' | 'target' | 'headers' | 'body'>,
  spelling: (text: PlannedRequest['target']) => string,
): RequestText {
  return {
    method,
    target: spelling(target),
    headers: headers.map(([name, value]) => [name, spelling(value)]),
    ...(body !== undefined && { body: spelling(body) }),
  };
}

/** Whether nothing in the request names a method that may change something. A header that could name one counts as unsafe. */
export function isSafeRequest({ method, target, headers }: RequestText): boolean {
  return (
    SAFE_METHODS.has(method.toUpperCase()) &&
    !headers.some(([name]) => OTHER_METHOD_HEADER.test(name)) &&
    [...target.matchAll(OTHER_METHOD_PARAMETER)].length === 0
  );
}

/**
 * Why a request on an unsafe method has no effect; undefined: nothing proves it. The body is judged as it is sent, since a
 * server may read another media type than the documented one by the same schema.
 *
 * @param id a value in the path that nothing has
 */
export function proofOfNoEffect(
  contract: Contract,
  operation: Operation,
  validators: SchemaValidators,
  request: RequestText,
  id?: string,
): ProofOfNoEffect | undefined {
  const mediaType = mediaTypeOf(request) ?? '';
  const schemas = request.method === operation.method ? schemasOfBody(contract, operation, mediaType) : [];
  const { method, body } = operation;
  const needsNone = request.method === method && body !== undefined && actsWithoutBody(method, body, validators);
  // A DELETE is carried out whatever its body is, unless the operation documents one.
  const looksAtBody = !needsNone && (request.method !== 'DELETE' || schemas.length > 0);
  const candidates: readonly ProofOfNoEffect[] = [
    { by: 'method' },
    ...(looksAtBody ? [{ by: 'syntax', mediaType } as const, { by: 'schema', mediaType, schemas } as const] : []),
    ...(id === undefined ? [] : [{ by: 'id', id } as const]),
  ];
  return candidates.find((proof) => isProven(proof, contract, validators, request));
}

/**
 * Nothing has to be said to the operation: it is carried out without a body as well, and so may be a server that takes a wrong
 * body for none. JupyterHub shuts down for `POST /shutdown` with `[]`, since an empty list is no body to Python. A PATCH that
 * says nothing changes nothing.
 */
export function actsWithoutBody(
  method: string,
  { required, schema }: RequestBody,
  validators: SchemaValidators,
): boolean {
  return !required && method !== 'PATCH' && (schema === undefined || validators.errors(schema, {}).length === 0);
}

/** Whether the proof holds for the request as it is sent. */
export function isProven(
  proof: ProofOfNoEffect,
  contract: Contract,
  validators: SchemaValidators,
  request: RequestText,
): boolean {
  const { body } = request;
  switch (proof.by) {
    case 'method':
      return methodsOf(request).every((method) => method === NO_METHOD || SAFE_METHODS.has(method));
    case 'id':
      return namesNothing(request, proof.id);
    case 'syntax':
      return body !== undefined && isTypeOf(proof, request) && readBodyAs(proof.mediaType, body)?.as === 'malformed';
    case 'schema':
      return (
        body !== undefined &&
        isTypeOf(proof, request) &&
        proof.schemas.length > 0 &&
        proof.schemas.every((schema) => refuses(contract, validators, schema, proof.mediaType, body))
      );
  }
}

/**
 * Whether the schema refuses a body. In a form everything is text, and servers differ in what they make of it: they take
 * unknown fields away, turn texts into numbers and single values into lists. It is refused where each of them refuses it.
 */
export function refuses(
  contract: Contract,
  validators: SchemaValidators,
  schema: string,
  mediaType: string,
  body: string,
): boolean {
  const read = readBodyAs(mediaType, body);
  if (read?.as === 'json') return validators.errors(schema, read.value).length > 0;
  if (read?.as !== 'form') return false;
  const known = new Set(propertiesOf(contract, schema).map(({ key }) => key));
  const readings = [read.fields, read.fields.filter(([name]) => known.has(name))].flatMap((fields) =>
    COERCIONS.map((coerced) => objectOf(fields, coerced)),
  );
  return readings.every((value) => validators.errors(schema, value).length > 0);
}

/** The properties that a schema names, in whatever part of it. */
export function propertiesOf({ document }: Contract, schema: string): readonly (DocumentNode & { key: string })[] {
  const seen = new Set<string>();
  const found = (node: DocumentNode | undefined, depth: number): readonly (DocumentNode & { key: string })[] => {
    // A part that is there twice has the same properties.
    if (!node || depth === 0 || seen.has(node.pointer)) return [];
    seen.add(node.pointer);
    const parts = ['allOf', 'oneOf', 'anyOf'].flatMap((keyword) => members(document, descend(document, node, keyword)));
    const own = members(document, descend(document, node, 'properties'));
    return [...own, ...parts.flatMap((part) => found(part, depth - 1))];
  };
  const node = nodeAt(document, schema);
  return found(node && descend(document, node), DEPTH);
}

/** What servers make of the text of a field. */
const COERCIONS: readonly ((text: string) => unknown)[] = [
  (text) => text,
  scalar,
  (text) => [text],
  (text) => [scalar(text)],
];

function scalar(text: string): unknown {
  if (text === '' || text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function objectOf(
  fields: readonly (readonly [string, string])[],
  coerced: (text: string) => unknown,
): Record<string, unknown> {
  const texts = new Map<string, string[]>();
  for (const [name, text] of fields) texts.set(name, [...(texts.get(name) ?? []), text]);
  return Object.fromEntries(
    [...texts].map(([name, all]) => [name, all.length > 1 ? all.map(scalar) : coerced(all[0] ?? '')]),
  );
}

const schemasOfBodies = remembered<Contract, WeakMap<Operation, Map<string, readonly string[]>>>(() => new WeakMap());

/** The schemas that a server may read the body by: the one of the documented type, and the one of the type that is sent. */
export function schemasOfBody(contract: Contract, operation: Operation, mediaType: string): readonly string[] {
  const byOperation = schemasOfBodies(contract);
  const byType = byOperation.get(operation) ?? new Map<string, readonly string[]>();
  byOperation.set(operation, byType);
  const schemas = byType.get(mediaType) ?? findSchemasOfBody(contract, operation, mediaType);
  byType.set(mediaType, schemas);
  return schemas;
}

function findSchemasOfBody({ document }: Contract, { body, pointer }: Operation, mediaType: string): readonly string[] {
  const essence = parseMediaType(mediaType)?.essence;
  const operation = nodeAt(document, pointer);
  const content = operation && descend(document, operation, 'requestBody', 'content');
  const sent = members(document, content).find(({ key }) => parseMediaType(key)?.essence === essence);
  const own = sent && schemaPointerBelow(document, sent, 'schema');
  return [...new Set([own, body?.schema].filter((schema) => schema !== undefined))];
}

function mediaTypeOf({ headers }: RequestText): string | undefined {
  return headers.findLast(([name]) => name.toLowerCase() === 'content-type')?.[1];
}

/** One media type for all Content-Type lines, so that no server reads the body in another one. */
function isTypeOf({ mediaType }: { readonly mediaType: string }, { headers }: RequestText): boolean {
  const types = headers.filter(([name]) => name.toLowerCase() === 'content-type').map(([, value]) => value);
  return types.length > 0 && types.every((type) => type === mediaType || (isJson(type) && isJson(mediaType)));
}

function methodsOf({ method, target, headers }: RequestText): readonly string[] {
  return [
    method,
    ...headers.filter(([name]) => OTHER_METHOD_HEADER.test(name)).map(([, value]) => value),
    ...[...target.matchAll(OTHER_METHOD_PARAMETER)].map(([, value = '']) => decoded(value)),
  ].map((name) => name.trim().toUpperCase());
}

/**
 * Whether the request is about something below or at an id that nothing has. PUT creates what it is sent to (RFC 9110
 * §9.3.4), and PATCH and POST may (RFC 5789 §2): of these only a request below the id is without effect.
 */
function namesNothing(request: RequestText, id: string): boolean {
  const { target, headers } = request;
  const place = [target, ...headers.map(([, value]) => value)].find((text) =>
    text.toLowerCase().includes(id.toLowerCase()),
  );
  if (id === '' || place === undefined) return false;
  const path = place.replace(/[?#].*$/, '').toLowerCase();
  const below = path.slice(path.lastIndexOf(id.toLowerCase()) + id.length);
  return methodsOf(request).every(
    (method) =>
      method === 'DELETE' ||
      SAFE_METHODS.has(method) ||
      ((method === 'POST' || method === 'PATCH') && /^[^/]*\/+[^/]*[a-z]/.test(below)),
  );
}
