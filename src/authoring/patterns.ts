import type { Contract } from '../model/contract.ts';
import { isObject } from '../openapi/json-pointer.ts';
import type { SourceFiles } from '../openapi/source-files.ts';
import type { Gap } from './gap.ts';

/** What stands there is data, whatever it looks like. */
const DATA: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'const', 'enum', 'value']);

/** Patterns of another dialect: whatever they are for is taken to match, so nothing is said about it. */
export function patternGaps({ document }: Contract, sources: SourceFiles): Gap[] {
  const found: Gap[] = [];
  const walk = (value: unknown, tokens: readonly string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isObject(value) && typeof value['pattern'] === 'string' && !isPattern(value['pattern'])) {
      const sentence = `the pattern ${JSON.stringify(value['pattern'])} is no regular expression of ECMAScript, so it will be taken to match: rewrite it`;
      found.push({ kind: 'unsupported-pattern', ...sources.positionOf([...tokens, 'pattern']), sentence });
    }
    for (const [key, member] of Object.entries(value)) if (!DATA.has(key)) walk(member, [...tokens, key]);
  };
  walk(document, []);
  return found;
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
