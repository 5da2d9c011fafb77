import { type DocumentNode, isObject, nodeAt } from './json-pointer.ts';

/** Keywords below which a value is looked at once more, so that they multiply. */
const COMBINING: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else']);
const DATA: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'const', 'enum', 'description']);
/** Schemas that a value is held against; more of them are not sure to come to an end soon. */
const FEW = 2_000;

/**
 * Whether every value is judged by a schema in a time that grows with the value alone: its patterns never go back over what
 * they have read, and no two of its alternatives lead to one schema. Such a schema needs no limit of time; of any other
 * nobody can say.
 */
export function isSurelyFast(document: unknown, pointer: string): boolean {
  const seen = new Set<string>();
  let [schemas, combines, isShared, isSlow] = [0, false, false, false];
  const look = (node: DocumentNode): void => {
    if (isSlow || typeof node.value !== 'object' || node.value === null) return;
    if (++schemas > FEW) isSlow = true;
    if (isObject(node.value)) {
      const { pattern, patternProperties, uniqueItems, $ref: reference } = node.value;
      const patterns = [pattern, ...(isObject(patternProperties) ? Object.keys(patternProperties) : [])];
      isSlow ||= uniqueItems === true || patterns.some((one) => typeof one === 'string' && !isLinear(one));
      combines ||= Object.keys(node.value).some((key) => COMBINING.has(key));
      const target = typeof reference === 'string' ? nodeAt(document, reference) : undefined;
      if (target) follow(target);
    }
    for (const [key, value] of Object.entries(node.value))
      if (!DATA.has(key)) look({ value, pointer: `${node.pointer}/${key}` });
  };
  const follow = (target: DocumentNode): void => {
    // Alternatives of alternatives multiply, and those that lead to themselves have no end.
    if (seen.has(target.pointer)) isShared = true;
    else {
      seen.add(target.pointer);
      look(target);
    }
  };
  const start = nodeAt(document, pointer);
  if (start) follow(start);
  return !isSlow && !(combines && isShared);
}

/**
 * Whether a regular expression surely never tries the same again and again: no group is repeated, and behind each repetition
 * without an end, but for the last one, stands a character that is no part of it, so that it has one place to end.
 */
export function isLinear(pattern: string): boolean {
  const plain = pattern.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  const repetitions = plain.match(/[*+]|\{\d*,\d*\}|\{\d{3,}\}/g) ?? [];
  if (/\)[*+?{]/.test(plain)) return false;
  if (repetitions.length <= 1) return true;
  const repeated = [...pattern.matchAll(REPEATED)];
  return (
    repeated.length === repetitions.length &&
    repeated.slice(0, -1).every(([, atom = '', next = '']) => ends(atom, next))
  );
}

/** What is repeated, and the character behind it where that is one that has to be there. */
const REPEATED =
  /(\[(?:\\.|[^\]\\])+\]|\\.|[^\\[\]()|*+?{}^$])(?:[*+]|\{\d*,\d*\}|\{\d{3,}\})(?:([^\\[\]()|*+?{}^$.])(?![*?{]))?/g;

function ends(atom: string, next: string): boolean {
  if (next === '') return false;
  try {
    return !new RegExp(`^${atom}$`).test(next);
  } catch {
    return false;
  }
}
