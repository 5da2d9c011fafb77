import { finding } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';
import { header } from '../../../src/model/exchange.ts';

/** RFC 6797: tells clients that honour it never to try plain HTTP. The contract requires HTTPS and does not name the header. */
export const strictTransport: Rule = {
  id: 'strict-transport',
  level: 'SHOULD',
  title: 'an answer over HTTPS tells clients to stay with HTTPS',
  section: 'HTTPS',
  source: {
    standard: 'RFC 6797 §7.1, HTTP-over-Secure-Transport',
    url: 'https://www.rfc-editor.org/rfc/rfc6797#section-7.1',
  },
  given: ['valid-key'],
  requiresControl: false,
  verify: ({ response, exchange }) => {
    if (!exchange.request.url.startsWith('https:')) return [];
    const said = header(response, 'strict-transport-security');
    return [
      finding(
        'header',
        /\bmax-age="?[1-9]/i.test(said ?? ''),
        'Strict-Transport-Security with a max-age',
        said ?? 'no such header',
      ),
    ];
  },
};
