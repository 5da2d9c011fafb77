import type { Body } from '../model/exchange.ts';

/** Levels, members and kinds of items that are shown. */
const DEEPEST = 4;
const MOST_MEMBERS = 20;

/**
 * What a body is made of, without what it says: `{data: [{id: string, age: number}, 25 items]}, 1234 bytes`.
 *
 * @returns the empty text where there is no body
 */
export function bodyShape({ json, bytes }: Pick<Body, 'json' | 'bytes'>): string {
  if (bytes === 0) return '';
  return `${json === undefined ? 'no JSON' : shapeOf(json, DEEPEST)}, ${bytes} bytes`;
}

function shapeOf(value: unknown, depth: number): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${shapeOf(value[0], depth - 1)}, ${value.length} ${value.length === 1 ? 'item' : 'items'}]`;
  }
  if (typeof value !== 'object') return typeof value;
  const names = Object.keys(value);
  if (depth <= 0) return `{${names.length} members}`;
  const members = Object.entries(value)
    .slice(0, MOST_MEMBERS)
    .map(([name, member]) => `${name}: ${shapeOf(member, depth - 1)}`);
  const more = names.length > MOST_MEMBERS ? [`${names.length - MOST_MEMBERS} more`] : [];
  return `{${[...members, ...more].join(', ')}}`;
}
