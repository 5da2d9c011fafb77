import { parseHttpDate, parseWholeNumber } from '../fields/field-parser.ts';
import { firstFieldValue } from '../fields/response-fields.ts';
import type { RateLimitHeaders } from '../model/contract.ts';
import type { ReceivedResponse } from './client.ts';
import type { RateLimitNotice } from './rate-limiter.ts';

/** Milliseconds to wait after a 429 that does not say how long. */
const DEFAULT_WAIT = 1000;

/**
 * Reads the contract's rate-limit headers and, on a 429, `Retry-After` (RFC 9110 §10.2.3: seconds or a date).
 *
 * @param now Unix milliseconds
 */
export function rateLimitNotice(
  response: ReceivedResponse,
  names: RateLimitHeaders | undefined,
  now = Date.now(),
): RateLimitNotice {
  const remaining = names && parseWholeNumber(firstFieldValue(response, names.remaining) ?? '');
  const reset = names && parseWholeNumber(firstFieldValue(response, names.reset) ?? '');
  const resetAt = reset === undefined ? undefined : reset * 1000;
  return {
    ...(remaining !== undefined && { remaining }),
    ...(resetAt !== undefined && { resetAt }),
    ...(response.status === 429 && {
      retryAt:
        retryTime(firstFieldValue(response, 'retry-after') ?? '', now) ?? futureOf(resetAt, now) ?? now + DEFAULT_WAIT,
    }),
  };
}

/** Some servers send seconds with a fraction, which the RFC does not allow; waiting so long is what they mean. */
function retryTime(value: string, now: number): number | undefined {
  const seconds = /^\d{1,12}(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
  return seconds === undefined ? parseHttpDate(value, now) : now + seconds * 1000;
}

function futureOf(time: number | undefined, now: number): number | undefined {
  return time !== undefined && time > now ? time : undefined;
}
