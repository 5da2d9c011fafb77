import type { DefectGroup } from './defect.ts';
import { pathMismatch } from './gate-router-mismatch.ts';
import { decoded, resolved } from './path-readings.ts';

const FORMAT = /\.(?:json|xml|html)$/i;
const WHITE_SPACE = /%(?:20|09)$/;

/** A gate that compares paths as they were sent, before a router that reads more into them. */
export const routing = {
  'trailing-slash-not-guarded': {
    bug: 'P1',
    title: 'the router ignores a slash at the end, the gate does not',
    patch: pathMismatch((path) => path.replace(/\/$/, '')),
    complaints: [
      'strange-path: trailing-slash (refused)',
      'strange-path-permission: scoped-out-key-trailing-slash (refused)',
    ],
  },
  'double-slash-not-guarded': {
    bug: 'P2',
    title: 'the router takes several slashes for one, the gate does not',
    patch: pathMismatch((path) => path.replace(/\/{2,}/g, '/')),
    complaints: [
      'strange-path: double-slash-in-front double-slash-inside (refused)',
      'strange-path-permission: scoped-out-key-double-slash-in-front scoped-out-key-double-slash-inside (refused)',
    ],
  },
  'path-parameter-not-guarded': {
    bug: 'P3',
    title: 'the router ignores what stands behind a semicolon, the gate does not',
    patch: pathMismatch((path) => path.replace(/;[^/]*/g, ''), { misses: (path) => path.includes(';') }),
    complaints: [
      'strange-path: matrix-parameter file-parameter (refused)',
      'strange-path-permission: scoped-out-key-matrix-parameter scoped-out-key-file-parameter (refused)',
    ],
  },
  'dots-before-semicolon-not-guarded': {
    bug: 'P3',
    title: 'the router takes ..; for a way up, the gate for a name',
    patch: pathMismatch((path) => (path.includes('..;') ? resolved(path.replace(/;[^/]*/g, '')) : path)),
    complaints: [
      'strange-path: parent-segment-with-parameter parameter-way-up-below-the-base (refused)',
      'strange-path-permission: scoped-out-key-parent-segment-with-parameter scoped-out-key-parameter-way-up-below-the-base (refused)',
    ],
  },
  'encoded-letters-not-guarded': {
    bug: 'P4',
    title: 'the router decodes letters of the path, the gate does not',
    patch: pathMismatch((path) => path.replace(/%(?!25|2e|2f|5c)[2-7][\da-f]/gi, decoded), { seen: (path) => path }),
    complaints: [
      'strange-path: encoded-letter encoded-letter-of-the-base (refused)',
      'strange-path-permission: scoped-out-key-encoded-letter scoped-out-key-encoded-letter-of-the-base (refused)',
    ],
  },
  'twice-encoded-letters-not-guarded': {
    bug: 'P4',
    title: 'the router decodes the path twice, the gate once',
    patch: pathMismatch((path) => decoded(decoded(path)), { seen: decoded }),
    complaints: [
      'strange-path: twice-encoded-letter (refused)',
      'strange-path-permission: scoped-out-key-twice-encoded-letter (refused)',
    ],
  },
  'dot-segments-not-guarded': {
    bug: 'P5',
    title: 'the router resolves dot segments, the gate does not',
    patch: pathMismatch(resolved),
    complaints: [
      'strange-path: dot-segment parent-segment dot-at-the-end way-up-below-the-base way-up-from-public way-up-from-static way-up-from-login way-up-from-docs way-up-from-wellknown way-up-from-public-below-the-base way-up-from-static-below-the-base way-up-from-login-below-the-base way-up-from-docs-below-the-base way-up-from-wellknown-below-the-base (refused)',
      'strange-path-permission: scoped-out-key-dot-segment scoped-out-key-parent-segment scoped-out-key-dot-at-the-end scoped-out-key-way-up-below-the-base (refused)',
    ],
  },
  'encoded-dot-segments-not-guarded': {
    bug: 'P5',
    title: 'the router resolves dot segments that are percent-encoded, the gate does not',
    patch: pathMismatch((path) => (/%2e/i.test(path) ? resolved(path.replace(/%2e/gi, '.')) : path)),
    complaints: [
      'strange-path: encoded-parent-segment encoded-way-up-below-the-base half-encoded-way-up (refused)',
      'strange-path-permission: scoped-out-key-encoded-parent-segment scoped-out-key-encoded-way-up-below-the-base (refused)',
    ],
  },
  'dots-behind-alias-not-guarded': {
    bug: 'P5',
    title: 'a folder that is open to everyone can be left by two dots behind its name',
    patch: pathMismatch((path) => path.replace(/^\/[^/]+\.\.\//, '/')),
    complaints: [
      'strange-path: alias-parent (refused)',
      'strange-path-permission: scoped-out-key-alias-parent (refused)',
    ],
  },
  'encoded-slash-not-guarded': {
    bug: 'P6',
    title: 'the router takes an encoded slash for a slash, the gate does not',
    patch: pathMismatch((path) => path.replace(/%2f/gi, '/')),
    complaints: [
      'strange-path: encoded-slash (refused)',
      'strange-path-permission: scoped-out-key-encoded-slash (refused)',
    ],
  },
  'backslash-not-guarded': {
    bug: 'P6',
    title: 'the router takes a backslash for a slash, the gate does not',
    patch: pathMismatch((path) => path.replaceAll('\\', '/')),
    complaints: [
      'strange-path: backslash (refused) on safe operations',
      'strange-path-permission: scoped-out-key-backslash (refused)',
    ],
  },
  'other-case-not-guarded': {
    bug: 'P7',
    title: 'the router ignores the case of a path, the gate does not',
    patch: pathMismatch((path) => path.toLowerCase()),
    complaints: [
      'strange-path: upper-case-path upper-case-base (refused)',
      'strange-path-permission: scoped-out-key-upper-case-path scoped-out-key-upper-case-base (refused)',
    ],
  },
  'format-suffix-not-guarded': {
    bug: 'P8',
    title: 'the router takes .json at the end for the wanted format, the gate for a part of the name',
    patch: pathMismatch((path) => path.replace(FORMAT, ''), { misses: (path) => FORMAT.test(path) }),
    complaints: [
      'strange-path: json-suffix (refused)',
      'strange-path-permission: scoped-out-key-json-suffix (refused)',
    ],
  },
  'white-space-suffix-not-guarded': {
    bug: 'P8',
    title: 'the router cuts encoded white space off the end, the gate does not',
    patch: pathMismatch((path) => path.replace(WHITE_SPACE, ''), { misses: (path) => WHITE_SPACE.test(path) }),
    complaints: [
      'strange-path: encoded-space-suffix encoded-tab-behind (refused)',
      'strange-path-permission: scoped-out-key-encoded-space-suffix (refused)',
    ],
  },
  'dot-suffix-not-guarded': {
    bug: 'P8',
    title: 'the router ignores a dot segment at the end, the gate does not',
    patch: pathMismatch((path) => path.replace(/\/\.$/, '')),
    complaints: [
      'strange-path: dot-at-the-end (refused)',
      'strange-path-permission: scoped-out-key-dot-at-the-end (refused)',
    ],
  },
  'fragment-not-guarded': {
    bug: 'P8',
    title: 'the router cuts a fragment off, the gate does not',
    patch: pathMismatch((path) => path.replace(/#.*$/, ''), { misses: (path) => path.includes('#') }),
    complaints: [
      'strange-path: fragment (refused) on safe operations',
      'strange-path-permission: scoped-out-key-fragment (refused)',
    ],
  },
  'query-not-guarded': {
    bug: 'P8',
    title: 'the gate compares the path together with its question mark and query',
    patch: (sound) => ({
      isGuarded: (request) =>
        sound.isGuarded(request) && (!request.target.includes('?') || sound.matchRoute(request).kind !== 'operation'),
    }),
    complaints: [
      'undocumented-credential: key-in-query (refused)',
      'insufficient-scope: scoped-out-key-dry-run (status, body) on safe operations',
      'strange-path: empty-query public-path-in-query (refused)',
      'cached-answer: after-an-answer-to-a-key (refused)',
    ],
  },
  'target-without-slash-not-guarded': {
    bug: 'P9',
    title: 'the router adds a leading slash that is missing, the gate knows no such path',
    patch: (sound) => {
      const bare = new WeakSet();
      return {
        headFilter: (request, head) => {
          bare.delete(request.connection);
          if (!/^[A-Z]+ (?!\/|\*|\w+:)/.test(head)) return sound.headFilter(request, head);
          bare.add(request.connection);
          return sound.headFilter(request, head.replace(' ', ' /'));
        },
        isGuarded: (request) =>
          sound.isGuarded(request) && (!bare.has(request.connection) || sound.matchRoute(request).kind !== 'operation'),
      };
    },
    complaints: ['strange-path: no-leading-slash (refused) on safe operations'],
  },
  'absolute-target-not-guarded': {
    bug: 'P9',
    title: 'the router takes the path out of an absolute target, the gate knows no path with a scheme',
    patch: (sound) => ({
      isGuarded: (request) =>
        sound.isGuarded(request) && (request.target.startsWith('/') || sound.matchRoute(request).kind !== 'operation'),
    }),
    complaints: [
      'claimed-host: other-environment-key-absolute-form (refused)',
      'strange-path: absolute-form absolute-form-of-another-host (refused)',
      'strange-path-permission: scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host (refused)',
    ],
  },
} as const satisfies DefectGroup;
