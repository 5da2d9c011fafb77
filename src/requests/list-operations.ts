import type { Contract, Operation, Parameter } from '../model/contract.ts';
import { isObject } from '../openapi/json-pointer.ts';
import { reasonNotAnonymous, reasonNotPresentable } from '../openapi/security.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import type { PathValues } from '../model/target.ts';
import { prefixOf } from './example-requests.ts';

/** A path parameter whose value nothing gives, and the operation that may show one. */
export interface UnknownValue {
  /** The part of the path that the parameter ends: `/servers/{server_id}/zones/{zone_id}`. */
  readonly prefix: string;
  readonly parameter: Parameter;
  /** GET of the path before the parameter: `/servers/{server_id}/zones`. */
  readonly list: Operation;
}

/**
 * The path parameters that neither the setting nor an example gives a value, those that lead to others first, so that the
 * ids of one list are known when the next one is asked.
 */
export function unknownValues(contract: Contract, { given }: PathValues): readonly UnknownValue[] {
  const { operations } = contract;
  const found = new Map<string, UnknownValue>();
  for (const operation of operations) {
    if (!isAsked(contract, operation)) continue;
    for (const parameter of operation.parameters) {
      const { name, in: where, example } = parameter;
      if (where !== 'path' || example !== undefined || Object.hasOwn(given, name)) continue;
      const prefix = prefixOf(operation, name);
      const list = found.has(prefix) ? undefined : listOf(operations, prefix);
      if (list) found.set(prefix, { prefix, parameter, list });
    }
  }
  return [...found.values()].toSorted((one, other) => depthOf(one.prefix) - depthOf(other.prefix));
}

/** Whether anything is sent to an operation for its own sake: one that cannot be judged needs no path values. */
function isAsked(contract: Contract, operation: Operation): boolean {
  return reasonNotPresentable(contract, operation) === undefined || reasonNotAnonymous(operation) === undefined;
}

/** The list that shows what stands first of all ids in the path of an operation; undefined: the contract has none. */
export function listLeadingTo({ operations }: Contract, operation: Operation): Operation | undefined {
  const [, name] = /\{([^{}]+)\}/.exec(operation.path) ?? [];
  return name === undefined ? undefined : listOf(operations, prefixOf(operation, name));
}

function depthOf(path: string): number {
  return path.split('/').length;
}

/** The GET of the path before the parameter; where that path has none, the one that names the same in the plural. */
function listOf(operations: readonly Operation[], prefix: string): Operation | undefined {
  const before = /^(.*)\/\{[^/]*\}$/.exec(prefix)?.[1];
  if (before === undefined) return undefined;
  const paths = [before, `${before}s`, before.replace(/y$/, 'ies')];
  return paths
    .map((path) => operations.find((one) => one.method === 'GET' && withoutSlash(one.path) === path))
    .find((one) => one !== undefined);
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}

/** Lists are looked for this deep: `{"data": {"items": []}}`. */
const DEPTH = 3;

/**
 * The id of the first item in a list that could be a value of the parameter; undefined: the list shows none.
 *
 * @param body of the response of the list operation, as JSON
 */
export function shownId(
  body: unknown,
  { parameter, prefix }: Pick<UnknownValue, 'parameter' | 'prefix'>,
  validators: SchemaValidators,
): string | undefined {
  const resource = prefix.split('/').at(-2) ?? '';
  const { schema } = parameter;
  // In a path a number is text.
  const isOfSchema = (value: unknown): boolean =>
    schema === undefined || [value, String(value)].some((one) => validators.errors(schema, one).length === 0);
  // What is redacted in a response is no id.
  const isValue = (value: unknown): value is string | number =>
    ((typeof value === 'string' && value !== '' && !value.includes('«')) || Number.isSafeInteger(value)) &&
    isOfSchema(value);
  for (const item of firstList(body, DEPTH) ?? []) {
    const values = isObject(item) ? idMembers(item, parameter.name, resource) : [item];
    const value = values.find(isValue);
    if (value !== undefined) return String(value);
  }
  return undefined;
}

function firstList(value: unknown, depth: number): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (!isObject(value) || depth === 0) return undefined;
  return Object.values(value)
    .map((member) => firstList(member, depth - 1))
    .find((list) => list !== undefined && list.length > 0);
}

/** The members that could be the id of an item: the one with the parameter's own name first. */
function idMembers(item: Readonly<Record<string, unknown>>, parameter: string, resource: string): readonly unknown[] {
  const wanted = [parameter, `${resource.replace(/s$/, '')}id`, 'id', 'uuid', 'identifier', 'key', 'slug', 'name'];
  return wanted.flatMap((name) => {
    const member = Object.keys(item).find((key) => plain(key) === plain(name));
    return member === undefined ? [] : [item[member]];
  });
}

/** Names without what spellings differ in: `zone_id` and `zoneId`. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
