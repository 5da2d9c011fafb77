import { remembered } from '../fields/remembered.ts';
import { listOf } from '../fields/response-fields.ts';
import type { HttpResponse } from '../model/exchange.ts';

/**
 * Header fields that say nothing about how an API answers, so that two responses are alike whichever of them has one.
 * They belong to the connection or to proxies and caches on the way, or they differ from response to response by nature.
 */
const INCIDENTAL: ReadonlySet<string> = new Set([
  // The connection and the way the message is framed on it: RFC 9110 §7.6.1, RFC 9112 §6.
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  'content-length',
  // Proxies: RFC 9110 §7.6.3, RFC 9209, RFC 7838.
  ...['via', 'proxy-status', 'alt-svc'],
  // Caches: RFC 9111 §5.1 and §5.5, RFC 9211.
  ...['age', 'warning', 'cache-status'],
  // The same of common content networks, which have names of their own for it.
  ...['x-cache', 'x-cache-hits', 'x-served-by', 'x-timer', 'cf-ray', 'cf-cache-status'],
  ...['x-amz-cf-id', 'x-amz-cf-pop', 'server-timing', 'x-varnish'],
  // Times and versions of the content: RFC 9110 §6.6.1 and §8.8, RFC 9111 §5.3.
  ...['date', 'etag', 'expires', 'last-modified'],
]);

/**
 * Names of the header fields that two responses of one API can be compared by, in lower case and sorted.
 *
 * @param volatile names that the contract says differ from response to response
 */
export function comparableHeaders(response: HttpResponse, volatile: readonly string[] = []): readonly string[] {
  const names = steadyHeaders(response);
  const ignored = new Set(volatile.map((name) => name.toLowerCase()));
  return ignored.size === 0 ? names : names.filter((name) => !ignored.has(name));
}

const steadyHeaders = remembered((response: HttpResponse): readonly string[] => {
  // RFC 9110 §7.6.1: whatever Connection names belongs to the connection as well.
  const ignored = new Set(listOf(response, 'connection'));
  const names = new Set(response.headers.map(([name]) => name.toLowerCase()));
  return [...names].filter((name) => !INCIDENTAL.has(name) && !ignored.has(name)).toSorted();
});

/**
 * Names of header fields that some responses have and others lack, though the same is said to the same: a balancer sends
 * requests to servers that differ. In lower case.
 *
 * @param alike groups of responses of which each group should be the same
 */
export function unsteadyHeaders(alike: readonly (readonly HttpResponse[])[]): ReadonlySet<string> {
  const unsteady = new Set<string>();
  for (const group of alike) {
    const counts = new Map<string, number>();
    for (const name of group.flatMap((one) => comparableHeaders(one))) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const [name, count] of counts) if (count < group.length) unsteady.add(name);
  }
  return unsteady;
}
