import type { Finding } from '../model/finding.ts';
import { isUnmet } from './expectations.ts';
import type { JudgedExchange } from './rule.ts';

/**
 * The findings of a case that tries several names in one request, each with the names that count by themselves: a report
 * says which header opened, not that one of fifty did.
 *
 * @param say what the names do that count: `the key counts as jwt in a cookie`
 */
export function namingEach(
  judged: JudgedExchange,
  verify: (judged: JudgedExchange) => readonly Finding[],
  say: (names: readonly string[]) => string,
): Finding[] {
  return verify(judged).map((found) =>
    isUnmet(found) ? { ...found, actual: named(judged, verify, say) + found.actual } : found,
  );
}

function named(
  judged: JudgedExchange,
  verify: (judged: JudgedExchange) => readonly Finding[],
  say: (names: readonly string[]) => string,
): string {
  if (judged.alone.size === 0) return '';
  const names = [...judged.alone].flatMap(([name, response]) =>
    verify({ ...judged, response }).some(isUnmet) ? [name] : [],
  );
  return names.length > 0 ? `${say(names)}: ` : 'none of the names counts by itself: ';
}
