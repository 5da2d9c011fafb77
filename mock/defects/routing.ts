import { posix } from 'node:path';
import type { DefectGroup } from './defect.ts';
import { gap } from './gap.ts';

const FORMAT = /\.(?:json|xml|html)$/i;
const WHITE_SPACE = /%(?:20|09)$/;

/** A gate that compares paths as they were sent, before a router that reads more into them. */
export const routing = {
  'trailing-slash-not-guarded': {
    bug: 'P1',
    title: 'the router ignores a slash at the end, the gate does not',
    patch: gap((path) => path.replace(/\/$/, '')),
  },
  'double-slash-not-guarded': {
    bug: 'P2',
    title: 'the router takes several slashes for one, the gate does not',
    patch: gap((path) => path.replace(/\/{2,}/g, '/')),
  },
  'path-parameter-not-guarded': {
    bug: 'P3',
    title: 'the router ignores what stands behind a semicolon, the gate does not',
    patch: gap((path) => path.replace(/;[^/]*/g, ''), { misses: (path) => path.includes(';') }),
  },
  'dots-before-semicolon-not-guarded': {
    bug: 'P3',
    title: 'the router takes ..; for a way up, the gate for a name',
    patch: gap((path) => (path.includes('..;') ? resolved(path.replace(/;[^/]*/g, '')) : path)),
  },
  'encoded-letters-not-guarded': {
    bug: 'P4',
    title: 'the router decodes letters of the path, the gate does not',
    patch: gap((path) => path.replace(/%(?!25|2e|2f|5c)[2-7][\da-f]/gi, decoded), { seen: (path) => path }),
  },
  'twice-encoded-letters-not-guarded': {
    bug: 'P4',
    title: 'the router decodes the path twice, the gate once',
    patch: gap((path) => decoded(decoded(path)), { seen: decoded }),
  },
  'dot-segments-not-guarded': {
    bug: 'P5',
    title: 'the router resolves dot segments, the gate does not',
    patch: gap(resolved),
  },
  'encoded-dot-segments-not-guarded': {
    bug: 'P5',
    title: 'the router resolves dot segments that are percent-encoded, the gate does not',
    patch: gap((path) => (/%2e/i.test(path) ? resolved(path.replace(/%2e/gi, '.')) : path)),
  },
  'dots-behind-alias-not-guarded': {
    bug: 'P5',
    title: 'a folder that is open to everyone can be left by two dots behind its name',
    patch: gap((path) => path.replace(/^\/[^/]+\.\.\//, '/')),
  },
  'encoded-slash-not-guarded': {
    bug: 'P6',
    title: 'the router takes an encoded slash for a slash, the gate does not',
    patch: gap((path) => path.replace(/%2f/gi, '/')),
  },
  'backslash-not-guarded': {
    bug: 'P6',
    title: 'the router takes a backslash for a slash, the gate does not',
    patch: gap((path) => path.replaceAll('\\', '/')),
  },
  'other-case-not-guarded': {
    bug: 'P7',
    title: 'the router ignores the case of a path, the gate does not',
    patch: gap((path) => path.toLowerCase()),
  },
  'format-suffix-not-guarded': {
    bug: 'P8',
    title: 'the router takes .json at the end for the wanted format, the gate for a part of the name',
    patch: gap((path) => path.replace(FORMAT, ''), { misses: (path) => FORMAT.test(path) }),
  },
  'white-space-suffix-not-guarded': {
    bug: 'P8',
    title: 'the router cuts encoded white space off the end, the gate does not',
    patch: gap((path) => path.replace(WHITE_SPACE, ''), { misses: (path) => WHITE_SPACE.test(path) }),
  },
  'dot-suffix-not-guarded': {
    bug: 'P8',
    title: 'the router ignores a dot segment at the end, the gate does not',
    patch: gap((path) => path.replace(/\/\.$/, '')),
  },
  'fragment-not-guarded': {
    bug: 'P8',
    title: 'the router cuts a fragment off, the gate does not',
    patch: gap((path) => path.replace(/#.*$/, ''), { misses: (path) => path.includes('#') }),
  },
  'query-not-guarded': {
    bug: 'P8',
    title: 'the gate compares the path together with its question mark and query',
    patch: (sound) => ({
      isGuarded: (call) =>
        sound.isGuarded(call) && (!call.target.includes('?') || sound.routeOf(call).kind !== 'operation'),
    }),
  },
  'target-without-slash-not-guarded': {
    bug: 'P9',
    title: 'the router adds a leading slash that is missing, the gate knows no such path',
    patch: (sound) => {
      const bare = new WeakSet();
      return {
        front: (call, head) => {
          bare.delete(call.connection);
          if (!/^[A-Z]+ (?!\/|\*|\w+:)/.test(head)) return sound.front(call, head);
          bare.add(call.connection);
          return sound.front(call, head.replace(' ', ' /'));
        },
        isGuarded: (call) =>
          sound.isGuarded(call) && (!bare.has(call.connection) || sound.routeOf(call).kind !== 'operation'),
      };
    },
  },
  'absolute-target-not-guarded': {
    bug: 'P9',
    title: 'the router takes the path out of an absolute target, the gate knows no path with a scheme',
    patch: (sound) => ({
      isGuarded: (call) =>
        sound.isGuarded(call) && (call.target.startsWith('/') || sound.routeOf(call).kind !== 'operation'),
    }),
  },
} as const satisfies DefectGroup;

/** RFC 3986 §5.2.4; nothing else about the path changes. */
function resolved(path: string): string {
  return /(?:^|\/)\.\.?(?:\/|$)/.test(path) ? posix.normalize(path) : path;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
