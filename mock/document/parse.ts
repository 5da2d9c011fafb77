import { parse } from 'yaml';
import { DEEPEST, LARGEST_YAML, MOST_VALUES } from './bounds.ts';

/**
 * A text of JSON or YAML, the latter with merge keys.
 *
 * @throws Error whose message quotes nothing of the text
 */
export function parseText(text: string): unknown {
  const value = fromText(text);
  if (size(value, new Map(), 0) > MOST_VALUES) throw new Error('has too many values once its aliases are written out.');
  return value;
}

function fromText(text: string): unknown {
  try {
    if (/^\s*\{/.test(text)) return JSON.parse(text) as unknown;
  } catch {
    // YAML may know it.
  }
  if (text.length > LARGEST_YAML) throw new Error('is too large for YAML: write it as JSON.');
  try {
    return parse(text, { merge: true, maxAliasCount: -1, logLevel: 'silent' }) as unknown;
  } catch {
    throw new Error('is not YAML or JSON.');
  }
}

/** Values, those that are there twice counted twice and looked at once. */
function size(value: unknown, known: Map<object, number>, depth: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  if (depth > DEEPEST) throw new Error('is nested too deeply, or an alias in it leads back to itself.');
  const before = known.get(value);
  if (before !== undefined) return before;
  const total = Object.values(value).reduce<number>((sum, member) => sum + size(member, known, depth + 1), 1);
  known.set(value, total);
  return total;
}
