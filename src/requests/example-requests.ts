import { createHash } from 'node:crypto';
import type { Contract, Operation, Parameter } from '../model/contract.ts';
import { inertBody } from './inert-body.ts';
import { encodeBody } from '../openapi/media-type.ts';
import { isObject, nodeAt } from '../openapi/json-pointer.ts';
import { sampleOf } from './schema-sample.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';

/** A request for an operation, without a credential and without the base URL. */
export interface OperationRequest {
  /** The template filled in and percent-encoded, with the query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

type Valued = (parameter: Parameter) => unknown;

/** The request that the contract's examples make: what is required is in it, the rest is left out. */
export function exampleRequest(contract: Contract, operation: Operation): OperationRequest {
  return requestOf(contract, operation, exampleIn(contract), exampleBody(contract, operation));
}

/**
 * The example request for a resource that does not exist. Only for an operation that has a path parameter, and only for a
 * safe one or where an effect is welcome: the body is valid, and some operations create what does not exist.
 */
export function unknownResourceRequest(contract: Contract, operation: Operation): OperationRequest {
  if (!hasPathParameter(operation)) throw new Error(`${operation.id} has no path parameter that could name a resource`);
  return requestOf(contract, operation, unknownIn(contract, operation), exampleBody(contract, operation));
}

/**
 * A request without effect even where the key in it is accepted: a body that is proven invalid, for a resource that does
 * not exist. Either is enough, with one exception: PUT may create what does not exist (RFC 9110 §9.3.4), so a PUT that has
 * a body needs an invalid one. A safe operation has no effect as it is.
 */
export function inertRequest(
  contract: Contract,
  operation: Operation,
  validators: SchemaValidators,
): OperationRequest | { readonly impossible: string } {
  if (operation.isSafe) return exampleRequest(contract, operation);
  const invalid = operation.body && inertBody(contract, operation.body, validators);
  if (!invalid && operation.body && operation.method === 'PUT') {
    return {
      impossible: `${operation.id} cannot be asked without effect: its schema refuses no body, and a PUT may create`,
    };
  }
  if (!invalid && !hasPathParameter(operation)) {
    const why = operation.body ? 'its schema refuses no body' : 'it has no body that could be invalid';
    return { impossible: `${operation.id} cannot be asked without effect: ${why}, and its path names no resource` };
  }
  return requestOf(contract, operation, unknownIn(contract, operation), invalid ?? exampleBody(contract, operation));
}

function requestOf(
  contract: Contract,
  operation: Operation,
  valued: Valued,
  body?: { readonly value: unknown },
): OperationRequest {
  const sent = operation.parameters.filter((parameter) => parameter.required && !isCredential(contract, parameter));
  const of = (where: Parameter['in']): readonly Parameter[] => sent.filter((parameter) => parameter.in === where);
  const path = of('path').reduce(
    (filled, parameter) => filled.replaceAll(`{${parameter.name}}`, inPath(valued(parameter))),
    // What stands behind a # tells operations of one path apart, and is never sent.
    operation.path.replace(/#.*$/, ''),
  );
  const query = new URLSearchParams(of('query').flatMap((parameter) => pairs(parameter, valued(parameter)))).toString();
  const cookie = of('cookie').map((parameter) => `${parameter.name}=${inPath(valued(parameter))}`);
  const encoded = operation.body && body && encodeBody(operation.body.mediaType, body.value);
  return {
    path: query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`,
    headers: [
      ...(encoded ? [['Content-Type', encoded.contentType] as const] : []),
      ...of('header').map((parameter) => [parameter.name, String(valued(parameter)).replace(/[\r\n]+/g, ' ')] as const),
      ...(cookie.length > 0 ? [['Cookie', cookie.join('; ')] as const] : []),
    ],
    ...(encoded && { body: encoded.text }),
  };
}

function exampleIn({ document }: Contract): Valued {
  return ({ example, schema }) => {
    const node = schema === undefined ? undefined : nodeAt(document, schema);
    return example ?? (node ? sampleOf(document, node) : 'sample');
  };
}

function exampleBody(contract: Contract, { body }: Operation): { readonly value: unknown } | undefined {
  if (!body || (!body.required && body.example === undefined)) return undefined;
  const node = body.schema === undefined ? undefined : nodeAt(contract.document, body.schema);
  return { value: body.example ?? (node ? sampleOf(contract.document, node) : {}) };
}

function hasPathParameter(operation: Operation): boolean {
  return operation.parameters.some((parameter) => parameter.in === 'path');
}

/** Ids are the same in every run, so that an API's owner can find them in a log; nobody hands them out. */
function unknownIn(contract: Contract, operation: Operation): Valued {
  const example = exampleIn(contract);
  return (parameter) => {
    if (parameter.in !== 'path') return example(parameter);
    const hash = createHash('sha256').update(`${operation.path} ${parameter.name}`).digest('hex');
    const schema = parameter.schema === undefined ? undefined : nodeAt(contract.document, parameter.schema)?.value;
    const { type: types, format } = isObject(schema) ? schema : {};
    const number = Number.parseInt(hash.slice(0, 7), 16);
    const isNumber = [types].flat().some((type) => type === 'integer' || type === 'number');
    if (isNumber) return format === 'int32' ? 1_800_000_000 + number : 8_000_000_000_000_000 + number;
    if (format === 'uuid') return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
    return `inert-${hash.slice(0, 12)}`;
  };
}

/** A key is put in by whoever sends the request. OpenAPI says to ignore the other two names as parameters. */
function isCredential({ schemes }: Contract, { name, in: where }: Parameter): boolean {
  const isHeader = where === 'header';
  if (isHeader && /^(?:authorization|accept|content-type)$/i.test(name)) return true;
  return Object.values(schemes).some(
    (scheme) =>
      scheme.in === where &&
      (isHeader ? scheme.parameter?.toLowerCase() === name.toLowerCase() : scheme.parameter === name),
  );
}

/** `style: simple`, the default of a path parameter. The other styles are not written. */
function inPath(value: unknown): string {
  if (Array.isArray(value)) return value.map(inPath).join(',');
  if (isObject(value)) return Object.entries(value).flat().map(inPath).join(',');
  return encodeURIComponent(String(value));
}

/** `style: form` with `explode`, the default of a query parameter. */
function pairs({ name }: Parameter, value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.map((item) => [name, String(item)]);
  if (isObject(value)) return Object.entries(value).map(([key, member]) => [key, String(member)]);
  return [[name, String(value)]];
}
