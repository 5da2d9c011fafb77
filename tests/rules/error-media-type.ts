import { finding } from '../../src/verdict/expectations.ts';
import type { Rule } from '../../src/verdict/rule.ts';
import { mediaType } from '../../src/wire/exchange.ts';

/**
 * RFC 9110 §8.3: the media type says what the body is. The contract shows JSON bodies and does not name their type, so a
 * wrong one deviates.
 */
export const errorMediaType: Rule = {
  id: 'error-media-type',
  level: 'SHOULD',
  title: 'every refusal says that its body is JSON',
  section: 'Error answers',
  source: { standard: 'RFC 9110 §8.3, Content-Type', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-8.3' },
  given: 'refusals',
  armed: false,
  verify: ({ answer }) => {
    const type = mediaType(answer);
    return [
      finding(
        'media-type',
        type !== undefined && /^application\/([\w.-]+\+)?json$/.test(type),
        'application/json',
        type ?? 'no Content-Type',
      ),
    ];
  },
};
