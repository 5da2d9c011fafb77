import { finding, summary } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';
import type { HttpResponse } from '../../../src/model/exchange.ts';
import { hasSameBody } from '../../../src/judging/same-response.ts';

/**
 * OWASP ASVS 6.3.8: whether a key was never issued, is malformed, was revoked or belongs elsewhere is told to nobody who
 * does not hold a valid one. The contract gives them all one body; a difference beyond it deviates.
 */
export const oneAnswerToBadKeys: Rule = {
  id: 'one-answer-to-bad-keys',
  level: 'SHOULD',
  title: 'bad keys of every sort get one answer',
  section: 'Error answers',
  source: {
    standard: 'OWASP ASVS 5.0, 6.3.8: no difference that reveals valid users',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x15-V6-Authentication.md',
  },
  given: ['revoked-key', 'other-environment-key', 'key-cut-by-one', 'wrong-prefix'],
  verify: (judged) => {
    const { response, responseOf, alternative, contract } = judged;
    const reference = responseOf(`never-issued-key@${alternative.id}`) ?? responseOf('never-issued-key');
    if (!reference || reference.status !== 401) return [];
    const same = reference.status === response.status && hasSameBody(reference, response, contract.volatileMembers);
    return [
      finding(
        'same-answer',
        same,
        `the answer to a key that was never issued: ${summary(reference)}`,
        summary(response),
      ),
      finding('same-headers', names(reference) === names(response), `the headers ${names(reference)}`, names(response)),
    ];
  },
};

function names({ headers }: HttpResponse): string {
  return [...new Set(headers.map(([name]) => name.toLowerCase()))].toSorted().join(', ');
}
