import { finding, summary } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';
import { mediaType } from '../../../src/model/exchange.ts';

/** A client that expects JSON gets JSON, also from the servers in front of the API. */
export const jsonAtTheEdge: Rule = {
  id: 'json-at-the-edge',
  level: 'SHOULD',
  title: 'an error from before the operation is no page of HTML',
  section: 'Error answers',
  source: { promise: 'error-envelope' },
  given: ['unknown-path', 'unknown-method', 'key-of-8-kilobytes'],
  requiresControl: false,
  verify: ({ response }) => [finding('no-html', mediaType(response) !== 'text/html', 'no HTML', summary(response))],
};
