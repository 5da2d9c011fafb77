import { basePathOf, header } from '../server/request.ts';
import { PUBLIC_PATH } from '../server/sound.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { RouteMatch } from '../types/state.ts';
import type { Defect, DefectGroup } from './defect.ts';
import { pathMismatch } from './gate-router-mismatch.ts';
import { decoded, isPlain, plainly, resolved } from './path-readings.ts';

/** Gates that leave a path open by what it looks like, before a router that makes another path of it. */
export const spellings = {
  'open-prefix-left-by-dots': {
    bug: 'W2',
    title: 'the gate leaves open what begins with /health below the base path, the router resolves dot segments',
    patch: leavingOpen((path, base) => path.startsWith(`${base}/health/`), resolved),
    complaints: [
      'strange-path: way-up-below-the-base (refused)',
      'strange-path-permission: scoped-out-key-way-up-below-the-base (refused)',
    ],
  },
  'documentation-left-by-dots': {
    bug: 'W2',
    title: 'the gate leaves open what begins with /docs, the router resolves dot segments',
    patch: leavingOpen((path) => path.startsWith('/docs/'), resolved),
    complaints: ['strange-path: way-up-from-docs (refused)'],
  },
  'twice-encoded-dots-left-by': {
    bug: 'W2',
    title: 'the gate decodes a path once, the router twice, and then it resolves dot segments',
    patch: leavingOpen(
      (path) => path.startsWith('/health/') && path.includes('%25'),
      (path) => resolved(path.replace(/%25/g, '%').replace(/%2e/gi, '.')),
    ),
    complaints: ['strange-path: twice-encoded-way-up (refused)'],
  },
  'public-path-found-in-query': {
    bug: 'W2',
    title: 'the gate leaves open a target that has /health anywhere in it, its query as well',
    patch: openTarget(/\/health\b/, (request) => request.query !== ''),
    complaints: ['strange-path: public-path-in-query (refused)'],
  },
  'file-suffix-found-in-query': {
    bug: 'W2',
    title: 'the gate leaves open a target that ends as a style sheet, its query as well',
    patch: openTarget(/\.css$/, (request) => request.query !== ''),
    complaints: ['strange-path: public-path-in-query (refused)'],
  },
  'public-path-without-slash-found-in-query': {
    bug: 'W2',
    title: 'the gate leaves open an address that has api/public anywhere in it',
    patch: openTarget(/api\/public\b/, (request) => request.query !== ''),
    complaints: ['strange-path: public-path-in-query (refused)'],
  },
  'debugging-left-open': {
    bug: 'W2',
    title: 'whoever asks for debugging in the query needs no key',
    patch: openTarget(/[?&]debug=(?:1|true)\b/, (request) => request.query !== ''),
    complaints: ['strange-path: public-path-in-query (refused)'],
  },
  'style-sheets-left-open': {
    bug: 'W2',
    title: 'the gate leaves open what ends as a style sheet, the router takes the suffix for the wanted format',
    patch: leavingOpen(
      (path) => path.endsWith('.css'),
      (path) => path.replace(/\.css$/, ''),
    ),
    complaints: [
      'strange-path: file-suffix (refused)',
      'strange-path: file-parameter (refused) on unsafe operations',
      'strange-path-permission: scoped-out-key-file-suffix (refused)',
      'public-word: public-word-app-css (refused)',
    ],
  },
  'style-sheet-behind-semicolon-left-open': {
    bug: 'W2',
    title: 'the gate leaves open what ends as a style sheet, the router ignores what stands behind a semicolon',
    patch: leavingOpen(
      (path) => path.endsWith('.css') && path.includes(';'),
      (path) => path.replace(/;[^/]*/g, ''),
    ),
    complaints: [
      'strange-path: file-parameter (refused)',
      'strange-path-permission: scoped-out-key-file-parameter (refused)',
    ],
  },
  'nul-ends-the-path': {
    bug: 'W2',
    title: 'the router reads a path up to an encoded NUL, the gate all of it',
    patch: cutAt('%00'),
    complaints: [
      'strange-path: encoded-nul-behind file-nul (refused)',
      'strange-path-permission: scoped-out-key-encoded-nul-behind (refused)',
    ],
  },
  'line-break-ends-the-path': {
    bug: 'W2',
    title: 'the router reads a path up to an encoded line break, the gate all of it',
    patch: cutAt('%0a'),
    complaints: [
      'strange-path: encoded-line-break-behind (refused)',
      'strange-path-permission: scoped-out-key-encoded-line-break-behind (refused)',
      'cached-answer: static-looking-line (refused)',
    ],
  },
  'encoded-question-mark-begins-the-query': {
    bug: 'W2',
    title: 'the router decodes a path before it looks for the query, the gate after that',
    patch: cutAt('%3f'),
    complaints: [
      'strange-path: encoded-question-mark-behind (refused)',
      'strange-path-permission: scoped-out-key-encoded-question-mark-behind (refused)',
    ],
  },
  'encoded-semicolon-begins-parameters': {
    bug: 'W2',
    title: 'the router decodes a path before it cuts parameters off, the gate after that',
    patch: cutAt('%3b'),
    complaints: [
      'strange-path: encoded-semicolon-behind (refused)',
      'strange-path-permission: scoped-out-key-encoded-semicolon-behind (refused)',
    ],
  },
  'white-space-before-path-ignored': {
    bug: 'W2',
    title: 'the router takes encoded white space away from the beginning of a segment, the gate does not',
    patch: pathMismatch((path) => path.replace(/\/(?:%09|%0a|%0d)/gi, '/'), {
      misses: (path) => /\/%0[9ad]/i.test(path),
    }),
    complaints: ['strange-path: encoded-line-break-before encoded-carriage-return-before encoded-tab-before (refused)'],
  },
  'public-twin-of-every-path': {
    bug: 'W2',
    title: 'below /public and its like the operations are served as well, and no key is asked for there',
    patch: leavingOpen(
      (path) => OPEN_PREFIX.test(path),
      (path, base) => base + path.replace(OPEN_PREFIX, '/'),
    ),
    complaints: ['other-version: prefix-public prefix-open prefix-dev prefix-wellknown (refused)'],
  },
  'letters-of-the-base-not-guarded': {
    bug: 'W2',
    title: 'the gate stands on the base path as it is written, the router decodes its letters (CVE-2026-22037)',
    patch: leavingOpen((path, base) => !path.startsWith(`${base}/`) && decoded(path).startsWith(`${base}/`), decoded),
    complaints: [
      'strange-path: encoded-slash encoded-letter-of-the-base (refused)',
      'strange-path-permission: scoped-out-key-encoded-slash scoped-out-key-encoded-letter-of-the-base (refused)',
    ],
  },
  'other-case-of-the-base-not-guarded': {
    bug: 'W2',
    title: 'the gate stands on the base path as it is written, the router ignores its letter case',
    patch: leavingOpen(
      (path, base) => !path.startsWith(`${base}/`) && path.toLowerCase().startsWith(`${base}/`),
      (path, base) => base + path.slice(base.length),
    ),
    complaints: [
      'strange-path: upper-case-base (refused)',
      'strange-path-permission: scoped-out-key-upper-case-base (refused)',
    ],
  },
  'path-behind-question-mark-routed-to': {
    bug: 'W2',
    title: 'the gate reads the target as a URL, the router what stands behind its first slash (CVE-2026-33732)',
    patch: (sound) => {
      const routed = ({ target }: MockRequest): string | undefined =>
        /^(?:https?|file):\/\/[^/?#]*\?(\/[^?]*)/.exec(target)?.[1];
      return {
        isGuarded: (request) => sound.isGuarded(request) && routed(request) === undefined,
        matchRoute: (request) => sound.matchRoute({ ...request, path: routed(request) ?? request.path }),
      };
    },
    complaints: ['strange-path: path-behind-question-mark path-behind-question-mark-of-a-file (refused)'],
  },
  'path-of-host-routed-to': routedByHost('Host'),
  'path-of-forwarded-host-routed-to': routedByHost('X-Forwarded-Host'),
  'health-as-an-id-left-open': publicWord('health', /\/health(?:\/|$)/),
  'login-as-an-id-left-open': publicWord('login', /\/login(?:\/|$)/),
  'icon-as-an-id-left-open': publicWord('favicon.ico', /favicon\.ico$/),
  'permission-by-written-path': {
    bug: 'W2',
    title: 'any spelling of a path leads to the operation, and only the usual one needs a permission',
    patch: (sound) => ({
      matchRoute: (request) => sound.matchRoute(isPlain(request) ? request : { ...request, path: plainly(request) }),
      isPermitted: (request, key, operation) => !isPlain(request) || sound.isPermitted(request, key, operation),
    }),
    complaints: ['strange-path-permission: * (refused)'],
  },
  'permission-by-path-with-slash': permissionByPath(['trailing-slash'], 'with a slash at its end', (path) =>
    path.replace(/\/$/, ''),
  ),
  'permission-by-path-with-doubled-slashes': permissionByPath(
    ['double-slash-in-front', 'double-slash-inside'],
    'with two slashes for one',
    (path) => path.replace(/\/{2,}/g, '/'),
  ),
  'permission-by-path-in-lower-case': permissionByPath(
    ['upper-case-path', 'upper-case-base'],
    'in upper case',
    (path) => path.toLowerCase(),
  ),
} as const satisfies DefectGroup;

const OPEN_PREFIX = /^\/(?:public|open|dev|\.well-known)\//;

type Read = (path: string, base: string) => string;

/**
 * @param isOpen to the gate, by the path as it was sent
 * @param read the path that the router reads in the place of an open one
 */
function leavingOpen(isOpen: (path: string, base: string) => boolean, read: Read): Patch {
  return (sound) => {
    const isLeftOpen = (request: MockRequest): boolean => isOpen(request.path, basePathOf(request));
    const matchRoute = (request: MockRequest): RouteMatch =>
      sound.matchRoute(isLeftOpen(request) ? { ...request, path: read(request.path, basePathOf(request)) } : request);
    return {
      matchRoute,
      isGuarded: (request) =>
        sound.isGuarded(request) && (!isLeftOpen(request) || matchRoute(request).kind !== 'operation'),
    };
  };
}

function openTarget(pattern: RegExp, isMeant: (request: MockRequest) => boolean): Patch {
  return (sound) => ({
    isGuarded: (request) => sound.isGuarded(request) && !(isMeant(request) && pattern.test(request.target)),
  });
}

function cutAt(end: string): Patch {
  const from = new RegExp(`${end}.*$`, 'i');
  return pathMismatch((path) => path.replace(from, ''), { misses: (path) => from.test(path) });
}

function publicWord(word: string, pattern: RegExp): Defect {
  return {
    bug: 'W2',
    title: `the gate leaves open every path with ${word} in it, the router takes it for an id`,
    patch: (sound) => ({
      isGuarded: (request) => sound.isGuarded(request) && !pattern.test(request.path.slice(basePathOf(request).length)),
    }),
    complaints: [`public-word: public-word-${word.replace('.', '-')} (refused)`],
  };
}

/** The router makes a URL of host and path and goes by that; the gate goes by the path, which is public (CVE-2025-31137). */
function routedByHost(name: string): Defect {
  return {
    bug: 'W2',
    title: `the router makes a URL of ${name} and the path, the gate goes by the path`,
    patch: (sound) => {
      const routed = (request: MockRequest): string | undefined => {
        const start = header(request, name);
        return start?.includes('/') ? pathOfUrl(`http://${start}${request.target}`) : undefined;
      };
      const isMeant = (request: MockRequest): boolean => request.path === PUBLIC_PATH && routed(request) !== undefined;
      return {
        shortCircuit: (request) => (isMeant(request) ? undefined : sound.shortCircuit(request)),
        isGuarded: (request) => sound.isGuarded(request) && !isMeant(request),
        matchRoute: (request) => sound.matchRoute({ ...request, path: routed(request) ?? request.path }),
      };
    },
    complaints: [`internal-header: rewritten-by-${name.toLowerCase()} (refused)`],
  };
}

function pathOfUrl(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}

/** The gate asks for a key on whatever it is sent, and finds no permission for a path that its table does not have. */
function permissionByPath(cases: readonly string[], what: string, read: (path: string) => string): Defect {
  return {
    bug: 'W2',
    title: `a permission is looked up by the path as written, and a path ${what} needs none`,
    patch: (sound) => {
      const isOther = ({ path }: MockRequest): boolean => read(path) !== path;
      return {
        matchRoute: (request) =>
          sound.matchRoute(isOther(request) ? { ...request, path: read(request.path) } : request),
        isPermitted: (request, key, operation) => isOther(request) || sound.isPermitted(request, key, operation),
      };
    },
    complaints: [`strange-path-permission: ${cases.map((one) => `scoped-out-key-${one}`).join(' ')} (refused)`],
  };
}
