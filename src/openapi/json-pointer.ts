/**
 * JSON pointers into the bundled document, in the form that a `$ref` has: `#/paths/~1contacts/get`. The document is
 * bundled and not dereferenced, so that it stays plain data without shared or cyclic objects; the price is that whoever
 * walks it has to follow the `$ref`s, and does it here.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A value of the document and where it stands once every `$ref` on the way is followed. */
export interface DocumentNode {
  readonly pointer: string;
  readonly value: unknown;
}

/** A place and its name in the object, or its index in the list, that it is in. */
export interface NamedNode extends DocumentNode {
  readonly key: string;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at the pointer, its own `$ref` not followed; undefined where nothing is. */
export function nodeAt(document: unknown, pointer: string): DocumentNode | undefined {
  let here: DocumentNode | undefined = rootOf(document);
  for (const token of tokensOf(pointer)) here = here && (step(here, token) ?? step(here, decoded(token)));
  return here;
}

/** The same, where the way may lead through a `$ref`: some documents write it so. */
export function nodeThrough(document: unknown, pointer: string): DocumentNode | undefined {
  return nodeAt(document, pointer) ?? descend(document, rootOf(document), ...tokensOf(pointer));
}

/**
 * Follows `$ref`s from a place until something else stands there. With `siblings: 'keep'`, for JSON schemas, a `$ref` that
 * has company is left where it is, because in OpenAPI 3.1 the company counts.
 */
export function follow(
  document: unknown,
  place: DocumentNode,
  siblings: 'keep' | 'ignore' = 'ignore',
): DocumentNode | undefined {
  const seen = new Set<string>();
  let here = place;
  while (isObject(here.value) && typeof here.value['$ref'] === 'string') {
    if (siblings === 'keep' && Object.keys(here.value).length > 1) return here;
    const reference = here.value['$ref'];
    if (seen.has(reference)) return undefined;
    seen.add(reference);
    const next = nodeAt(document, reference);
    if (next === undefined) return undefined;
    here = next;
  }
  return here;
}

/** The value below a place; every `$ref` on the way is followed, the last one too. */
export function descend(
  document: unknown,
  place: DocumentNode,
  ...tokens: readonly string[]
): DocumentNode | undefined {
  let here = follow(document, place);
  for (const token of tokens) {
    const child = here && step(here, token);
    here = child && follow(document, child);
  }
  return here;
}

/** The canonical pointer of the schema below a place. */
export function schemaPointerBelow(
  document: unknown,
  place: DocumentNode,
  ...tokens: readonly string[]
): string | undefined {
  const parent = descend(document, place, ...tokens.slice(0, -1));
  const last = tokens.at(-1);
  const schema = parent && last !== undefined ? step(parent, last) : undefined;
  return schema && (follow(document, schema, 'keep') ?? schema).pointer;
}

export function rootOf(document: unknown): DocumentNode {
  return { pointer: '#', value: document };
}

/** Own members of an object as places, in their order; none for anything else. */
export function members(document: unknown, place: DocumentNode | undefined): readonly NamedNode[] {
  const target = place && follow(document, place);
  if (!target || typeof target.value !== 'object' || target.value === null) return [];
  return Object.entries(target.value).map(([key, value]: [string, unknown]) => ({
    key,
    value,
    pointer: `${target.pointer}/${escaped(key)}`,
  }));
}

function step(place: DocumentNode, token: string): DocumentNode | undefined {
  const { value } = place;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
  return { pointer: `${place.pointer}/${escaped(token)}`, value: (value as JsonObject)[token] };
}

/** Percent-encoding is undone in `placeAt`, and only where it has to be: bundlers leave it out, and a key may hold a `%`. */
function tokensOf(pointer: string): string[] {
  return pointer
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** RFC 6901 §6: `~` and `/` are escaped, then whatever a URI fragment cannot hold is percent-encoded. */
function escaped(token: string): string {
  const name = token.replaceAll('~', '~0').replaceAll('/', '~1');
  return name.replaceAll(/[^\w~!$&'()*+,;=:@?.-]+/g, encodeURIComponent);
}

export function decoded(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
