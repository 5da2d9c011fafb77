import { BOUNDS } from '../openapi/bounds.ts';
import { type JsonObject, type DocumentNode, descend, follow, isObject, members } from '../openapi/json-pointer.ts';

const TEXTS: Readonly<Record<string, string>> = {
  date: '2000-01-01',
  'date-time': '2000-01-01T00:00:00Z',
  email: 'sample@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  time: '00:00:00Z',
  uri: 'https://example.com/',
  'uri-reference': '/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** Cyclic schemas end here. */
const DEPTH = 8;

/**
 * A small value of a schema's kind, for a document that gives no example: declared values first, then required members only.
 * It is a guess and may be invalid: `pattern`, `not`, `multipleOf` and conditions are not looked at. An example in the
 * document is always better.
 */
export function sampleOf(document: unknown, schema: DocumentNode, depth = DEPTH, budget: Budget = fresh()): unknown {
  const node = follow(document, schema);
  if (!node || !isObject(node.value) || depth === 0 || budget.left-- <= 0) return null;
  const { value } = node;
  if ('const' in value) return value['const'];
  for (const declared of [value['example'], first(value['examples']), value['default'], first(value['enum'])]) {
    if (declared !== undefined) return declared;
  }
  const alternative = ['oneOf', 'anyOf'].flatMap((keyword) => members(document, descend(document, node, keyword)))[0];
  const parts = members(document, descend(document, node, 'allOf'));
  const type = typeOf(value);
  if (type === undefined && parts.length === 0 && alternative)
    return sampleOf(document, alternative, depth - 1, budget);
  if (type === 'array')
    return Array.from({ length: count(value['minItems']) }, () => item(document, node, depth, budget));
  if (type !== undefined && type !== 'object') return scalar(type, value);
  const inherited = [...parts, ...(alternative ? [alternative] : [])].map((part) =>
    sampleOf(document, part, depth - 1, budget),
  );
  return Object.assign({}, ...inherited.filter(isObject), required(document, node, depth, budget)) as JsonObject;
}

/** What one sample may still have: a schema can ask for more than there is room for. */
interface Budget {
  left: number;
}

function fresh(): Budget {
  return { left: BOUNDS.sampleValues };
}

function item(document: unknown, node: DocumentNode, depth: number, budget: Budget): unknown {
  const items = descend(document, node, 'items');
  return items ? sampleOf(document, items, depth - 1, budget) : null;
}

function required(document: unknown, node: DocumentNode, depth: number, budget: Budget): JsonObject {
  const names = members(document, descend(document, node, 'required')).map(({ value }) => String(value));
  const entries = names.flatMap((name) => {
    const property = descend(document, node, 'properties', name);
    return property ? [[name, sampleOf(document, property, depth - 1, budget)] as const] : [];
  });
  return Object.fromEntries(entries);
}

function scalar(type: string, schema: JsonObject): unknown {
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  if (type === 'string') return (TEXTS[String(schema['format'])] ?? 'sample').padEnd(count(schema['minLength']), 'x');
  const { minimum, exclusiveMinimum, maximum } = schema;
  if (typeof exclusiveMinimum === 'number') return exclusiveMinimum + 1;
  if (typeof minimum === 'number') return exclusiveMinimum === true ? minimum + 1 : minimum;
  return typeof maximum === 'number' ? Math.min(1, maximum) : 1;
}

function typeOf(schema: JsonObject): string | undefined {
  const { type } = schema;
  if (Array.isArray(type)) return type.map(String).find((name) => name !== 'null') ?? 'null';
  if (typeof type === 'string') return type;
  return 'properties' in schema || 'required' in schema ? 'object' : undefined;
}

function first(values: unknown): unknown {
  return Array.isArray(values) ? values[0] : undefined;
}

function count(value: unknown): number {
  return typeof value === 'number' ? Math.min(Math.max(0, Math.trunc(value) || 0), BOUNDS.sampleLength) : 0;
}
