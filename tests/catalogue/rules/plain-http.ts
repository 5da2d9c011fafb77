import { finding, isGranted, summary } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';
import type { FaultKind } from '../../../src/model/exchange.ts';

/** No answer over plain HTTP is the best answer. */
const NOT_SERVED: ReadonlySet<FaultKind | undefined> = new Set(['refused', 'reset', 'timeout', 'protocol']);

/**
 * Authentication Overview, "HTTPS required". How plain HTTP is refused is not documented: a closed port, a redirect to
 * https and a 4xx without API data conform; data, or an answer that shows that the key was looked up, does not.
 */
export const plainHttp: Rule = {
  id: 'plain-http',
  level: 'MUST',
  title: 'plain HTTP is neither served nor used to look up a key',
  section: 'HTTPS',
  source: { promise: 'https-required' },
  appliesTo: (_, { servers }) =>
    (servers.length > 0 && servers.every((server) => server.startsWith('https:'))) ||
    'the contract does not say that the API is served over HTTPS only',
  given: ['plain-http', 'plain-http-without-key', 'plain-http-forwarded-proto'],
  verify: (judged) => {
    const { response, contract, schemas } = judged;
    const { schema, status = [] } = contract.refusals.invalidKey ?? {};
    const lookedUp =
      schema !== undefined &&
      status.includes(response.status) &&
      schemas.errors(schema, response.body.json ?? null).length === 0;
    return [
      finding('not-served', !isGranted(judged), 'no answer of the API over plain HTTP', summary(response)),
      finding('key-not-looked-up', !lookedUp, 'no verdict on a key over plain HTTP', summary(response)),
    ];
  },
  verifyFault: ({ fault }) => (NOT_SERVED.has(fault.kind) ? [] : undefined),
};
