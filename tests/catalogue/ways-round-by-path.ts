import {
  expectAnotherResource,
  expectDenied,
  expectDeniedAsUsual,
  expectNotOpened,
  expectUnknownResourceHidden,
  hangUpIsRefusal,
} from '../../src/judging/access.ts';
import { isAlike } from '../../src/judging/likeness.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { namingEach } from '../../src/judging/several-names.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { ControlledCase } from '../../src/requests/case.ts';
import { unknownResource } from './caching.ts';
import { needsReadingRepresentative, needsRepresentative, needsScopes } from './conditions.ts';
import { noKeyUnknownResource } from './missing-key.ts';
import {
  COMMON_SPELLINGS,
  type PathSpelling,
  plain,
  RARER_SPELLINGS,
  RAREST_SPELLINGS,
} from './names/path-spellings.ts';
import { QUERY_PAIRS } from './names/query-pairs.ts';
import { opening, peculiar, peculiarLines, withoutKey } from './peculiar.ts';
import { foreignKey } from './scoped-keys.ts';
import { validKey } from './shared-cases.ts';

/** The spelling in a request without a credential. */
function spelt({ id, title, target, malformed }: PathSpelling, reasonNotApplicable?: Condition): ControlledCase {
  return {
    ...peculiar({ id, title, parts: () => ({ target }), ...(reasonNotApplicable && { reasonNotApplicable }) }),
    ...(malformed && { malformed }),
  };
}

type Condition = ControlledCase['reasonNotApplicable'];

/** Each pair of the query is harmless, so all go together. */
const publicPathInQuery: ControlledCase = {
  ...peculiar({
    id: 'public-path-in-query',
    title: 'public paths and switches in the query',
    parts: () => ({ query: QUERY_PAIRS.map((pair) => [pair]) }),
    reasonNotApplicable: needsRepresentative,
  }),
  alone: {
    most: QUERY_PAIRS.length,
    names: () => QUERY_PAIRS,
    request: (builder, names) => builder.build({ query: names.map((pair) => [pair]) }),
  },
};

/** Other spellings of an operation's path, which a gate and a router may read differently. */
const strangePaths: readonly ControlledCase[] = [
  ...COMMON_SPELLINGS.map((one) => spelt(one)),
  withoutKey({
    id: 'empty-query',
    title: 'the path with an empty query',
    parts: () => ({ target: ({ base, path: own, query }) => `${base}${own}${query === '' ? '?' : query}` }),
  }),
  {
    ...withoutKey({
      id: 'no-leading-slash',
      title: 'the path without its leading slash',
      parts: () => ({ target: (usual) => plain(usual).slice(1) }),
    }),
    malformed: true,
  },
  ...RARER_SPELLINGS.map((one) => spelt(one, needsRepresentative)),
  ...RAREST_SPELLINGS.map((one) => spelt(one, needsReadingRepresentative)),
  publicPathInQuery,
];

/**
 * "Every API request requires an API key", however its path is spelt. A gate that compares paths as they are written does
 * not guard what a router makes of other spellings.
 */
const strangePath: Rule = {
  id: 'strange-path',
  level: 'MUST',
  title: 'another spelling of the path is denied without a key',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [177, 288, 647], owaspApi: ['API2', 'API8'], asvs: ['1.1.1', '8.3.1'], severity: 'critical' },
  given: { cases: strangePaths },
  expectations: ['refused', 'same-refusal'],
  verify: (judged) => namingEach(judged, (one) => expectDeniedAsUsual(one, true), opening),
  verifyFault: hangUpIsRefusal,
};

/** The spelling with a key that lacks the operation's scope. */
function speltWithoutScope({ id, title, target, malformed }: PathSpelling): ControlledCase {
  return {
    id: `scoped-out-key-${id}`,
    kind: 'controlled',
    group: 'authorisation',
    title: `a key without the operation's scope, and ${title}`,
    control: validKey,
    ...(malformed && { malformed }),
    reasonNotApplicable: (operation, contract) =>
      needsScopes(operation) ?? needsReadingRepresentative(operation, contract),
    request: (builder) => builder.build({ key: foreignKey(builder), target }),
  };
}

