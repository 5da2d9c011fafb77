import { mediaTypeOf } from '../../src/fields/response-fields.ts';
import { expectDenied, hangUpIsRefusal } from '../../src/judging/access.ts';
import { finding, isAccepted, isSuccess, summary, undecided } from '../../src/judging/expectations.ts';
import { hasSameShape } from '../../src/judging/same-response.ts';
import type { JudgedExchange, Rule } from '../../src/judging/rule.ts';
import type { HttpResponse } from '../../src/model/exchange.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { ControlCase, ControlledCase, UncontrolledCase } from '../../src/requests/case.ts';
import type { RequestBuilder, RequestParts } from '../../src/requests/request-builder.ts';
import { lockedKey } from './address-lock.ts';
import { otherEnvironmentKey } from './environments.ts';
import { keyCutByOne, placeholders, revokedKeyCase } from './invalid-key.ts';
import { emptyKey } from './missing-key.ts';
import { foreignKeyCase } from './permissions.ts';
import { nameInLowerCase } from './presenting-the-key.ts';
import { neverIssuedKey, noKey, scopedKey, validKey } from './shared-cases.ts';

/**
 * The case of each question about access that answers it: these are sent over HTTP/2 once more. A case that asks a question
 * of its own belongs here too.
 */
const decisive: readonly (ControlCase | ControlledCase)[] = [
  ...[validKey, scopedKey, noKey, emptyKey, neverIssuedKey, keyCutByOne, revokedKeyCase],
  ...placeholders.filter(({ id }) => id === 'placeholder-null'),
  ...[otherEnvironmentKey, foreignKeyCase, lockedKey],
];

/** Each over HTTP/2, by its id. */
const overHttp2: ReadonlyMap<
  string,
  { readonly original: ControlCase | ControlledCase; readonly twin: UncontrolledCase }
> = new Map(
  decisive.map((original) => {
    const { id, group, title, reasonUnsuitable, reasonNotApplicable } = original;
    const twin: UncontrolledCase = {
      id: `${id}-over-http2`,
      kind: 'uncontrolled',
      group,
      title: `over HTTP/2: ${title}`,
      ...(reasonUnsuitable && { reasonUnsuitable }),
      ...(reasonNotApplicable && { reasonNotApplicable }),
      overHttp2: true,
      request: (builder) => builder.overHttp2(original.request(builder)),
    };
    return [twin.id, { original, twin }] as const;
  }),
);

/** RFC 9113 §8.2.3: clients split a cookie into fields, and whoever reads it joins them again. */
const inCrumbs: UncontrolledCase = {
  id: 'cookie-in-crumbs',
  kind: 'uncontrolled',
  group: 'presentation',
  title: 'over HTTP/2: the full-access key in a cookie, beside another one in a field of its own',
  reasonUnsuitable: ({ id, varied }) => (varied?.in === 'cookie' ? undefined : `${id} is presented in no cookie`),
  overHttp2: true,
  request: (builder) =>
    builder.build({ key: builder.fullKey(), http2: {}, headers: [['Cookie', ['conformance=crumb']]] }),
};

/**
 * "Every API request requires an API key", over whatever version of HTTP it comes (RFC 9110 §2.5: they share one semantics).
 * What takes HTTP/2 is often another server than what takes HTTP/1.1, with a gate of its own or with none.
 *
 * Laxer than the equivalence of forms: of the body only its media type and its members are compared.
 */
