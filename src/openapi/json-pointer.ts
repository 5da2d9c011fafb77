/**
 * JSON Pointers (RFC 6901) into the bundled document, as URI fragments, which is the form of a `$ref`:
 * `#/paths/~1contacts/get`. The document is bundled and not dereferenced, so that it stays plain data without shared or
 * cyclic objects. Whoever walks it has to follow the `$ref`s, and does it with the functions of this file. Libraries for JSON
 * Pointers evaluate one pointer and know no `$ref`, so none of them would replace more than `tokensOf` and `escaped`.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A value of the document, and the pointer that leads to it without a `$ref` on the way. */
export interface DocumentNode {
  readonly pointer: string;
  readonly value: unknown;
}

/** A member of an object with its name, or an item of an array with its index. */
export interface NamedNode extends DocumentNode {
  readonly key: string;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value that the pointer leads to, whose own `$ref` is not followed; undefined: it leads to nothing. */
export function nodeAt(document: unknown, pointer: string): DocumentNode | undefined {
  let node: DocumentNode | undefined = rootOf(document);
  for (const token of tokensOf(pointer)) node = node && (childOf(node, token) ?? childOf(node, decoded(token)));
  return node;
}

/** The same for a pointer that leads through a `$ref`, which some documents have. */
export function nodeThrough(document: unknown, pointer: string): DocumentNode | undefined {
  return nodeAt(document, pointer) ?? descend(document, rootOf(document), ...tokensOf(pointer));
}

/**
 * Follows the `$ref` of a node until a value has none. Undefined: a `$ref` leads to nothing or in a circle.
 *
 * @param siblings of a `$ref`: in a schema of OpenAPI 3.1 they count, so with `keep` a node that has some is not followed
 */
export function follow(
  document: unknown,
  start: DocumentNode,
  siblings: 'keep' | 'ignore' = 'ignore',
): DocumentNode | undefined {
  const seen = new Set<string>();
  let node = start;
  while (isObject(node.value) && typeof node.value['$ref'] === 'string') {
    if (siblings === 'keep' && Object.keys(node.value).length > 1) return node;
    const reference = node.value['$ref'];
    if (seen.has(reference)) return undefined;
    seen.add(reference);
    const next = nodeAt(document, reference);
    if (next === undefined) return undefined;
    node = next;
  }
  return node;
}

/** The node that the tokens lead to from another node. Every `$ref` on the way is followed, the last one too. */
export function descend(
  document: unknown,
  start: DocumentNode,
  ...tokens: readonly string[]
): DocumentNode | undefined {
  let node = follow(document, start);
  for (const token of tokens) {
    const child = node && childOf(node, token);
    node = child && follow(document, child);
  }
  return node;
}

/** The pointer to the schema that the tokens lead to from a node, without a `$ref` on the way. */
export function schemaPointerBelow(
  document: unknown,
  node: DocumentNode,
  ...tokens: readonly string[]
): string | undefined {
  const parent = descend(document, node, ...tokens.slice(0, -1));
  const last = tokens.at(-1);
  const schema = parent && last !== undefined ? childOf(parent, last) : undefined;
  return schema && (follow(document, schema, 'keep') ?? schema).pointer;
}

export function rootOf(document: unknown): DocumentNode {
  return { pointer: '#', value: document };
}

/** The members of an object or the items of an array, in their order; of any other value none. */
export function members(document: unknown, node: DocumentNode | undefined): readonly NamedNode[] {
  const target = node && follow(document, node);
  if (!target || typeof target.value !== 'object' || target.value === null) return [];
  return Object.entries(target.value).map(([key, value]: [string, unknown]) => ({
    key,
    value,
    pointer: `${target.pointer}/${escaped(key)}`,
  }));
}

export function childOf(node: DocumentNode, token: string): DocumentNode | undefined {
  const { value } = node;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
  return { pointer: `${node.pointer}/${escaped(token)}`, value: (value as JsonObject)[token] };
}

/** `nodeAt` undoes percent-encoding, and only where it has to: bundlers do not encode, and a name may contain a `%`. */
export function tokensOf(pointer: string): string[] {
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