/**
 * A gate may ask for a key and look the permission up by the path as it is written: then another spelling needs none
 * (CVE-2026-15573).
 *
 * Laxer than the rule on the plain path: whether such a spelling exists is not documented, so only the response of the
 * operation itself violates.
 */
const strangePathPermission: Rule = {
  id: 'strange-path-permission',
  level: 'MUST',
  title: "another spelling of the path needs the operation's scope as well",
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'insufficient-permission' },
  standards: { cwe: [647, 863], owaspApi: ['API5'], asvs: ['1.1.1', '8.3.1'], severity: 'high' },
  given: { cases: [...COMMON_SPELLINGS, ...RARER_SPELLINGS].map(speltWithoutScope) },
  levelOn: ({ scopePromise }) => scopePromise.level,
  expectations: ['refused'],
  verify: expectNotOpened,
  verifyFault: hangUpIsRefusal,
};

/** Words that are public paths elsewhere, as the id of a resource: a gate that searches paths for them lets those through. */
const PUBLIC_WORDS = ['health', 'login', 'favicon.ico', 'app.css'];

const publicWords: readonly ControlledCase[] = PUBLIC_WORDS.map((word) => ({
  ...withoutKey({
    id: `public-word-${word.replace(/\W/g, '-')}`,
    title: `the id ${word}`,
    parts: () => ({ target: ({ base, path: own, query }) => `${base}${own.replace(/[^/]+$/, word)}${query}` }),
  }),
  reasonNotApplicable: ({ method, path: template }) =>
    method === 'GET' && /\{[^/{}]+\}$/.test(template) ? undefined : 'the operation is no GET of one resource',
}));

/**
 * "Every API request requires an API key", whatever the id. A gate that leaves paths open by a word in them leaves the
 * resource of that name open (Prefect #21063).
 *
 * Laxer than the promise: a public path of that name answers anyone, so only what the operation itself says violates.
 */
const publicWord: Rule = {
  id: 'public-word',
  level: 'MUST',
  title: 'an id that is a public path elsewhere needs a key as any other',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [288], owaspApi: ['API2', 'API8'], asvs: ['8.3.1'], severity: 'critical' },
  given: { cases: publicWords },
  comparedWith: [unknownResource, noKeyUnknownResource],
  expectations: ['refused'],
  verify: (judged) => {
    // Whoever gets that for any id gets it for no word: authentication-first judges it.
    const ofAnyId = judged.responseOf(noKeyUnknownResource);
    if (ofAnyId && isAlike(judged.response, ofAnyId)) return [];
    return expectUnknownResourceHidden(judged, judged.responseOf(unknownResource));
  },
  verifyFault: hangUpIsRefusal,
};

const PATH_HEADERS = ['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Uri', 'X-Forwarded-Path', 'X-Original-Path'];

const rewrittenFromPublic = withoutKey({
  id: 'rewritten-from-a-public-path',
  title: 'a public path with headers that name the operation',
  parts: (usual) => ({
    target: () => '/health',
    headers: [...PATH_HEADERS, 'X-Forwarded-Prefix'].map((name) => [name, [`${usual.base}${usual.path}`]]),
  }),
  reasonNotApplicable: ({ method }) =>
    method === 'HEAD' ? 'a response to HEAD has no content that could be compared' : undefined,
});

/**
 * The port of a host that goes on as the path of the operation: a server that makes a URL of host and path routes to that
 * (CVE-2025-31137).
 */
