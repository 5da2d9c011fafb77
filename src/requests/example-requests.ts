import { createHash } from 'node:crypto';
import type { Contract, Operation, Parameter } from '../model/contract.ts';
import { inertBody } from './inert-body.ts';
import { actsWithoutBody } from './proof-of-no-effect.ts';
import { encodeBody } from '../openapi/media-type.ts';
import { isCredential, placeOfParameter } from '../openapi/required-parameters.ts';
import { follow, isObject, nodeAt } from '../openapi/json-pointer.ts';
import { sampleOf } from './schema-sample.ts';
import type { PathValues } from '../model/target.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';

/** A request for an operation, without a credential and without the base URL. */
export interface OperationRequest {
  /** The template filled in and percent-encoded, with the query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** The value in the path that nothing has, as it stands there; absent: every value may lead to something. */
  readonly madeUpId?: string;
}

type Valued = (parameter: Parameter) => unknown;

/** Nothing is known of the target. */
const NO_PATH_VALUES: PathValues = { given: {}, read: {} };

/** The request that the contract's examples make: what is required is in it, the rest is left out. */
export function exampleRequest(
  contract: Contract,
  operation: Operation,
  pathValues: PathValues = NO_PATH_VALUES,
): OperationRequest {
  return requestOf(
    contract,
    operation,
    knownIn(contract, operation, pathValues),
    undefined,
    exampleBody(contract, operation),
  );
}

/**
 * The example request for a resource that does not exist. Only for an operation that has a path parameter, and only for a
 * safe one or where an effect is welcome: the body is valid, and some operations create what does not exist.
 */
export function unknownResourceRequest(
  contract: Contract,
  operation: Operation,
  validators: SchemaValidators,
  pathValues: PathValues = NO_PATH_VALUES,
): OperationRequest | { readonly impossible: string } {
  if (!lastPathParameter(operation))
    throw new Error(`${operation.id} has no path parameter that could name a resource`);
  const known = knownIn(contract, operation, pathValues);
  const id = madeUpId(contract, operation, validators, known, pathValues);
  if (!id) return { impossible: `${operation.id} takes no id that could be made up` };
  return requestOf(contract, operation, known, id, exampleBody(contract, operation));
}

/**
 * A request without effect even where the key in it is accepted: a body that is proven invalid, for a resource that does
 * not exist. Either is enough, with one exception: what is sent to an address that ends in the id may create what does not
 * exist (PUT by RFC 9110 §9.3.4, PATCH by RFC 5789 §2, POST where an API says so), so there the body has to be invalid. A
 * safe operation has no effect as it is.
 */
export function inertRequest(
  contract: Contract,
  operation: Operation,
  validators: SchemaValidators,
  pathValues: PathValues = NO_PATH_VALUES,
): OperationRequest | { readonly impossible: string } {
  if (operation.isSafe) return exampleRequest(contract, operation, pathValues);
  const known = knownIn(contract, operation, pathValues);
  const id = madeUpId(contract, operation, validators, known, pathValues);
  const invalid = inertBody(contract, operation, validators);
  if (!invalid && id && mayCreate(operation)) {
    const why = whyNotInvalid(operation, validators);
    return {
      impossible: `${operation.id} cannot be asked without effect: ${why}, and a ${operation.method} may create`,
    };
  }
  if (!invalid && !id) {
    const why = whyNotInvalid(operation, validators);
    const where = lastPathParameter(operation) ? 'takes no id that could be made up' : 'names no resource';
    return { impossible: `${operation.id} cannot be asked without effect: ${why}, and its path ${where}` };
  }
  return requestOf(contract, operation, known, id, invalid ?? exampleBody(contract, operation));
}

function whyNotInvalid({ method, body }: Operation, validators: SchemaValidators): string {
  if (!body) return 'it has no body that could be invalid';
  return actsWithoutBody(method, body, validators)
    ? 'it needs no body, so it may be carried out whatever the body is'
    : 'its schema refuses no body';
}

