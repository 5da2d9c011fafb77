import { fieldValues } from '../fields/response-fields.ts';
import type { Contract } from '../model/contract.ts';
import type { Exchange } from '../model/exchange.ts';
import { securityAlternativesOf } from '../requests/security-alternative.ts';
import { NO_KEY_CASE } from '../requests/case.ts';
import { fingerprint } from './operation-comparison.ts';

/** Milliseconds, and how many times as long as on most operations a refusal takes that something else answers. */
const LONGER = { by: 200, times: 4 };

/**
 * The operations that refuse a request without a key in another way than most do: in other words, with other headers, by
 * another server or after another time. Another gate may stand before them.
 *
 * @param exchanges by the operation, then by the id of the probe
 */
export function differentOperations(
  contract: Contract,
  exchanges: ReadonlyMap<string, ReadonlyMap<string, Exchange>>,
): ReadonlySet<string> {
  const groups = new Map<string, { readonly id: string; readonly words: string; readonly time: number }[]>();
  for (const operation of contract.operations) {
    const refused = exchanges.get(operation.id)?.get(NO_KEY_CASE);
    if (!refused?.response) continue;
    // RFC 9110 §9.3.2: a response to HEAD has no content.
    const [primary] = securityAlternativesOf(contract, operation);
    const group = `${operation.method === 'HEAD' ? 'HEAD' : ''} ${primary?.id}`;
    const words = [
      fingerprint(refused.response),
      ...fieldValues(refused.response, 'server'),
      steadyWords(refused.response.body.text, contract.volatileMembers),
    ].join('\n');
    groups.set(group, [...(groups.get(group) ?? []), { id: operation.id, words, time: refused.durationMs }]);
  }
  return new Set([...groups.values()].flatMap(oddOnes));
}

function oddOnes(group: readonly { readonly id: string; readonly words: string; readonly time: number }[]): string[] {
  const counts = new Map<string, number>();
  for (const { words } of group) counts.set(words, (counts.get(words) ?? 0) + 1);
  const usual = [...counts].find(([, count]) => count > group.length / 2)?.[0];
  const middle = group.map(({ time }) => time).toSorted((one, other) => one - other)[Math.floor(group.length / 2)] ?? 0;
  const isSlow = (time: number): boolean => time > middle + LONGER.by && time > middle * LONGER.times;
  // Where no words are usual, each operation has its own.
  return group.flatMap(({ id, words, time }) => ((usual !== undefined && words !== usual) || isSlow(time) ? [id] : []));
}

/** Without what differs from response to response: numbers, ids, and what the contract calls volatile. */
function steadyWords(text: string, volatile: readonly string[]): string {
  const members = volatile.map((name) => new RegExp(`"${name.replace(/\W/g, '\\$&')}"\\s*:\\s*"[^"]*"`, 'g'));
  return members.reduce((rest, member) => rest.replace(member, ''), text).replace(/[\da-f-]{8,}|\d+/gi, '#');
}
