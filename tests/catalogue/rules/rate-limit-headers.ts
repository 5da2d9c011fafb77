import { finding } from '../../../src/judging/expectations.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Rule } from '../../../src/judging/rule.ts';
import { type HttpResponse, header } from '../../../src/model/exchange.ts';

/** Seconds since 1970 have ten digits until the year 2286; milliseconds and waiting times have not. */
const UNIX_SECONDS = /^\d{10}$/;
const COUNT = /^\d+$/;

/** Rate limits, "Rate limit headers": they are on every response, refusals included. */
export const rateLimitHeaders: Rule = {
  id: 'rate-limit-headers',
  level: 'MUST',
  title: 'every answer carries well-formed rate-limit headers',
  section: 'Rate limits',
  source: { promise: 'rate-limit-headers' },
  given: 'answers',
  requiresControl: false,
  appliesTo: (_, contract) => contract.rateLimitHeaders !== undefined || 'the contract names no rate-limit headers',
  verify: ({ response, contract }) => {
    const names = contract.rateLimitHeaders;
    if (!names) return [];
    return [
      wellFormed('limit', response, names.limit, COUNT, 'a whole number'),
      wellFormed('remaining', response, names.remaining, COUNT, 'a whole number'),
      wellFormed('reset', response, names.reset, UNIX_SECONDS, 'a Unix time in seconds'),
    ];
  },
};

function wellFormed(expectation: string, answer: HttpResponse, name: string, form: RegExp, what: string): Finding {
  const value = header(answer, name);
  return finding(
    expectation,
    value !== undefined && form.test(value.trim()),
    `${name}: ${what}`,
    value === undefined ? 'no such header' : `${name}: ${value}`,
  );
}
