import { firstFieldValue } from '../../src/fields/response-fields.ts';
import { finding } from '../../src/judging/expectations.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { HttpResponse } from '../../src/model/exchange.ts';
import type { Finding } from '../../src/model/finding.ts';
import { OF_THE_API } from './error-responses.ts';

/** Seconds since 1970 have ten digits until the year 2286; milliseconds and waiting times have not. */
const UNIX_SECONDS = /^\d{10}$/;
const COUNT = /^\d+$/;

/** Rate limits, "Rate limit headers": they are on every response, refusals included. */
const rateLimitHeaders: Rule = {
  id: 'rate-limit-headers',
  level: 'MUST',
  title: 'every response carries well-formed rate-limit headers',
  section: 'Rate limits',
  since: '2026.11',
  source: { promise: 'rate-limit-headers' },
  standards: { cwe: [], owaspApi: ['API4'], asvs: [], severity: 'none' },
  given: { every: 'response' },
  respondents: OF_THE_API,
  requiresControl: false,
  reasonNotApplicable: (_, contract) =>
    contract.rateLimitHeaders ? undefined : 'the contract names no rate-limit headers',
  expectations: ['limit', 'remaining', 'reset'],
  verify: ({ response, contract: { rateLimitHeaders: names } }) => {
    if (!names) return [];
    return [
      wellFormed('limit', response, names.limit, COUNT, 'a whole number'),
      wellFormed('remaining', response, names.remaining, COUNT, 'a whole number'),
      wellFormed('reset', response, names.reset, UNIX_SECONDS, 'a Unix time in seconds'),
    ];
  },
};

function wellFormed(expectation: string, response: HttpResponse, name: string, pattern: RegExp, what: string): Finding {
  const value = firstFieldValue(response, name);
  return finding(
    expectation,
    value !== undefined && pattern.test(value.trim()),
    `${name}: ${what}`,
    value === undefined ? 'no such header' : `${name}: ${value}`,
  );
}

export const rateLimitRules: readonly Rule[] = [rateLimitHeaders];
