import type { TargetParts } from '../../../src/requests/request-builder.ts';
import type { Text } from '../../../src/secret.ts';
import type { Case } from '../../../src/requests/case.ts';
import { hasPathParameters, isRead } from './applicability.ts';

/** Two requests in order: what the first one was let in to must not open to the second. */
export const sequences: readonly Case[] = [
  {
    id: 'same-connection',
    group: 'caching',
    title: 'no credential, on a connection on which the full-access key was accepted',
    control: 'valid-key',
    request: (builder) =>
      builder.build({ earlier: { request: builder.build({ key: builder.fullKey() }), sameConnection: true } }),
  },
  {
    id: 'after-an-answer-to-a-key',
    group: 'caching',
    title: 'no credential, right after the full-access key got an answer there',
    control: 'valid-key',
    appliesTo: isRead,
    request: (builder) => {
      // An address of its own, so that no other case warms the cache or is served from it.
      const query: readonly Text[] = [['conformance=cache']];
      return builder.build({
        query,
        earlier: { request: builder.build({ query, key: builder.fullKey() }), sameConnection: false },
      });
    },
  },
  ...(
    [
      ['static-looking-path', 'a style sheet', '/conformance.css'],
      ['static-looking-line', 'a script behind a line break', '%0Aconformance.js'],
    ] as const
  ).map(([id, what, suffix]): Case => ({
    id,
    group: 'caching',
    title: `no credential, after the full-access key asked for the path as ${what}`,
    control: 'valid-key',
    appliesTo: isRead,
    request: (builder) => {
      builder.assertNotProduction('a cache that stores it would serve it to others');
      const target = ({ base, path }: TargetParts): string => `${base}${path}${suffix}`;
      return builder.build({
        target,
        earlier: { request: builder.build({ target, key: builder.fullKey() }), sameConnection: false },
      });
    },
  })),
];

/** With the full-access key, and nothing there: whether what is missing is remembered by caches. */
export const absentResources: readonly Case[] = [
  {
    id: 'valid-key-unknown-resource',
    group: 'caching',
    title: 'the full-access key and the id of nothing',
    appliesTo: (operation) => (isRead(operation) === true ? hasPathParameters(operation) : isRead(operation)),
    request: (builder) => builder.build({ key: builder.fullKey(), resource: 'unknown' }),
  },
];

/** What a browser would send. */
export const browserRequests: readonly Case[] = [
  {
    id: 'foreign-origin',
    group: 'browser',
    title: 'the full-access key from a page of another origin',
    appliesTo: isRead,
    request: (builder) => builder.build({ key: builder.fullKey(), headers: [['Origin', ['https://evil.example']]] }),
  },
  {
    id: 'null-origin',
    group: 'browser',
    title: 'the full-access key from a page without an origin',
    appliesTo: isRead,
    request: (builder) => builder.build({ key: builder.fullKey(), headers: [['Origin', ['null']]] }),
  },
  {
    id: 'foreign-origin-without-key',
    group: 'browser',
    title: 'no credential from a page of another origin',
    appliesTo: isRead,
    request: (builder) => builder.build({ headers: [['Origin', ['https://evil.example']]] }),
  },
];

/** Requests that often never reach the API itself but a server before it. */
export const edges: readonly Case[] = [
  {
    id: 'unknown-path',
    group: 'order',
    title: 'no credential, and a path that is no operation',
    appliesTo: isRead,
    request: (builder) => builder.build({ target: ({ base, path }) => `${base}${path}/conformance-unknown` }),
  },
];
