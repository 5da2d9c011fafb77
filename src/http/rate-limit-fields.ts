import { parseHttpDate, parseWholeNumber } from '../fields/field-parser.ts';
import { firstFieldValue } from '../fields/response-fields.ts';
import type { RateLimitHeaders } from '../model/contract.ts';
import type { ReceivedResponse } from './client.ts';
import type { RateLimitNotice } from './rate-limiter.ts';

/** Milliseconds to wait after a 429 that does not say how long. */
const DEFAULT_WAIT = 1000;

/** Characters of a field that are read: what is longer is no limit, and takes long to read. */
const LONGEST = 1000;

/** What servers call their limits where the contract does not say, in the order in which they are believed. */
const USUAL_NAMES: readonly Pick<RateLimitHeaders, 'remaining' | 'reset'>[] = [
  { remaining: 'RateLimit-Remaining', reset: 'RateLimit-Reset' },
  { remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset' },
  { remaining: 'X-Rate-Limit-Remaining', reset: 'X-Rate-Limit-Reset' },
];

/**
 * Reads the contract's rate-limit headers, or else those that are usual (`RateLimit` and `RateLimit-Policy` of
 * draft-ietf-httpapi-ratelimit-headers, in its old form as well, and `X-RateLimit-*`), and on a 429 `Retry-After` (RFC 9110
 * §10.2.3: seconds or a date).
 *
 * @param now Unix milliseconds
 */
export function rateLimitNotice(
  response: ReceivedResponse,
  names: RateLimitHeaders | undefined,
  now = Date.now(),
): RateLimitNotice {
  const said = saidBy(response, names, now);
  return {
    ...said,
    ...(response.status === 429 && {
      retryAt:
        retryTime(firstFieldValue(response, 'retry-after') ?? '', now) ??
        futureOf(said.resetAt, now) ??
        now + DEFAULT_WAIT,
    }),
  };
}

function saidBy(response: ReceivedResponse, names: RateLimitHeaders | undefined, now: number): RateLimitNotice {
  if (names) return saidByNumbers(response, names, now);
  const policy = policyOf(firstFieldValue(response, 'ratelimit-policy') ?? '');
  const combined = fewestOf(firstFieldValue(response, 'ratelimit') ?? '');
  if (combined) {
    const seconds = combined.seconds ?? policy?.window;
    return { remaining: combined.remaining, ...(seconds !== undefined && { resetAt: now + seconds * 1000 }) };
  }
  for (const usual of USUAL_NAMES) {
    const said = saidByNumbers(response, usual, now);
    if (said.remaining !== undefined) return said;
  }
  return policy ? { limit: policy.quota } : {};
}

function saidByNumbers(
  response: ReceivedResponse,
  names: Pick<RateLimitHeaders, 'remaining' | 'reset'>,
  now: number,
): RateLimitNotice {
  const remaining = parseWholeNumber(firstFieldValue(response, names.remaining) ?? '');
  const reset = parseWholeNumber(firstFieldValue(response, names.reset) ?? '');
  return {
    ...(remaining !== undefined && { remaining }),
    ...(reset !== undefined && { resetAt: timeOf(reset, now) }),
  };
}

/** Servers give a Unix time in seconds or in milliseconds, or the seconds from now on. */
function timeOf(reset: number, now: number): number {
  if (reset >= 1e11) return reset;
  return reset >= 1e9 ? reset * 1000 : now + reset * 1000;
}

/** `"hour";r=900;t=1200, "minute";r=3;t=20`, or as it was before: `limit=100, remaining=3, reset=20`. */
function fewestOf(value: string): { readonly remaining: number; readonly seconds?: number } | undefined {
  const members = membersOf(value);
  const old = new Map(members.flatMap(({ parameters }) => [...parameters]));
  const found = members.some(({ parameters }) => parameters.has('remaining'))
    ? [{ remaining: old.get('remaining'), seconds: old.get('reset') }]
    : members.map(({ parameters }) => ({ remaining: parameters.get('r'), seconds: parameters.get('t') }));
  const [fewest] = found
    .flatMap(({ remaining, seconds }) =>
      remaining === undefined ? [] : [{ remaining, ...(seconds !== undefined && { seconds }) }],
    )
    .toSorted((one, other) => one.remaining - other.remaining);
  return fewest;
}

/** `"minute";q=100;w=60`, or as it was before: `100;w=60`. */
function policyOf(value: string): { readonly quota: number; readonly window?: number } | undefined {
  const [smallest] = membersOf(value)
    .flatMap(({ item, parameters }) => {
      const quota = parameters.get('q') ?? parseWholeNumber(item);
      const window = parameters.get('w');
      return quota === undefined ? [] : [{ quota, ...(window !== undefined && { window }) }];
    })
    .toSorted((one, other) => one.quota - other.quota);
  return smallest;
}

/** The members of a list of RFC 9651: what stands first in each, and its parameters that are whole numbers. */
function membersOf(value: string): { readonly item: string; readonly parameters: ReadonlyMap<string, number> }[] {
  const outsideQuotes = (separator: string): RegExp => new RegExp(`${separator}(?=(?:[^"]*"[^"]*")*[^"]*$)`);
  return value
    .slice(0, LONGEST)
    .split(outsideQuotes(','))
    .map((member) => {
      const parts = member.split(outsideQuotes(';')).map((part) => part.trim());
      const parameters = parts.flatMap((part) => {
        const [, name, digits] = /^([a-z]+)\s*=\s*(\d+)$/i.exec(part) ?? [];
        const number = parseWholeNumber(digits ?? '');
        return name === undefined || number === undefined ? [] : [[name.toLowerCase(), number] as const];
      });
      return { item: parts[0] ?? '', parameters: new Map(parameters) };
    });
}

/** Some servers send seconds with a fraction, which the RFC does not allow; waiting so long is what they mean. */
function retryTime(value: string, now: number): number | undefined {
  const seconds = /^\d{1,12}(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
  return seconds === undefined ? parseHttpDate(value, now) : now + seconds * 1000;
}

function futureOf(time: number | undefined, now: number): number | undefined {
  return time !== undefined && time > now ? time : undefined;
}
