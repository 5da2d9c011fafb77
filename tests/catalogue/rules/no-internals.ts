import { finding } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

const INTERNALS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a stack trace', /(\n|\\n)\s+at [\w.<>$]+ ?\(|Traceback \(most recent call last\)|\.(java|py|rb|go|php|[jt]s):\d+/],
  ['an SQL query', /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b[^"]{1,200}\b(FROM|WHERE|SET|VALUES)\b/],
  ['an internal address', /\b(10(\.\d{1,3}){3}|192\.168(\.\d{1,3}){2}|172\.(1[6-9]|2\d|3[01])(\.\d{1,3}){2})\b/],
];

/** OWASP ASVS 16.5.1: traces, queries and addresses in an error tell an attacker what to try next. */
export const noInternals: Rule = {
  id: 'no-internals',
  level: 'SHOULD',
  title: 'no refusal shows the inside of the server',
  section: 'Error answers',
  source: {
    standard: 'OWASP ASVS 5.0, 16.5.1: generic error messages',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x25-V16-Security-Logging-and-Error-Handling.md',
  },
  given: 'refusals',
  requiresControl: false,
  verify: ({ response, target }) => {
    const locked = target.keys.ipLockedAddress;
    const shown = INTERNALS.filter(([, pattern]) => pattern.test(response.body.text)).map(([what]) => what);
    const leaked =
      locked !== undefined && response.body.text.includes(locked) ? [...shown, 'an allow-list of addresses'] : shown;
    return [finding('no-internals', leaked.length === 0, 'an error in words for users', leaked.join(', '))];
  },
};
