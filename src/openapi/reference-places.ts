import { isObject } from './json-pointer.ts';

/**
 * What stands at a place of a document. Only an object of OpenAPI or JSON Schema can be a reference; names of a map can be
 * anything, `example` and `$ref` among them; data is never looked into, whatever it looks like.
 */
type Place = 'object' | 'map' | 'names' | 'components' | 'examples' | 'example' | 'links' | 'link' | 'data';

/** Members of an object that hold data. Those of extensions (`x-`) do as well. */
const DATA: ReadonlySet<string> = new Set([
  ...['example', 'default', 'const', 'enum', 'required', 'security', 'scopes', 'mapping', 'variables', 'pattern'],
]);

/** Members that are texts. Some makers put a reference to a file of Markdown there, which OpenAPI has nowhere. */
const TEXTS: ReadonlySet<string> = new Set(['title', 'summary', 'description', 'version', 'termsOfService']);

/** Members whose own members have names that the author chose. */
const MAPS: Readonly<Record<string, Place>> = {
  ...{ paths: 'map', webhooks: 'map', responses: 'map', callbacks: 'names', content: 'map', headers: 'names' },
  ...{ properties: 'names', patternProperties: 'names', $defs: 'names', definitions: 'names' },
  ...{ dependentSchemas: 'names', dependencies: 'names', encoding: 'names', securityDefinitions: 'names' },
  ...{ additionalOperations: 'names', examples: 'examples', links: 'links', components: 'components' },
};

function placeOf(parent: Place, key: string, value: unknown): Place {
  if (parent === 'data') return 'data';
  if (parent === 'names') return 'object';
  if (parent === 'map') return key.startsWith('x-') ? 'data' : 'object';
  if (parent === 'examples') return 'example';
  if (parent === 'links') return 'link';
  if (key.startsWith('x-') && !(parent === 'object' && key === 'x-authentication')) return 'data';
  // The answers of the extension may refer to schemas.
  if (key === 'x-authentication') return 'object';
  if (parent === 'components') return key === 'examples' || key === 'links' ? key : 'names';
  if (parent === 'example') return 'data';
  if (parent === 'link' && key !== 'server') return 'data';
  if (DATA.has(key) || (TEXTS.has(key) && typeof value !== 'string')) return 'data';
  const map = Object.hasOwn(MAPS, key) ? MAPS[key] : undefined;
  if (map === undefined) return 'object';
  // `examples` of a schema is a list; a property of a schema may have any of these names, and is in `properties` then.
  return isObject(value) ? map : 'data';
}

export interface Visitor {
  /** What takes the place of an object that is a reference. */
  readonly reference: (object: Readonly<Record<string, unknown>>, tokens: readonly string[]) => unknown;
  /** What takes the place of a text that is no data; absent: the text itself. */
  readonly text?: (text: string, key: string) => string;
  /** Whether a member is kept; absent: all are. */
  readonly keeps?: (key: string, tokens: readonly string[]) => boolean;
}

/** A copy of a document, in which references and texts are what the visitor makes of them. Data is the same value. */
export function visited(root: unknown, visitor: Visitor): unknown {
  const copy = (value: unknown, place: Place, tokens: readonly string[]): unknown => {
    if (place === 'data') return value;
    if (Array.isArray(value)) return value.map((item, index) => copy(item, 'object', [...tokens, String(index)]));
    if (typeof value === 'string') return visitor.text?.(value, tokens.at(-1) ?? '') ?? value;
    if (!isObject(value)) return value;
    const canRefer = place === 'object' || place === 'example' || place === 'link';
    if (canRefer && typeof value['$ref'] === 'string') {
      const made = visitor.reference(value, tokens);
      if (!isObject(made)) return made;
      const { $ref: reference, ...beside } = made;
      const copied = members(beside, place, tokens);
      return typeof reference === 'string' ? { $ref: reference, ...copied } : copied;
    }
    return members(value, place, tokens);
  };
  const members = (
    value: Readonly<Record<string, unknown>>,
    place: Place,
    tokens: readonly string[],
  ): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(value).flatMap(([key, member]) => {
        const way = [...tokens, key];
        if (visitor.keeps && !visitor.keeps(key, way)) return [];
        return [[key, copy(member, placeOf(place, key, member), way)] as const];
      }),
    );
  return copy(root, 'object', []);
}

/** Every reference of a file, in its order. */
export function referencesIn(root: unknown): { readonly reference: string; readonly tokens: readonly string[] }[] {
  const found: { reference: string; tokens: readonly string[] }[] = [];
  visited(root, {
    reference: (object, tokens) => {
      found.push({ reference: String(object['$ref']), tokens });
      return object;
    },
  });
  return found;
}
