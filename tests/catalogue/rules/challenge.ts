import { finding } from '../../../src/judging/expectations.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Rule } from '../../../src/judging/rule.ts';
import { type HttpResponse, header } from '../../../src/model/exchange.ts';

/**
 * RFC 9110 §15.5.2: a 401 carries a challenge. The contract never mentions one and practice is split, so its absence
 * deviates. A `Basic` challenge makes browsers ask for a password, and RFC 6750 §3.1 keeps error codes out of a challenge
 * to a request without credentials.
 */
export const challenge: Rule = {
  id: 'challenge',
  level: 'SHOULD',
  title: 'a 401 carries a challenge, and one that fits',
  section: 'Error answers',
  source: {
    standard: 'RFC 9110 §15.5.2, 401 Unauthorized',
    url: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2',
  },
  given: ['no-key'],
  requiresControl: false,
  verify: ({ response, contract }) => {
    if (response.status !== 401) return [];
    const said = header(response, 'www-authenticate');
    const present = finding('challenge', said !== undefined, 'a WWW-Authenticate header', 'none');
    const hasBasic = Object.values(contract.schemes).some(({ scheme }) => scheme === 'basic');
    return said === undefined ? [present] : [present, ...(hasBasic ? [] : [noBasic(response)]), noError(said)];
  },
};

function noBasic(answer: HttpResponse): Finding {
  const challenges = answer.headers
    .filter(([name]) => name.toLowerCase() === 'www-authenticate')
    .map(([, value]) => value);
  return finding(
    'no-basic',
    !challenges.some((value) => /(^|,\s*)basic(\s|$)/i.test(value)),
    'no Basic challenge',
    challenges.join(', '),
  );
}

function noError(said: string): Finding {
  return finding('no-error-code', !/\berror=/.test(said), 'no error code, since no credential was sent', said);
}