const rewrittenByHost: readonly ControlledCase[] = ['Host', 'X-Forwarded-Host'].map((name) => ({
  ...withoutKey({
    id: `rewritten-by-${name.toLowerCase()}`,
    title: `a public path, and ${name} that goes on as the path of the operation`,
    parts: ({ base, path: own, query }) => ({
      target: () => '/health',
      headers: [[name, [`localhost:80${base}${own}${query === '' ? '?' : `${query}&`}`]]],
    }),
    reasonNotApplicable: needsReadingRepresentative,
  }),
  malformed: true,
}));

/** Headers by which a proxy tells a server which path was asked for, or that a request needs no check. */
const internalHeaders: readonly ControlledCase[] = [
  peculiarLines({ id: 'rewritten-to-a-public-path', title: 'headers that call the path a public one' }, () =>
    PATH_HEADERS.map((name) => [name, '/health']),
  ),
  rewrittenFromPublic,
  ...rewrittenByHost,
  peculiarLines({ id: 'prefix-header', title: 'a header that names a path prefix' }, () => [
    ['X-Forwarded-Prefix', '/health'],
  ]),
  peculiarLines({ id: 'internal-request-headers', title: 'headers that call the request internal' }, () => [
    ['x-middleware-subrequest', 'middleware:middleware:middleware:middleware:middleware'],
    ['X-Internal', '1'],
    ['X-Internal-Request', 'true'],
  ]),
];

/** "Every API request requires an API key", whatever a header says about the path, the caller or the check itself. */
const internalHeader: Rule = {
  id: 'internal-header',
  level: 'MUST',
  title: 'headers meant for use behind a gateway do not replace the key',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [290, 348], owaspApi: ['API2', 'API8'], asvs: ['4.1.3', '8.3.1'], severity: 'critical' },
  given: { cases: internalHeaders },
  expectations: ['refused', 'same-refusal'],
  verify: (judged) =>
    [rewrittenFromPublic, ...rewrittenByHost].some(({ id }) => id === judged.case.id)
      ? expectAnotherResource(judged)
      : namingEach(judged, expectDeniedAsUsual, opening),
  verifyFault: hangUpIsRefusal,
};

/** Prefixes below which an API is served as well, and those that gates leave open and a router may not know. */
const PREFIXES = ['/v0', '/v1', '/internal', '/beta'];
const RARER_PREFIXES = ['/public', '/open', '/dev', '/.well-known'];

const otherPrefixes: readonly ControlledCase[] = [...PREFIXES, ...RARER_PREFIXES].map((prefix) => ({
  id: `prefix-${prefix.replace(/\W/g, '')}`,
  kind: 'controlled',
  group: 'routing',
  title: `no credential, below ${prefix}`,
  control: validKey,
  ...(RARER_PREFIXES.includes(prefix) && { reasonNotApplicable: needsReadingRepresentative }),
  request: (builder) => {
    const other = builder.targetParts().base.replace(/\/[^/]*$/, '') + prefix;
    if (other === builder.targetParts().base)
      throw new NotSent('alternative', `the operation itself stands below ${prefix}`);
    return builder.build({ target: ({ path: own, query }) => `${other}${own}${query}` });
  },
}));

/** OWASP API9:2023: old and internal versions often lack the gate of the current one. They are no part of the contract. */
const otherVersion: Rule = {
  id: 'other-version',
  level: 'SHOULD',
  title: 'the operation below another prefix is denied without a key',
  section: 'Ways round authentication',
  since: '2026.11',
  source: {
    standard: 'OWASP API9:2023, Improper Inventory Management',
    url: 'https://owasp.org/API-Security/editions/2023/en/0xa9-improper-inventory-management/',
  },
  standards: { cwe: [425], owaspApi: ['API9'], asvs: ['6.3.4'], severity: 'critical' },
  given: { cases: otherPrefixes },
  expectations: ['refused'],
  verify: (judged) => expectDenied(judged, true),
  verifyFault: hangUpIsRefusal,
};

export const waysRoundByPathRules: readonly Rule[] = [
  strangePath,
  strangePathPermission,
  publicWord,
  internalHeader,
  otherVersion,
];
