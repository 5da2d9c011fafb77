import { isAnswer } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** "Every API request requires an API key": each request, not each connection (RFC 9110 §3.7: HTTP is stateless). */
export const authenticatedConnection: Rule = {
  id: 'authenticated-connection',
  level: 'MUST',
  title: 'a connection on which a key was accepted opens nothing by itself',
  section: 'Ways round',
  source: { promise: 'key-required' },
  given: ['same-connection'],
  verify: (judged) => isAnswer(judged, 'missingKey', 'missing-key'),
  // Nothing sticks to a connection that the server ends with its answer.
  verifyFault: ({ fault }) => (fault.kind === 'closed' ? [] : undefined),
};
