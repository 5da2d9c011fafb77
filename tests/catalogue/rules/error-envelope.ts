import { bodyMatches, finding } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** Error codes, "Error format": every error has the same members, and the contract says which one repeats the status. */
export const errorEnvelope: Rule = {
  id: 'error-envelope',
  level: 'MUST',
  title: 'every refusal has the documented envelope, in which the status is repeated',
  section: 'Error answers',
  source: { promise: 'error-envelope' },
  given: 'refusals',
  requiresControl: false,
  appliesTo: (_, { refusals }) => refusals.envelope !== undefined || 'the contract describes no error body',
  verify: (judged) => {
    const { response, contract, exchange } = judged;
    // RFC 9110 §9.3.2: an answer to HEAD has no content.
    if (exchange.request.method === 'HEAD') return [];
    const name = contract.statusMember;
    const code =
      name === undefined ? undefined : (response.body.json as Record<string, unknown> | null | undefined)?.[name];
    return [
      ...bodyMatches(judged, contract.refusals.envelope, 'error').map((found) => ({
        ...found,
        expectation: 'envelope',
      })),
      ...(code === undefined
        ? []
        : [
            finding(
              'code',
              code === response.status,
              `${name} ${response.status}, equal to the status`,
              `${name} ${JSON.stringify(code)}`,
            ),
          ]),
    ];
  },
};
