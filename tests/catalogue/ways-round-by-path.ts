import { expectAnotherResource, expectDenied, expectDeniedAsUsual, hangUpIsRefusal } from '../../src/judging/access.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { ControlledCase, OnDemandCase } from '../../src/requests/case.ts';
import type { RequestParts, TargetParts } from '../../src/requests/request-builder.ts';
import { validKey } from './shared-cases.ts';

/** A case without a credential whose path or headers are peculiar. */
function withoutKey(id: string, title: string, parts: (usual: TargetParts) => RequestParts): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group: 'routing',
    title: `no credential, and ${title}`,
    control: validKey,
    request: (builder) => builder.build(parts(builder.targetParts())),
  };
}

/** The same with the full-access key, which shows whether the peculiar request reaches the operation at all. */
function withKey(id: string, title: string, parts: (usual: TargetParts) => RequestParts): OnDemandCase {
  return {
    id: `${id}-with-key`,
    kind: 'on-demand',
    group: 'control',
    title: `the full-access key, and ${title}`,
    request: (builder) => builder.build({ ...parts(builder.targetParts()), key: builder.fullKey() }),
  };
}

/** A peculiar request without a credential, and the same with the full-access key should it not be refused. */
function peculiar(id: string, title: string, parts: (usual: TargetParts) => RequestParts): ControlledCase {
  return { ...withoutKey(id, title, parts), comparison: withKey(id, title, parts) };
}

function path(id: string, title: string, target: (usual: TargetParts) => string): ControlledCase {
  return peculiar(id, title, () => ({ target }));
}

/** A request-target that RFC 9112 §3.2 has no form for. */
function impossiblePath(id: string, title: string, target: (usual: TargetParts) => string): ControlledCase {
  return { ...path(id, title, target), malformed: true };
}

/** Other spellings of an operation's path, which a gate and a router may read differently. */
const strangePaths: readonly ControlledCase[] = [
  path('trailing-slash', 'a slash after the path', (usual) => `${usual.base}${usual.path}/${usual.query}`),
  path('double-slash-in-front', 'two slashes before the path', (usual) => `/${plain(usual)}`),
  path('double-slash-inside', 'two slashes inside the path', ({ base, path: own, query }) => `${base}/${own}${query}`),
  path('matrix-parameter', 'a parameter behind a semicolon', (usual) => `${usual.base}${usual.path};x=1${usual.query}`),
  path('encoded-letter', 'a letter of the path percent-encoded', (usual) => withFirstLetter(usual, encoded)),
  path('twice-encoded-letter', 'a letter of the path percent-encoded twice', (usual) =>
    withFirstLetter(usual, (letter) => encoded(letter).replace('%', '%25')),
  ),
  path('dot-segment', 'a dot segment in the path', ({ base, path: own, query }) => `${base}/.${own}${query}`),
  path('parent-segment', 'the path reached through the parent of a segment', (usual) => `/health/..${plain(usual)}`),
  path(
    'encoded-parent-segment',
    'the path reached through an encoded parent segment',
    (usual) => `/health/%2e%2e${plain(usual)}`,
  ),
  path(
    'parent-segment-with-parameter',
    'the path reached through a parent segment with a parameter',
    (usual) => `/health/..;${plain(usual)}`,
  ),
  path('alias-parent', 'the path reached through two dots behind a name', (usual) => `/public..${plain(usual)}`),
  path('dot-at-the-end', 'a dot segment behind the path', (usual) => `${usual.base}${usual.path}/.${usual.query}`),
  path('encoded-slash', 'a slash of the path percent-encoded', (usual) => withSlash(usual, '%2f')),
  impossiblePath('backslash', 'a backslash for a slash of the path', (usual) => withSlash(usual, '\\')),
  path(
    'upper-case-path',
    'the path in upper case',
    ({ base, path: own, query }) => `${base}${own.toUpperCase()}${query}`,
  ),
  path('json-suffix', 'the path with a suffix', (usual) => `${usual.base}${usual.path}.json${usual.query}`),
  path(
    'encoded-space-suffix',
    'the path with an encoded space behind it',
    (usual) => `${usual.base}${usual.path}%20${usual.query}`,
  ),
  withoutKey('empty-query', 'the path with an empty query', () => ({
    target: ({ base, path: own, query }) => `${base}${own}${query === '' ? '?' : query}`,
  })),
  impossiblePath('fragment', 'the path with a fragment', (usual) => `${plain(usual)}#x`),
  {
    ...withoutKey('no-leading-slash', 'the path without its leading slash', () => ({
      target: (usual) => plain(usual).slice(1),
    })),
    malformed: true,
  },
  path('absolute-form', 'the request-target in absolute form', (usual) => `${usual.origin}${plain(usual)}`),
  path(
    'absolute-form-of-another-host',
    'the request-target in absolute form, with another host',
    (usual) => `http://localhost${plain(usual)}`,
  ),
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
  source: { promise: 'key-required' },
  standards: { cwe: [177, 288, 647], owaspApi: ['API2', 'API8'], asvs: ['1.1.1', '8.3.1'], severity: 'critical' },
  given: { cases: strangePaths },
  expectations: ['refused', 'same-refusal'],
  verify: (judged) => expectDeniedAsUsual(judged, true),
  verifyFault: hangUpIsRefusal,
};

