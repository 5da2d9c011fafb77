import { NotSent } from '../../../src/requests/not-sent.ts';
import type { TargetParts } from '../../../src/requests/request-builder.ts';

/*
 * Spellings of an operation's path that a gate and a router may read differently. Those that are known bugs of many servers
 * are sent to each operation, the rest to operations that stand for all.
 */

export interface PathSpelling {
  readonly id: string;
  /** As it follows `no credential, and`. */
  readonly title: string;
  readonly target: (usual: TargetParts) => string;
  /** A request-target that RFC 9112 §3.2 has no form for. */
  readonly malformed?: true;
}

export function plain({ base, path: own, query }: TargetParts): string {
  return `${base}${own}${query}`;
}

/** Known bugs of many servers. */
export const COMMON_SPELLINGS: readonly PathSpelling[] = [
  behind('trailing-slash', 'a slash after the path', '/'),
  { id: 'double-slash-in-front', title: 'two slashes before the path', target: (usual) => `/${plain(usual)}` },
  below('double-slash-inside', 'two slashes inside the path', '/'),
  behind('matrix-parameter', 'a parameter behind a semicolon', ';x=1'),
  {
    id: 'encoded-letter',
    title: 'a letter of the path percent-encoded',
    target: (usual) => withFirstLetter(usual, encoded),
  },
  {
    id: 'twice-encoded-letter',
    title: 'a letter of the path percent-encoded twice',
    target: (usual) => withFirstLetter(usual, (letter) => encoded(letter).replace('%', '%25')),
  },
  below('dot-segment', 'a dot segment in the path', './'),
  through('parent-segment', 'the path reached through the parent of a segment', '/health/..'),
  through('encoded-parent-segment', 'the path reached through an encoded parent segment', '/health/%2e%2e'),
  through('parent-segment-with-parameter', 'the path reached through a parent segment with a parameter', '/health/..;'),
  through('alias-parent', 'the path reached through two dots behind a name', '/public..'),
  behind('dot-at-the-end', 'a dot segment behind the path', '/.'),
  { id: 'encoded-slash', title: 'a slash of the path percent-encoded', target: (usual) => withSlash(usual, '%2f') },
  {
    id: 'backslash',
    title: 'a backslash for a slash of the path',
    target: (usual) => withSlash(usual, '\\'),
    malformed: true,
  },
  {
    id: 'upper-case-path',
    title: 'the path in upper case',
    target: ({ base, path: own, query }) => `${base}${own.toUpperCase()}${query}`,
  },
  behind('json-suffix', 'the path with a suffix', '.json'),
  behind('encoded-space-suffix', 'the path with an encoded space behind it', '%20'),
  {
    id: 'fragment',
    title: 'the path with a fragment',
    target: (usual) => `${plain(usual)}#x`,
    malformed: true,
  },
  {
    id: 'absolute-form',
    title: 'the request-target in absolute form',
    target: (usual) => `${usual.origin}${plain(usual)}`,
  },
  {
    id: 'absolute-form-of-another-host',
    title: 'the request-target in absolute form, with another host',
    target: (usual) => `http://localhost${plain(usual)}`,
  },
];

/** Characters that end a path for one reader and not for another, or that one of them takes away. */
const ENDS: readonly (readonly [id: string, what: string, end: string])[] = [
  ['encoded-nul', 'an encoded NUL', '%00'],
  ['encoded-line-break', 'an encoded line break', '%0a'],
  ['encoded-question-mark', 'an encoded question mark', '%3f'],
  ['encoded-number-sign', 'an encoded number sign', '%23'],
  ['encoded-semicolon', 'an encoded semicolon', '%3b'],
  ['encoded-slash', 'an encoded slash', '%2f'],
];
const RARER_ENDS: typeof ENDS = [
  ['encoded-carriage-return', 'an encoded carriage return', '%0d'],
  ['encoded-tab', 'an encoded tab', '%09'],
  ['encoded-backslash', 'an encoded backslash', '%5c'],
  ['overlong-slash', 'a slash in overlong UTF-8', '%c0%af'],
];
/** What may stand before a name and be ignored; the others end what stands before them. */
const BEFORE = new Set([
  ...['encoded-line-break', 'encoded-carriage-return', 'encoded-tab', 'encoded-slash', 'encoded-backslash'],
  'overlong-slash',
]);
/** What gates that leave files alone take for a file. */
const FILES: typeof ENDS = [
  ['suffix', 'the suffix of a style sheet', '.css'],
  ['parameter', 'the name of a style sheet behind a semicolon', ';x.css'],
  ['segment', 'a style sheet as a segment behind it', '/x.css'],
];
const RARER_FILES: typeof ENDS = [
  ['icon', 'the icon of a page as a segment behind it', '/favicon.ico'],
  ['nul', 'the suffix of a style sheet behind an encoded NUL', '%00.css'],
  ['slash', 'a style sheet behind an encoded slash', '%2fx.css'],
];
/** First segments that gates leave open. */
const OPEN_SEGMENTS = ['public', 'static', 'login', 'docs', '.well-known'];
/** Ways up that one reader takes and the other does not. */
const WAYS_UP: readonly (readonly [id: string, what: string, up: string])[] = [
  ['', 'the parent of an open segment', '..'],
  ['encoded-', 'an encoded parent segment', '%2e%2e'],
  ['parameter-', 'a parent segment with a parameter', '..;'],
];
const RARER_WAYS_UP: typeof WAYS_UP = [
  ['half-encoded-', 'a parent segment that is half encoded', '.%2e'],
  ['twice-encoded-', 'a parent segment that is encoded twice', '%252e%252e'],
];

