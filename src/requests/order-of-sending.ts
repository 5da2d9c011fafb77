import type { PlannedRequest } from '../model/request.ts';
import { secretsOf } from './secrets-of-request.ts';

/** What is needed of a probe, or of a landmark, to know when it is sent. */
interface Sendable {
  readonly request?: PlannedRequest | undefined;
  /** It sends a credential that must be accepted. */
  readonly isControl: boolean;
}

/**
 * Requests in groups, each to be sent when the one before it is answered. A server that remembers what it saw (a cache, an
 * address, a session) then meets the same keys in the same order in every run, although the requests of a group overtake
 * each other:
 *
 * 1. what must be accepted, each key by itself, so that whatever remembers an accepted key does so before all others;
 * 2. what carries no key, then what carries only keys that nobody was issued, so that what is remembered of a refusal is the
 *    same refusal;
 * 3. the other keys, each by itself;
 * 4. what goes over plain HTTP, which a cache may not tell from the same address over TLS;
 * 5. what sends another request first, since it is about what that leaves behind.
 */
export function inOrder<Item>(items: readonly Item[], view: (item: Item) => Sendable): readonly (readonly Item[])[] {
  const groups = new Map<string, { readonly rank: number; readonly items: Item[] }>();
  for (const item of items) {
    const { name, rank } = placeOf(view(item));
    const group = groups.get(name) ?? { rank, items: [] };
    group.items.push(item);
    groups.set(name, group);
  }
  return [...groups.values()].toSorted((one, other) => one.rank - other.rank).map((group) => group.items);
}

function placeOf({ request, isControl }: Sendable): { readonly name: string; readonly rank: number } {
  if (!request) return { name: 'not sent', rank: 0 };
  if (request.earlier) return { name: 'after another', rank: 7 };
  if (request.via === 'plain-http') return { name: 'plain HTTP', rank: 6 };
  const keys = [...new Set(secretsOf(request).map(({ name, origin }) => (origin === 'issued' ? name : origin)))];
  const name = keys.toSorted().join(' and ');
  if (isControl) return { name: `control with ${name}`, rank: 1 };
  if (name === '') return { name: 'no key', rank: 2 };
  if (name === 'made-up') return { name, rank: 3 };
  return keys.every((key) => key === 'made-up' || key === 'derived') ? { name, rank: 4 } : { name, rank: 5 };
}
