import type { Patch } from '../behaviour.ts';
import { type Call, header, type PATH_HEADERS, splitTarget } from '../call.ts';
import { PUBLIC_PATH } from '../sound.ts';
import type { Defect, DefectGroup } from './defect.ts';
import { gap } from './gap.ts';

/** Headers that are meant for use behind a gateway and believed from anyone, and prefixes that nobody remembers. */
export const rewriting = {
  'x-original-url-routed-to': routedTo('X-Original-URL'),
  'x-rewrite-url-routed-to': routedTo('X-Rewrite-URL'),
  'x-forwarded-uri-routed-to': routedTo('X-Forwarded-Uri'),
  'x-forwarded-prefix-routed-to': routedTo('X-Forwarded-Prefix'),
  'x-forwarded-path-routed-to': routedTo('X-Forwarded-Path'),
  'x-original-url-guarded-by': guardedBy('X-Original-URL'),
  'x-rewrite-url-guarded-by': guardedBy('X-Rewrite-URL'),
  'x-forwarded-uri-guarded-by': guardedBy('X-Forwarded-Uri'),
  'x-forwarded-prefix-guarded-by': guardedBy('X-Forwarded-Prefix'),
  'x-forwarded-path-guarded-by': guardedBy('X-Forwarded-Path'),
  'x-middleware-subrequest-opens': openedBy('X-Middleware-Subrequest', /\bmiddleware\b/),
  'x-custom-ip-authorization-opens': openedBy('X-Custom-IP-Authorization', /^127\./),
  'x-internal-opens': openedBy('X-Internal', /^(?:1|true)$/),
  'other-versions-not-guarded': {
    bug: 'P12',
    title: 'other versions of the API are still served, from a time before there was a gate',
    patch: gap((path, base) => withoutPrefix(path, base, /^v\d+$/)),
  },
  'internal-prefix-not-guarded': {
    bug: 'P12',
    title: 'the operations are served below /internal as well, where nobody asks for a key',
    patch: gap((path, base) => withoutPrefix(path, base, /^internal$/)),
  },
  'beta-prefix-not-guarded': {
    bug: 'P12',
    title: 'the operations are served below /beta as well, where nobody asks for a key',
    patch: gap((path, base) => withoutPrefix(path, base, /^beta$/)),
  },
} as const satisfies DefectGroup;

type PathHeader = (typeof PATH_HEADERS)[number];

/** The gate lets everyone through to the public path, the router goes on to another one. */
function routedTo(name: PathHeader): Defect {
  const patch: Patch = (sound) => {
    const isMeant = (call: Call): boolean => call.path === PUBLIC_PATH && header(call, name) !== undefined;
    return {
      early: (call) => (isMeant(call) ? undefined : sound.early(call)),
      isGuarded: (call) => sound.isGuarded(call) && !isMeant(call),
      routeOf: (call) => sound.routeOf(header(call, name) === undefined ? call : { ...call, path: named(call, name) }),
    };
  };
  return { bug: 'P10', title: `the router goes by ${name}, the gate by the path`, patch };
}

function guardedBy(name: PathHeader): Defect {
  const patch: Patch = (sound) => ({
    isGuarded: (call) => sound.isGuarded(call) && named(call, name) !== PUBLIC_PATH,
  });
  return { bug: 'P10', title: `the gate goes by ${name}, the router by the path`, patch };
}

function openedBy(name: string, value: RegExp): Defect {
  const patch: Patch = (sound) => ({
    isGuarded: (call) => sound.isGuarded(call) && !value.test(header(call, name) ?? ''),
  });
  return { bug: 'P11', title: `the gate is skipped for a request that carries ${name}`, patch };
}

function named(call: Call, name: PathHeader): string {
  return splitTarget(header(call, name) ?? '').path;
}

/** The prefix may stand for the base path, before it or behind it. */
function withoutPrefix(path: string, base: string, prefix: RegExp): string {
  const below = path.startsWith(`${base}/`) ? path.slice(base.length) : path;
  const [, first = '', ...rest] = below.split('/');
  const other = `/${rest.join('/')}`;
  if (!prefix.test(first)) return path;
  return other.startsWith(`${base}/`) ? other : base + other;
}
