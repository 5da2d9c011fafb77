import type { Operation } from '../../src/contract/contract.ts';
import { documentedAnswer } from '../../src/contract/documented-answer.ts';
import { isJson } from '../../src/contract/media.ts';
import { finding } from '../../src/verdict/expectations.ts';
import type { Rule } from '../../src/verdict/rule.ts';
import { mediaType } from '../../src/wire/exchange.ts';

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
  armed: false,
  appliesTo: (_, { operations }) => operations.some(namesAType) || 'the contract names no media type',
  verify: ({ answer, operation }) => {
    const type = mediaType(answer);
    const named = documentedAnswer(operation, answer.status)?.mediaTypes.map(plain) ?? [];
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