const sameAccess: Rule = {
  id: 'http2-same-access',
  level: 'MUST',
  title: 'a credential opens over HTTP/2 what it opens over HTTP/1.1, and no more',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [288, 436], owaspApi: ['API2', 'API8'], asvs: ['8.3.1'], severity: 'critical' },
  given: { cases: [...[...overHttp2.values()].map(({ twin }) => twin), inCrumbs] },
  // Two equal requests over HTTP/1.1 show whether the resource changes by itself.
  comparedWith: [...decisive, nameInLowerCase],
  comparedFor: ({ id }) => [overHttp2.get(id)?.original ?? validKey, nameInLowerCase],
  requiresControl: false,
  expectations: ['same-status', 'same-body'],
  verify: (judged) => {
    const { original = validKey } = overHttp2.get(judged.case.id) ?? {};
    const usual = judged.responseOf(original, judged.alternative);
    if (!usual || usual.status >= 500)
      return [
        undecided('same-status', 'the same request over HTTP/1.1 got no response that it could be compared with'),
      ];
    // The first of two equal requests may delete what the second one looks for.
    if (judged.isRepeat && isAccepted(usual) && isAccepted(judged.response)) return [];
    const { status } = judged.response;
    const isSame = usual.status === status;
    const found = finding('same-status', isSame, `status ${usual.status}, as over HTTP/1.1`, `status ${status}`);
    return isSame ? [found, comparedBody(judged, usual)] : [found];
  },
};

function comparedBody(judged: JudgedExchange, usual: HttpResponse): Finding {
  const { response, responseOf, operation } = judged;
  const again = responseOf(nameInLowerCase);
  const changesByItself = isSuccess(usual) && again !== undefined && !hasSameShape(usual, again);
  // RFC 9110 §9.3.2: a response to HEAD has no content.
  const isSame = operation.method === 'HEAD' || changesByItself || hasSameForm(usual, response);
  return finding('same-body', isSame, `the body over HTTP/1.1: ${summary(usual)}`, summary(response));
}

function hasSameForm(one: HttpResponse, other: HttpResponse): boolean {
  if (mediaTypeOf(one)?.essence !== mediaTypeOf(other)?.essence) return false;
  return (one.body.json === undefined) === (other.body.json === undefined) && hasSameShape(one, other);
}

/** A request without a credential that says something which HTTP/1.1 has no place for, or another place. */
function frames(id: string, title: string, parts: (builder: RequestBuilder) => RequestParts): ControlledCase {
  return {
    id: `http2-${id}`,
    kind: 'controlled',
    group: 'routing',
    title: `over HTTP/2: no credential, and ${title}`,
    control: validKey,
    overHttp2: true,
    request: (builder) => builder.build({ http2: {}, ...parts(builder) }),
  };
}

const oddFrames: readonly ControlledCase[] = [
  // RFC 9113 §8.3.1: a fragment is no part of :path. Servers hand it on all the same.
  frames('fragment', 'the path of a public resource in the fragment of :path', () => ({
    target: ({ base, path, query }) => `${base}${path}${query}#/health`,
  })),
  frames('empty-query', 'an empty query in :path', () => ({
    target: ({ base, path, query }) => `${base}${path}${query === '' ? '?' : query}`,
  })),
  frames('authority-of-this-machine', ':authority localhost at odds with Host', ({ target }) => ({
    http2: { authority: 'localhost' },
    headers: [['Host', [new URL(target.baseUrl).host]]],
  })),
  frames('host-of-this-machine', 'Host localhost at odds with :authority', () => ({
    headers: [['Host', ['localhost']]],
  })),
];

/**
 * "Every API request requires an API key", whatever its frames say. HTTP/2 names the host twice and takes a path from a field
 * of its own, so that a gate and what stands behind it may read different ones (RFC 9113 §8.3.1).
 *
 * A server may take such a request for malformed and end its stream.
 */
const oddFrame: Rule = {
  id: 'http2-frames',
  level: 'MUST',
  title: 'a request with peculiar pseudo-header fields is denied without a key',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [288, 436], owaspApi: ['API2', 'API8'], asvs: ['8.3.1'], severity: 'critical' },
  given: { cases: oddFrames },
  expectations: ['refused'],
  // Another host is another place, where a page may stand that opens nothing.
  verify: (judged) => expectDenied(judged, true),
  verifyFault: hangUpIsRefusal,
};

export const http2Rules: readonly Rule[] = [sameAccess, oddFrame];