function plain({ base, path: own, query }: TargetParts): string {
  return `${base}${own}${query}`;
}

function withFirstLetter({ base, path: own, query }: TargetParts, change: (letter: string) => string): string {
  return `${base}/${change(own.slice(1, 2))}${own.slice(2)}${query}`;
}

function encoded(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16)}`;
}

/** Another slash behind the base path, or behind the path's own first segment: the very first one has to stay. */
function withSlash({ base, path: own, query }: TargetParts, slash: string): string {
  if (base !== '') return `${base}${slash}${own.slice(1)}${query}`;
  const second = own.indexOf('/', 1);
  if (second < 0) throw new NotSent('policy', 'the path has one segment only, so none of its slashes can be respelt');
  return `${own.slice(0, second)}${slash}${own.slice(second + 1)}${query}`;
}

const PATH_HEADERS = ['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Uri', 'X-Forwarded-Path', 'X-Original-Path'];

const rewrittenFromPublic: ControlledCase = {
  ...withoutKey('rewritten-from-a-public-path', 'a public path with headers that name the operation', (usual) => ({
    target: () => '/health',
    headers: [...PATH_HEADERS, 'X-Forwarded-Prefix'].map((name) => [name, [`${usual.base}${usual.path}`]]),
  })),
  reasonNotApplicable: ({ method }) =>
    method === 'HEAD' ? 'a response to HEAD has no content that could be compared' : undefined,
};

/** Headers by which a proxy tells a server which path was asked for, or that a request needs no check. */
const internalHeaders: readonly ControlledCase[] = [
  peculiar('rewritten-to-a-public-path', 'headers that call the path a public one', () => ({
    headers: PATH_HEADERS.map((name) => [name, ['/health']]),
  })),
  rewrittenFromPublic,
  peculiar('prefix-header', 'a header that names a path prefix', () => ({
    headers: [['X-Forwarded-Prefix', ['/health']]],
  })),
  peculiar('internal-request-headers', 'headers that call the request internal', () => ({
    headers: [
      ['x-middleware-subrequest', ['middleware:middleware:middleware:middleware:middleware']],
      ['X-Custom-IP-Authorization', ['127.0.0.1']],
      ['X-Internal', ['1']],
      ['X-Internal-Request', ['true']],
    ],
  })),
];

/** "Every API request requires an API key", whatever a header says about the path, the caller or the check itself. */
const internalHeader: Rule = {
  id: 'internal-header',
  level: 'MUST',
  title: 'headers meant for use behind a gateway do not replace the key',
  section: 'Ways round authentication',
  source: { promise: 'key-required' },
  standards: { cwe: [290, 348], owaspApi: ['API2', 'API8'], asvs: ['4.1.3', '8.3.1'], severity: 'critical' },
  given: { cases: internalHeaders },
  expectations: ['refused', 'same-refusal'],
  verify: (judged) =>
    judged.case.id === rewrittenFromPublic.id ? expectAnotherResource(judged) : expectDeniedAsUsual(judged),
  verifyFault: hangUpIsRefusal,
};

const otherPrefixes: readonly ControlledCase[] = ['/v0', '/v1', '/internal', '/beta'].map((prefix) => ({
  id: `prefix-${prefix.slice(1)}`,
  kind: 'controlled',
  group: 'routing',
  title: `no credential, below ${prefix}`,
  control: validKey,
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

export const waysRoundByPathRules: readonly Rule[] = [strangePath, internalHeader, otherVersion];
