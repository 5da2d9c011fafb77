import type { Contract } from '../../../src/model/contract.ts';
import { finding, isSuccess } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';
import { header } from '../../../src/model/exchange.ts';

/**
 * RFC 9111 §3.5 keeps shared caches from storing answers to `Authorization`, and to no other header: an answer to a key in
 * a header of its own says itself that it is not to be stored.
 */
export const cacheControl: Rule = {
  id: 'cache-control',
  level: 'SHOULD',
  title: 'an answer to a key tells shared caches not to store it',
  section: 'Caching',
  source: {
    standard: 'RFC 9111 §3.5, Storing Responses to Authenticated Requests',
    url: 'https://www.rfc-editor.org/rfc/rfc9111#section-3.5',
  },
  given: ['valid-key', 'scoped-out-key', 'valid-key-unknown-resource'],
  requiresControl: false,
  appliesTo: ({ method }) => method === 'GET' || 'only answers to GET are stored',
  verify: ({ response, contract }) => {
    // A refusal needs no word unless it is one that caches store unasked (RFC 9110 §15.1).
    if (!isSuccess(response) && ![404, 405, 410, 414, 501].includes(response.status)) return [];
    const said = header(response, 'cache-control') ?? '';
    // A cache that heeds Vary keeps one answer for each key.
    const varies = (header(response, 'vary') ?? '').toLowerCase().split(/\s*,\s*/);
    if (said === '' && names(contract).some((name) => varies.includes(name))) return [];
    return [
      finding(
        'not-stored',
        /(^|[\s,])(no-store|private)\b/i.test(said),
        'Cache-Control: no-store or private',
        said === '' ? 'no Cache-Control' : `Cache-Control: ${said}`,
      ),
    ];
  },
};

/** Headers that carry a credential, in lower case. */
function names({ schemes }: Contract): string[] {
  return ['*', 'authorization', ...Object.values(schemes).flatMap(({ parameter }) => parameter?.toLowerCase() ?? [])];
}
