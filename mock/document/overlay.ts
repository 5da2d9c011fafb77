import { paths } from 'jsonpath-rfc9535';
import { isObject, listOf } from './json.ts';
import { inTime } from './time-limit.ts';

type Place = readonly (string | number)[];

/**
 * The document after the actions of an OpenAPI Overlay of version 1.0 or 1.1.
 *
 * @throws Error where an action cannot be carried out
 */
export function withOverlay(document: unknown, overlay: unknown): unknown {
  let current = document;
  for (const action of isObject(overlay) ? listOf(overlay['actions']) : []) {
    if (!isObject(action)) throw new Error('has an action that is none.');
    const places = placesOf(current, String(action['target'])).reverse();
    const [source] = 'copy' in action ? placesOf(current, String(action['copy'])) : [];
    const update = source ? at(current, source) : action['update'];
    for (const place of places) current = changed(current, place, action['remove'] === true ? undefined : { update });
  }
  return current;
}

function placesOf(document: unknown, query: string): Place[] {
  const found = inTime(() => paths(document as never, query));
  if (!found) throw new Error('has a target that takes too long.');
  return found.map((text) =>
    [...text.matchAll(/\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]/g)].map(([, name, index]) =>
      index === undefined
        ? String(JSON.parse(`"${(name ?? '').replace(/\\'/g, "'").replace(/"/g, '\\"')}"`))
        : Number(index),
    ),
  );
}

function at(value: unknown, place: Place): unknown {
  return place.reduce<unknown>((owner, name) => (owner as Record<string, unknown>)[name], value);
}

/** A copy of a value in which another one stands at the place, or nothing does. */
function changed(value: unknown, [name, ...rest]: Place, change: { readonly update: unknown } | undefined): unknown {
  if (name === undefined) return change ? together(value, change.update) : value;
  if (Array.isArray(value)) {
    if (rest.length === 0 && !change) return value.filter((_, index) => index !== name);
    return value.map((item: unknown, index) => (index === name ? changed(item, rest, change) : item));
  }
  if (!isObject(value)) return value;
  const { [name]: member, ...others } = value;
  if (rest.length === 0 && !change) return others;
  return { ...value, [name]: changed(member, rest, change) };
}

function together(value: unknown, update: unknown): unknown {
  if (update === undefined) return value;
  if (Array.isArray(value)) return [...(value as unknown[]), ...[update].flat()];
  if (!isObject(value) || !isObject(update)) return update;
  const members = Object.entries(update).map(([name, member]) => [
    name,
    Object.hasOwn(value, name) ? together(value[name], member) : member,
  ]);
  return { ...value, ...(Object.fromEntries(members) as Record<string, unknown>) };
}
