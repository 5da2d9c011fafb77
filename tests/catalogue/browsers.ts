import { firstFieldValue } from '../../src/fields/response-fields.ts';
import { finding } from '../../src/judging/expectations.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { UncontrolledCase } from '../../src/requests/case.ts';
import { needsGet, needsReadingRepresentative } from './conditions.ts';

const FOREIGN = 'https://evil.example';

/** A case that a browser sends for a page of another origin. */
function fromPage(id: string, title: string, origin: string, withKey: boolean): UncontrolledCase {
  return {
    id,
    kind: 'uncontrolled',
    group: 'browser',
    title,
    reasonNotApplicable: needsGet,
    request: (builder) =>
      builder.build({ ...(withKey && { key: builder.fullKey() }), headers: [['Origin', [origin]]] }),
  };
}

/** Origins that begin or end as the API's own, which a comparison of a part of it takes for that. */
const likeOwn: readonly UncontrolledCase[] = (
  [
    ['origin-that-begins-alike', 'begins', (host: string) => `https://${host}.evil.example`],
    ['origin-that-ends-alike', 'ends', (host: string) => `https://evil${host}`],
  ] as const
).map(([id, what, originOf]) => ({
  ...fromPage(id, `the full-access key from a page whose origin ${what} as that of the API`, FOREIGN, true),
  reasonNotApplicable: needsReadingRepresentative,
  request: (builder) =>
    builder.build({
      key: builder.fullKey(),
      headers: [['Origin', [originOf(new URL(builder.target.baseUrl).hostname)]]],
    }),
}));

const foreignPages: readonly UncontrolledCase[] = [
  fromPage('foreign-origin', 'the full-access key from a page of another origin', FOREIGN, true),
  fromPage('null-origin', 'the full-access key from a page without an origin', 'null', true),
  fromPage('foreign-origin-without-key', 'no credential from a page of another origin', FOREIGN, false),
  ...likeOwn,
];

/**
 * "Keys are server-side only, never exposed to browsers": a response that any page may read makes people put keys into
 * pages. That no response does so is a consequence that the documentation does not draw itself.
 */
const foreignOrigin: Rule = {
  id: 'foreign-origin',
  level: 'SHOULD',
  title: 'no response allows pages of other origins to read it',
  section: 'Browsers',
  since: '2026.11',
  source: { promise: 'server-side-only' },
  standards: { cwe: [942], owaspApi: ['API8'], asvs: ['3.4.2'], severity: 'medium' },
  given: { cases: foreignPages },
  reasonNotApplicable: (_, { promises }) =>
    promises.some(({ id }) => id === 'server-side-only')
      ? undefined
      : 'the contract does not say that keys are for servers only',
  requiresControl: false,
  expectations: ['no-invitation'],
  verify: ({ response, exchange }) => {
    const allowed = firstFieldValue(response, 'access-control-allow-origin');
    // Only with it a page gets what cookies and the like let it in for.
    const credentials = firstFieldValue(response, 'access-control-allow-credentials') === 'true';
    const sent = exchange.request.headers.find((line) => line.startsWith('Origin: '))?.slice('Origin: '.length);
    return [
      finding(
        'no-invitation',
        allowed !== '*' && (allowed === undefined || allowed !== sent),
        'no Access-Control-Allow-Origin for any origin',
        `Access-Control-Allow-Origin: ${allowed}${credentials ? ', with Access-Control-Allow-Credentials: true' : ''}`,
      ),
    ];
  },
};

export const browserRules: readonly Rule[] = [foreignOrigin];
