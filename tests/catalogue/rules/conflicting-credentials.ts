import { finding, isGranted, summary } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** Each pair is one conflict in both orders. */
const REVERSED: Readonly<Record<string, string>> = {
  'bad-key-and-good-bearer': 'good-key-and-bad-bearer',
  'scoped-and-scoped-out-key': 'scoped-out-and-scoped-key',
};

/**
 * RFC 6750 §2: a client uses one method per request. Which of two credentials counts is not documented; a server that
 * takes whichever opens adds up what two keys may do.
 */
export const conflictingCredentials: Rule = {
  id: 'conflicting-credentials',
  level: 'SHOULD',
  title: 'of two different credentials not whichever opens is taken',
  section: 'Presenting the key',
  source: { standard: 'RFC 6750 §2, Authenticated Requests', url: 'https://www.rfc-editor.org/rfc/rfc6750#section-2' },
  given: Object.keys(REVERSED),
  verify: (judged) => {
    const reverse = judged.responseOf(REVERSED[judged.case.id] ?? '');
    const both = reverse !== undefined && isGranted(judged) && isGranted({ ...judged, response: reverse });
    return [
      finding(
        'one-order-at-most',
        !both,
        'a refusal in one order of the two at least',
        `let in in both orders: ${summary(judged.response)}`,
      ),
    ];
  },
};
