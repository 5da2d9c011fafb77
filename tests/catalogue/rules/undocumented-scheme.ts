import { expectDenied } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** The page shows one spelling of each form. That a server accepts more of them is not forbidden by it, so it deviates. */
export const undocumentedScheme: Rule = {
  id: 'undocumented-scheme',
  level: 'SHOULD',
  title: 'a key in a documented header opens nothing unless it is written as documented',
  section: 'Presenting the key',
  source: {
    standard: 'OWASP ASVS 5.0, 6.3.4: no undocumented authentication pathways',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x15-V6-Authentication.md',
  },
  given: [
    'scheme-token',
    'scheme-digest',
    'scheme-apikey',
    'scheme-basic',
    'no-scheme',
    'scheme-run-together',
    'scheme-twice',
    'scheme-in-key-header',
  ],
  verify: expectDenied,
};