/** Whether a request for what does not exist may create it. */
function mayCreate({ method, path }: Operation): boolean {
  return (
    method === 'PUT' || ((method === 'POST' || method === 'PATCH') && /\{[^}]*\}[^/]*$/.test(path.replace(/#.*$/, '')))
  );
}

function requestOf(
  contract: Contract,
  operation: Operation,
  valued: Valued,
  id: MadeUpId | undefined,
  body: { readonly value: unknown } | undefined,
): OperationRequest {
  const sent = operation.parameters.filter((parameter) => parameter.required && !isCredential(contract, parameter));
  const of = (where: Parameter['in']): readonly Parameter[] => sent.filter((parameter) => parameter.in === where);
  const path = of('path').reduce(
    (filled, parameter) =>
      filled.replaceAll(`{${parameter.name}}`, inPath(id?.parameter === parameter ? id.value : valued(parameter))),
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
      ...of('header').map((parameter) => [parameter.name, asFieldValue(valued(parameter))] as const),
      ...(cookie.length > 0 ? [['Cookie', cookie.join('; ')] as const] : []),
    ],
    ...(encoded && { body: encoded.text }),
    ...(id && { madeUpId: inPath(id.value) }),
  };
}

/** RFC 9110 §5.5: a field value is one line without control characters. */
function asFieldValue(value: unknown): string {
  // eslint-disable-next-line no-control-regex -- that is what it takes out
  return (isObject(value) ? JSON.stringify(value) : String(value)).replace(/[\0-\x1f\x7f]+/g, ' ').trim();
}

/** The value of a parameter, from what is nearest to the target: the setting, an example, a list of the target, a sample. */
function knownIn({ document }: Contract, operation: Operation, { given, read, beside = {} }: PathValues): Valued {
  const last = lastPathParameter(operation);
  return (parameter) => {
    const { example, schema, name, in: where } = parameter;
    const set = where === 'path' ? ownValue(given, name) : ownValue(beside, placeOfParameter(parameter));
    const node = schema === undefined ? undefined : nodeAt(document, schema);
    // What the target has was not offered for a change: only what leads to it is taken there.
    const mayRead = where === 'path' && (operation.isSafe || parameter !== last);
    const shown = mayRead ? read[prefixOf(operation, name)] : undefined;
    return set ?? example ?? shown ?? (node ? sampleOf(document, node) : 'sample');
  };
}

function ownValue(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The part of the path that ends with the parameter: `/servers/{server_id}`. */
export function prefixOf({ path }: Operation, name: string): string {
  const place = `{${name}}`;
  return path.slice(0, path.indexOf(place) + place.length);
}

function exampleBody(contract: Contract, { body }: Operation): { readonly value: unknown } | undefined {
  if (!body || (!body.required && body.example === undefined)) return undefined;
  const node = body.schema === undefined ? undefined : nodeAt(contract.document, body.schema);
  return { value: body.example ?? (node ? sampleOf(contract.document, node) : {}) };
}

/** The parameter that stands last in the path: it names the resource, and those before it lead there. */
function lastPathParameter({ path, parameters }: Operation): Parameter | undefined {
  return parameters
    .filter((one) => one.in === 'path' && path.includes(`{${one.name}}`))
    .toSorted((one, other) => path.lastIndexOf(`{${one.name}}`) - path.lastIndexOf(`{${other.name}}`))
    .at(-1);
}

interface MadeUpId {
  readonly parameter: Parameter;
  readonly value: string | number;
}

/**
 * An id that nothing has, in the place of the last path parameter; undefined where its schema allows none that could be
 * made up. Ids are the same in every run, so that an API's owner can find them in a log; nobody hands them out.
 */
function madeUpId(
  contract: Contract,
  operation: Operation,
  validators: SchemaValidators,
  known: Valued,
  { read }: PathValues,
): MadeUpId | undefined {
  const parameter = lastPathParameter(operation);
  if (!parameter) return undefined;
  const hash = createHash('sha256').update(`${operation.path} ${parameter.name}`).digest('hex');
  const { schema } = parameter;
  // An id that the target shows is not sent in a change, but it shows what ids look like.
  const usual = String(read[prefixOf(operation, parameter.name)] ?? known(parameter));
  const value = candidateIds(contract, parameter, hash, usual).find(
    (candidate) =>
      String(candidate) !== usual && (schema === undefined || validators.errors(schema, candidate).length === 0),
  );
  return value === undefined ? undefined : { parameter, value };
}

function candidateIds(
  { document }: Contract,
  { schema: pointer }: Parameter,
  hash: string,
  usual: string,
): readonly (string | number)[] {
  const node = pointer === undefined ? undefined : nodeAt(document, pointer);
  const schema = node && follow(document, node)?.value;
  const { type: types, format, maxLength } = isObject(schema) ? schema : {};
  const number = Number.parseInt(hash.slice(0, 7), 16);
  const large = [8_000_000_000_000_000 + number, 1_800_000_000 + number];
  if ([types].flat().some((type) => type === 'integer' || type === 'number'))
    return format === 'int32' ? large.slice(1) : large;
  const uuid = hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
  const tail = /[A-Za-z0-9]*$/.exec(usual)?.[0] ?? '';
  const longest = typeof maxLength === 'number' ? maxLength : hash.length;
  return [
    ...(format === 'uuid' ? [uuid] : []),
    `inert-${hash.slice(0, 12)}`,
    uuid,
    ...large.map(String),
    ...(longest >= SHORTEST_ID ? [hash.slice(0, Math.min(longest, 24)), hash.slice(0, longest)] : []),
    // A pattern is kept to by writing other letters and digits where an id that is known has some: all of them, or those
    // behind what names its kind.
    ...(usual.length >= SHORTEST_ID ? [likeness(usual, hash)] : []),
    ...(tail.length >= SHORTEST_ID ? [usual.slice(0, -tail.length) + likeness(tail, hash)] : []),
  ];
}

/** In characters. A shorter id could be one that somebody has. */
const SHORTEST_ID = 8;

function likeness(usual: string, hash: string): string {
  return usual.replace(/[A-Za-z0-9]/g, (character, index: number) => {
    const step = 1 + (Number.parseInt(hash.charAt(index % hash.length), 16) % 9);
    const sort = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'].find((one) =>
      one.includes(character),
    );
    return sort ? sort.charAt((sort.indexOf(character) + step) % sort.length) : character;
  });
}

/** `style: simple`, the default of a path parameter. The other styles are not written. */
function inPath(value: unknown): string {
  if (Array.isArray(value)) return value.map(inPath).join(',');
  if (isObject(value)) return Object.entries(value).flat().map(inPath).join(',');
  return encodeURIComponent(wellFormed(String(value)));
}

/** Half a character, which JSON can hold and no URL, becomes U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** `style: form` with `explode`, the default of a query parameter. */
function pairs({ name }: Parameter, value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.map((item) => [name, String(item)]);
  if (isObject(value)) return Object.entries(value).map(([key, member]) => [key, String(member)]);
  return [[name, String(value)]];
}
