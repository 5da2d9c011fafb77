import { cacheDirectivesOf, fieldValues, listOf } from '../../src/fields/response-fields.ts';
import { expectDenied, hangUpIsRefusal } from '../../src/judging/access.ts';
import { expectAccepted, finding, isSuccess } from '../../src/judging/expectations.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { ControlledCase, UncontrolledCase } from '../../src/requests/case.ts';
import type { TargetParts } from '../../src/requests/request-builder.ts';
import type { Text } from '../../src/secret.ts';
import { needsGet, needsPathParameter, needsReadingRepresentative } from './conditions.ts';
import { foreignKeyCase } from './permissions.ts';
import { validKey } from './shared-cases.ts';

const afterResponseToKey: ControlledCase = {
  id: 'after-an-answer-to-a-key',
  kind: 'controlled',
  group: 'caching',
  title: 'no credential, right after the full-access key got a response there',
  control: validKey,
  reasonNotApplicable: needsGet,
  request: (builder) => {
    // An address of its own, so that no other case fills the cache or is served from it.
    const query: readonly Text[] = [['conformance=cache']];
    return builder.build({
      query,
      earlier: { request: builder.build({ query, key: builder.fullKey() }), sameConnection: false },
    });
  },
};

/** Paths that a cache takes for files which are the same for everyone. */
const staticLookingPaths: readonly ControlledCase[] = (
  [
    ['static-looking-path', 'a style sheet', '/conformance.css'],
    ['static-looking-line', 'a script behind a line break', '%0Aconformance.js'],
  ] as const
).map(([id, what, suffix]) => ({
  id,
  kind: 'controlled',
  group: 'caching',
  title: `no credential, after the full-access key asked for the path as ${what}`,
  control: validKey,
  reasonNotApplicable: needsGet,
  request: (builder) => {
    builder.assertNotProduction('a cache that stores it would serve it to others');
    const target = ({ base, path }: TargetParts): string => `${base}${path}${suffix}`;
    return builder.build({
      target,
      earlier: { request: builder.build({ target, key: builder.fullKey() }), sameConnection: false },
    });
  },
}));

/**
 * "Every API request requires an API key", also one that a cache could answer.
 *
 * Laxer than the missing-key rule: a path that does not exist may be a 404.
 */
const cachedAnswer: Rule = {
  id: 'cached-answer',
  level: 'MUST',
  title: 'a response to a key is not given to whoever asks next',
  section: 'Caching',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [524], owaspApi: ['API8'], asvs: ['14.2.2', '14.2.5'], severity: 'critical' },
  given: { cases: [afterResponseToKey, ...staticLookingPaths] },
  expectations: ['refused'],
  verify: (judged) => expectDenied(judged, judged.case.id !== afterResponseToKey.id),
  verifyFault: hangUpIsRefusal,
};

const afterRefusal: ControlledCase = {
  id: 'after-a-refusal',
  kind: 'controlled',
  group: 'caching',
  title: 'the full-access key, right after a key that was never issued was refused there',
  control: validKey,
  reasonNotApplicable: needsReadingRepresentative,
  request: (builder) => {
    // An address of its own, so that no other case fills the cache.
    const query: readonly Text[] = [['conformance=refusal']];
    return builder.build({
      ...{ query, key: builder.fullKey() },
      earlier: { request: builder.build({ query, key: builder.neverIssuedKey() }), sameConnection: false },
    });
  },
};

/**
 * RFC 9111 §3 with RFC 9110 §15.1: neither 401 nor 403 is stored without being told to, and a refusal is about one key. A
 * cache that gives it to others lets any stranger lock everyone out.
 *
 * Laxer than that: what is no refusal proves nothing.
 */
const cachedRefusal: Rule = {
  id: 'cached-refusal',
  level: 'MUST',
  title: 'a refusal is not given to whoever asks next with a valid key',
  section: 'Caching',
  since: '2026.11',
  source: {
    standard: 'RFC 9111 §3, Storing Responses in Caches',
    url: 'https://www.rfc-editor.org/rfc/rfc9111#section-3',
  },
  standards: { cwe: [349], owaspApi: ['API8'], asvs: ['14.2.5'], severity: 'medium' },
  given: { cases: [afterRefusal] },
  expectations: ['accepted'],
  verify: (judged) => [expectAccepted(judged, 'the full-access key')],
};

export const unknownResource: UncontrolledCase = {
  id: 'valid-key-unknown-resource',
  kind: 'uncontrolled',
  group: 'caching',
  title: 'the full-access key and the id of a resource that does not exist',
  reasonNotApplicable: (operation) => needsGet(operation) ?? needsPathParameter(operation),
  request: (builder) => builder.build({ key: builder.fullKey(), resource: 'unknown' }),
};

/** Errors that caches store without being told to (RFC 9110 §15.1). */
const STORED_ERRORS = [404, 405, 410, 414, 501];

/** Directives that let a shared cache store a response to `Authorization` all the same (RFC 9111 §3.5). */
const SHARED = ['public', 's-maxage', 'must-revalidate'];

/**
 * RFC 9111 §3.5 keeps shared caches from storing responses to `Authorization`, and to no other header. So a response to a
 * key in a header of its own has to say itself that it is not to be stored.
 *
 * Laxer than that: a response that varies by the key's header is kept for each key by itself.
 */
const cacheControl: Rule = {
  id: 'cache-control',
  level: 'SHOULD',
  title: 'a response to a key tells shared caches not to store it',
  section: 'Caching',
  since: '2026.11',
  source: {
    standard: 'RFC 9111 §3.5, Storing Responses to Authenticated Requests',
    url: 'https://www.rfc-editor.org/rfc/rfc9111#section-3.5',
  },
  standards: { cwe: [524, 525], owaspApi: ['API8'], asvs: ['14.2.2', '14.3.2'], severity: 'medium' },
  given: { cases: [validKey, foreignKeyCase, unknownResource] },
  requiresControl: false,
  reasonNotApplicable: ({ method }) => (method === 'GET' ? undefined : 'only responses to GET are stored'),
  expectations: ['not-stored'],
  verify: ({ response, contract, exchange }) => {
    if (!isSuccess(response) && !STORED_ERRORS.includes(response.status)) return [];
    // Such a request is kept apart by the standard itself, unless its response says otherwise.
    const isAuthorized = exchange.request.headers.some((line) => /^authorization:/i.test(line));
    if (isAuthorized && !SHARED.some((directive) => cacheDirectivesOf(response).has(directive))) return [];
    const sent = fieldValues(response, 'cache-control');
    const directives = cacheDirectivesOf(response);
    if (sent.length === 0 && listOf(response, 'vary').some((name) => credentialHeaders(contract).includes(name)))
      return [];
    return [
      finding(
        'not-stored',
        // `private="set-cookie"` keeps only the named header fields out of a shared cache (RFC 9111 §5.2.2.7).
        directives.has('no-store') || (directives.has('private') && directives.get('private') === undefined),
        'Cache-Control: no-store or private',
        sent.length === 0 ? 'no Cache-Control' : `Cache-Control: ${sent.join(', ')}`,
      ),
    ];
  },
};

/** What `Vary` can name so that each key has a response of its own, in lower case. */
function credentialHeaders({ schemes }: Contract): string[] {
  return ['*', 'authorization', ...Object.values(schemes).flatMap(({ parameter }) => parameter?.toLowerCase() ?? [])];
}

export const cachingRules: readonly Rule[] = [cachedAnswer, cachedRefusal, cacheControl];
