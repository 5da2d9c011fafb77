import type { RateLimitHeaders } from '../contract/contract.ts';
import type { RawAnswer } from './client.ts';
import type { RateLimitNotice } from './pace.ts';

const WITHOUT_A_WORD = 1000;

/** Reads the contract's rate-limit headers and, on a 429, `Retry-After` (RFC 9110 §10.2.3: seconds or a date). */
export function rateLimitNotice(
  answer: RawAnswer,
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

function retryTime(value: string | undefined, now: number): number | undefined {
  const seconds = wholeNumber(value);
  if (seconds !== undefined) return now + seconds * 1000;
  const date = value === undefined ? Number.NaN : Date.parse(value);
  return Number.isNaN(date) ? undefined : date;
}

function futureOf(time: number | undefined, now: number): number | undefined {
  return time !== undefined && time > now ? time : undefined;
}

function wholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,12}$/.test(value.trim()) ? Number(value) : undefined;
}
