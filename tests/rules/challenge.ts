import { finding } from '../../src/verdict/expectations.ts';
import type { Finding, Rule } from '../../src/verdict/rule.ts';
import { type Answer, header } from '../../src/wire/exchange.ts';

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
  armed: false,
  verify: ({ answer, contract }) => {
    if (answer.status !== 401) return [];
    const said = header(answer, 'www-authenticate');
    const present = finding('challenge', said !== undefined, 'a WWW-Authenticate header', 'none');
    const hasBasic = Object.values(contract.schemes).some(({ scheme }) => scheme === 'basic');
    return said === undefined ? [present] : [present, ...(hasBasic ? [] : [noBasic(answer)]), noError(said)];
  },
};

function noBasic(answer: Answer): Finding {
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