/** What is sent to one operation that reads and one that writes. */
export const RARER_SPELLINGS: readonly PathSpelling[] = [
  ...ENDS.map(([id, what, end]) => behind(`${id}-behind`, `${what} behind the path`, end)),
  ...FILES.map(([id, what, end]) => behind(`file-${id}`, what, end)),
  inBase('encoded-letter-of-the-base', 'a letter of the base path percent-encoded', (base) =>
    base.replace(/[A-Za-z]/, encoded),
  ),
  inBase('upper-case-base', 'the base path in upper case', (base) => base.toUpperCase()),
  ...WAYS_UP.map(([id, what, up]) =>
    belowBase(`${id}way-up-below-the-base`, `${what}, below the base path`, up, 'health'),
  ),
];

/** What is sent to one operation that reads: how a path is taken apart does not depend on the method. */
export const RAREST_SPELLINGS: readonly PathSpelling[] = [
  ...RARER_ENDS.map(([id, what, end]) => behind(`${id}-behind`, `${what} behind the path`, end)),
  ...[...ENDS, ...RARER_ENDS]
    .filter(([id]) => BEFORE.has(id))
    .map(([id, what, start]) => below(`${id}-before`, `${what} before the path`, start)),
  // An authority, no path, and a query that looks like one: a URL to one reader, a path behind the authority to another.
  ...['', 'file:'].map((scheme): PathSpelling => ({
    id: `path-behind-question-mark${scheme === '' ? '' : '-of-a-file'}`,
    title: `the path as the query of an absolute request-target${scheme === '' ? '' : ', whose scheme is file'}`,
    target: (usual) => `${scheme === '' ? 'http:' : scheme}//localhost?${plain(usual)}`,
  })),
  ...RARER_FILES.map(([id, what, end]) => behind(`file-${id}`, what, end)),
  ...RARER_WAYS_UP.map(([id, what, up]) => through(`${id}way-up`, what, `/health/${up}`)),
  ...OPEN_SEGMENTS.map((name) => through(`way-up-from-${idOf(name)}`, `the parent of /${name}`, `/${name}/..`)),
  ...OPEN_SEGMENTS.map((name) =>
    belowBase(`way-up-from-${idOf(name)}-below-the-base`, `the parent of ${name} below the base path`, '..', name),
  ),
];

function idOf(name: string): string {
  return name.replace(/\W/g, '');
}

function behind(id: string, title: string, end: string): PathSpelling {
  return { id, title, target: ({ base, path: own, query }) => `${base}${own}${end}${query}` };
}

/** Right behind the slash that the operation's own path begins with. */
function below(id: string, title: string, start: string): PathSpelling {
  return { id, title, target: ({ base, path: own, query }) => `${base}/${start}${own.slice(1)}${query}` };
}

function through(id: string, title: string, start: string): PathSpelling {
  return { id, title, target: (usual) => `${start}${plain(usual)}` };
}

function belowBase(id: string, title: string, up: string, name: string): PathSpelling {
  return {
    id,
    title,
    target: (usual) => {
      if (usual.base === '') throw new NotSent('policy', 'the base URL has no path, so nothing can stand below it');
      return `${usual.base}/${name}/${up}${usual.path}${usual.query}`;
    },
  };
}

function inBase(id: string, title: string, change: (base: string) => string): PathSpelling {
  return {
    id,
    title,
    target: ({ base, path: own, query }) => {
      const changed = change(base);
      if (changed === base) throw new NotSent('policy', 'the base path has no letter that can be respelt');
      return `${changed}${own}${query}`;
    },
  };
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
