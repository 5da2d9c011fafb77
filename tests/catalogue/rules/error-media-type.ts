import type { Operation } from '../../../src/model/contract.ts';
import { documentedResponse } from '../../../src/openapi/documented-response.ts';
import { isJson } from '../../../src/openapi/media-type.ts';
import { finding } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';
import { mediaType } from '../../../src/model/exchange.ts';

/**
 * RFC 9110 §8.3: the media type says what the body is. Where the contract names no type for a refusal, JSON is what a
 * client reads, and any of its kind is as good as the one that is named. Types of refusals are nowhere promised in words, so a wrong one deviates.
 */
export const errorMediaType: Rule = {
  id: 'error-media-type',
  level: 'SHOULD',
  title: 'every refusal has the media type of the contract, or else of JSON',
  section: 'Error answers',
  source: { standard: 'RFC 9110 §8.3, Content-Type', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-8.3' },
  given: 'refusals',
  requiresControl: false,
  appliesTo: (_, { operations }) => operations.some(namesAType) || 'the contract names no media type',
  verify: ({ response, operation }) => {
    const type = mediaType(response);
    const named = documentedResponse(operation, response.status)?.mediaTypes.map(plain) ?? [];
    const isNamed = type !== undefined && named.some((name) => name === type || matchesRange(name, type));
    const isUsual = named.every(isJson) && type !== undefined && isJson(type);
    return [
      finding('media-type', isNamed || isUsual, named.join(' or ') || 'application/json', type ?? 'no Content-Type'),
    ];
  },
};

function namesAType({ responses }: Operation): boolean {
  return Object.values(responses).some(({ mediaTypes }) => mediaTypes.length > 0);
}

function plain(mediaType: string): string {
  return mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** RFC 9110 §12.5.1: `*` for all types, or for all of one. */
function matchesRange(range: string, type: string): boolean {
  return range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}
