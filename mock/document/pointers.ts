import type { JsonObject } from '../types/json.ts';
import { isObject } from './json.ts';

/** What a JSON Pointer (RFC 6901) leads to; undefined where nothing is there. */
export function valueAt(value: unknown, pointer: string): unknown {
  return partsOf(pointer).reduce<unknown>(
    (found, part) => (typeof found === 'object' && found !== null ? (found as JsonObject)[part] : undefined),
    value,
  );
}

/** The object with a member set; objects on the way to it are made. */
export function withValueAt(value: unknown, pointer: string, set: unknown): JsonObject {
  return changed(value, partsOf(pointer), set);
}

/** The object without the member. */
export function withoutValueAt(value: JsonObject, pointer: string): JsonObject {
  return valueAt(value, pointer) === undefined ? value : changed(value, partsOf(pointer), undefined);
}

/** @param set undefined takes the member out, since JSON has no such value */
function changed(value: unknown, [first = '', ...rest]: readonly string[], set: unknown): JsonObject {
  const object = isObject(value) ? value : {};
  return { ...object, [first]: rest.length === 0 ? set : changed(object[first], rest, set) };
}

function partsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
