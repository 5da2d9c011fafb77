import { finding } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** A header that changes the method changes it behind every gate that has read the request line. */
export const methodOverride: Rule = {
  id: 'method-override',
  level: 'SHOULD',
  title: 'a header does not change the method',
  section: 'Ways round',
  source: {
    standard: 'RFC 9110 §9.1, Methods: the request line names the method',
    url: 'https://www.rfc-editor.org/rfc/rfc9110#section-9.1',
  },
  given: ['get-overridden'],
  requiresControl: false,
  verify: ({ response, responseOf }) => {
    const plain = responseOf('valid-key');
    return plain
      ? [
          finding(
            'same-status',
            plain.status === response.status,
            `status ${plain.status}, as without the header`,
            `status ${response.status}`,
          ),
        ]
      : [];
  },
};
