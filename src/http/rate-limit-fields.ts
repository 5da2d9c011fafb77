import type { RateLimitHeaders } from '../model/contract.ts';
import type { ReceivedResponse } from './client.ts';
import type { RateLimitNotice } from './rate-limiter.ts';

const WITHOUT_A_WORD = 1000;

/** Reads the contract's rate-limit headers and, on a 429, `Retry-After` (RFC 9110 §10.2.3: seconds or a date). */
export function rateLimitNotice(
  answer: ReceivedResponse,
  names: RateLimitHeaders | undefined,
  now = Date.now(),
): RateLimitNotice {
  const field = (name: string): string | undefined =>
    answer.headers.find(([candidate]) => candidate.toLowerCase() === name.toLowerCase())?.[1];
  const remaining = wholeNumber(names && field(names.remaining));
  const reset = wholeNumber(names && field(names.reset));
  const resetAt = reset === undefined ? undefined : reset * 1000;
  return {
    ...(remaining !== undefined && { remaining }),
    ...(resetAt !== undefined && { resetAt }),
    ...(answer.status === 429 && {
      retryAt: retryTime(field('retry-after'), now) ?? futureOf(resetAt, now) ?? now + WITHOUT_A_WORD,
    }),
  };
}

/** Some servers say seconds with a fraction; and `Date.parse` makes a date in 2001 of `1.5` or of `soon 1`. */
function retryTime(value = '', now: number): number | undefined {
  if (/^\d{1,12}(\.\d+)?$/.test(value.trim())) return now + Number(value) * 1000;
  const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}

function futureOf(time: number | undefined, now: number): number | undefined {
  return time !== undefined && time > now ? time : undefined;
}

function wholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,12}$/.test(value.trim()) ? Number(value) : undefined;
}
