import type { RequestParts, TargetParts } from '../../../src/requests/request-builder.ts';
import { type Case, NotSent } from '../../../src/requests/case.ts';

/** Other spellings of an operation's path, for which a gate and a router may disagree about what is asked. */
export const strangePaths: readonly Case[] = [
  ...strange('trailing-slash', 'a slash after the path', ({ base, path, query }) => `${base}${path}/${query}`),
  ...strange(
    'double-slash-in-front',
    'two slashes before the path',
    ({ base, path, query }) => `/${base}${path}${query}`,
  ),
  ...strange(
    'double-slash-inside',
    'two slashes inside the path',
    ({ base, path, query }) => `${base}/${path}${query}`,
  ),
  ...strange(
    'matrix-parameter',
    'a parameter behind a semicolon',
    ({ base, path, query }) => `${base}${path};x=1${query}`,
  ),
  ...strange(
    'encoded-letter',
    'a letter of the path percent-encoded',
    ({ base, path, query }) => `${base}/${encoded(path.slice(1, 2))}${path.slice(2)}${query}`,
  ),
  ...strange(
    'twice-encoded-letter',
    'a letter of the path percent-encoded twice',
    ({ base, path, query }) => `${base}/${encoded(path.slice(1, 2)).replace('%', '%25')}${path.slice(2)}${query}`,
  ),
  ...strange('dot-segment', 'a dot segment in the path', ({ base, path, query }) => `${base}/.${path}${query}`),
  ...strange(
    'parent-segment',
    'the path reached through the parent of a segment',
    ({ base, path, query }) => `/health/..${base}${path}${query}`,
  ),
  ...strange(
    'encoded-parent-segment',
    'the path reached through an encoded parent segment',
    ({ base, path, query }) => `/health/%2e%2e${base}${path}${query}`,
  ),
  ...strange(
    'parent-segment-with-parameter',
    'the path reached through a parent segment with a parameter',
    ({ base, path, query }) => `/health/..;${base}${path}${query}`,
  ),
  ...strange(
    'alias-parent',
    'the path reached through two dots behind a name',
    ({ base, path, query }) => `/public..${base}${path}${query}`,
  ),
  ...strange('dot-at-the-end', 'a dot segment behind the path', ({ base, path, query }) => `${base}${path}/.${query}`),
  ...strange(
    'encoded-slash',
    'a slash of the path percent-encoded',
    ({ base, path, query }) => `${withSlash(base, path, '%2f')}${query}`,
  ),
  ...impossible(
    'backslash',
    'a backslash for a slash of the path',
    ({ base, path, query }) => `${withSlash(base, path, '\\')}${query}`,
  ),
  ...strange(
    'upper-case-path',
    'the path in upper case',
    ({ base, path, query }) => `${base}${path.toUpperCase()}${query}`,
  ),
  ...strange('json-suffix', 'the path with a suffix', ({ base, path, query }) => `${base}${path}.json${query}`),
  ...strange(
    'encoded-space-suffix',
    'the path with an encoded space behind it',
    ({ base, path, query }) => `${base}${path}%20${query}`,
  ),
  plain('empty-query', 'no credential, and the path with an empty query', () => ({
    target: ({ base, path, query }) => `${base}${path}${query === '' ? '?' : query}`,
  })),
  ...impossible('fragment', 'the path with a fragment', ({ base, path, query }) => `${base}${path}${query}#x`),
  {
    ...plain('no-leading-slash', 'no credential, and the path without its leading slash', () => ({
      target: ({ base, path, query }) => `${(base + path).slice(1)}${query}`,
    })),
    malformed: true,
  },
  ...strange(
    'absolute-form',
    'the request-target in absolute form',
    ({ origin, base, path, query }) => `${origin}${base}${path}${query}`,
  ),
  ...strange(
    'absolute-form-of-another-host',
    'the request-target in absolute form, with another host',
    ({ base, path, query }) => `http://localhost${base}${path}${query}`,
  ),
];

const PATH_HEADERS = ['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Uri', 'X-Forwarded-Path', 'X-Original-Path'];

/** Headers by which a proxy tells a server which path was asked for, or that a request needs no check. */
export const internalHeaders: readonly Case[] = [
  plain('rewritten-to-a-public-path', 'no credential, and headers that call the path a public one', () => ({
    headers: PATH_HEADERS.map((name) => [name, ['/health']]),
  })),
  {
    ...plain(
      'rewritten-from-a-public-path',
      'a public path without credential, and headers that name the operation',
      ({ base, path }) => ({
        target: () => '/health',
        headers: [...PATH_HEADERS, 'X-Forwarded-Prefix'].map((name) => [name, [`${base}${path}`]]),
      }),
    ),
    appliesTo: ({ method }) => method !== 'HEAD' || 'an answer to HEAD has no content that could be compared',
  },
  plain('prefix-header', 'no credential, and a header that names a path prefix', () => ({
    headers: [['X-Forwarded-Prefix', ['/health']]],
  })),
  plain('internal-request-headers', 'no credential, and headers that call the request internal', () => ({
    headers: [
      ['x-middleware-subrequest', ['middleware:middleware:middleware:middleware:middleware']],
      ['X-Custom-IP-Authorization', ['127.0.0.1']],
      ['X-Internal', ['1']],
      ['X-Internal-Request', ['true']],
    ],
  })),
];

/** The operation below other prefixes: an old or internal version may have been left without a gate. */
export const otherVersions: readonly Case[] = ['/v0', '/v1', '/internal', '/beta'].map((prefix) => ({
  id: `prefix-${prefix.slice(1)}`,
  group: 'routing',
  title: `no credential, below ${prefix}`,
  control: 'valid-key',
  request: (builder) =>
    builder.build({ target: ({ base, path, query }) => `${base.replace(/\/[^/]*$/, '')}${prefix}${path}${query}` }),
}));

function strange(id: string, title: string, target: (parts: TargetParts) => string): Case[] {
  return oddity(id, `no credential, and ${title}`, () => ({ target }));
}

/** A request-target that RFC 9112 §3.2 has no form for. */
function impossible(id: string, title: string, target: (parts: TargetParts) => string): Case[] {
  return strange(id, title, target).map((one) => ({ ...one, malformed: true }));
}

/** The oddity without a credential and, should it not be refused, the same with the full-access key. */
function oddity(id: string, title: string, asked: (place: TargetParts) => RequestParts): Case[] {
  return [
    { ...plain(id, title, asked), comparison: `${id}-with-key` },
    {
      id: `${id}-with-key`,
      group: 'control',
      title: title.replace('no credential', 'the full-access key'),
      onDemand: true,
      request: (builder) => builder.build({ ...asked(builder.targetParts()), key: builder.fullKey() }),
    },
  ];
}

function plain(id: string, title: string, asked: (place: TargetParts) => RequestParts): Case {
  return {
    id,
    group: 'routing',
    title,
    control: 'valid-key',
    request: (builder) => builder.build(asked(builder.targetParts())),
  };
}

/** The path with another slash behind the base path, or behind its own first segment: the first one of all has to stay. */
function withSlash(base: string, path: string, slash: string): string {
  if (base !== '') return `${base}${slash}${path.slice(1)}`;
  const second = path.indexOf('/', 1);
  if (second < 0) throw new NotSent('policy', 'the path has one segment only, so none of its slashes can be respelt');
  return `${path.slice(0, second)}${slash}${path.slice(second + 1)}`;
}

function encoded(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16)}`;
}
