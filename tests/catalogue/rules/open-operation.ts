import { reasonNotAnonymous } from '../../../src/openapi/security.ts';
import { finding } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * OpenAPI, Operation Object: an empty `security` takes the document's away, and `{}` among alternatives makes a credential
 * optional. So it is the contract itself that opens the operation, and a client that believes it is refused.
 *
 * Laxer than a promise of success: an answer about the input or a resource that is not there is not about a credential.
 */
export const openOperation: Rule = {
  id: 'open-operation',
  level: 'MUST',
  title: 'an operation that the contract opens to everyone asks for no credential',
  section: 'Missing key',
  source: {
    standard: 'OpenAPI 3.1.1 §4.8.10, Operation Object: security',
    url: 'https://spec.openapis.org/oas/v3.1.1.html#operation-object',
  },
  given: ['open-operation'],
  forAnonymous: true,
  appliesTo: (operation) => reasonNotAnonymous(operation) ?? true,
  verify: ({ response }) => {
    const refused = response.status === 401 || response.status === 403;
    return [finding('no-credential-needed', !refused, 'an answer other than 401 and 403', `status ${response.status}`)];
  },
};
