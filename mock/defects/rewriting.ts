import { header, type PATH_HEADERS, splitTarget } from '../server/request.ts';
import { PUBLIC_PATH } from '../server/sound.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { Defect, DefectGroup } from './defect.ts';
import { pathMismatch } from './gate-router-mismatch.ts';

/** Headers that are meant for use behind a gateway and believed from anyone, and prefixes that nobody remembers. */
export const rewriting = {
  'x-original-url-routed-to': routedTo('X-Original-URL', [
    'internal-header: rewritten-from-a-public-path (refused) on safe operations',
  ]),
  'x-rewrite-url-routed-to': routedTo('X-Rewrite-URL', [
    'internal-header: rewritten-from-a-public-path (refused) on safe operations',
  ]),
  'x-forwarded-uri-routed-to': routedTo('X-Forwarded-Uri', [
    'internal-header: rewritten-from-a-public-path (refused) on safe operations',
  ]),
  'x-forwarded-prefix-routed-to': routedTo('X-Forwarded-Prefix', [
    'internal-header: rewritten-from-a-public-path (refused) on safe operations',
  ]),
  'x-forwarded-path-routed-to': routedTo('X-Forwarded-Path', [
    'internal-header: rewritten-from-a-public-path (refused) on safe operations',
  ]),
  'x-original-url-guarded-by': guardedBy('X-Original-URL', ['internal-header: rewritten-to-a-public-path (refused)']),
  'x-rewrite-url-guarded-by': guardedBy('X-Rewrite-URL', ['internal-header: rewritten-to-a-public-path (refused)']),
  'x-forwarded-uri-guarded-by': guardedBy('X-Forwarded-Uri', ['internal-header: rewritten-to-a-public-path (refused)']),
  'x-forwarded-prefix-guarded-by': guardedBy('X-Forwarded-Prefix', ['internal-header: prefix-header (refused)']),
  'x-forwarded-path-guarded-by': guardedBy('X-Forwarded-Path', [
    'internal-header: rewritten-to-a-public-path (refused)',
  ]),
  'x-middleware-subrequest-opens': openedBy('X-Middleware-Subrequest', /\bmiddleware\b/, [
    'internal-header: internal-request-headers (refused)',
  ]),
  'x-custom-ip-authorization-opens': openedBy('X-Custom-IP-Authorization', /^127\./, [
    'gateway-claim: address-of-this-machine (refused)',
  ]),
  'x-internal-opens': openedBy('X-Internal', /^(?:1|true)$/, ['internal-header: internal-request-headers (refused)']),
  'other-versions-not-guarded': {
    bug: 'P12',
    title: 'other versions of the API are still served, from a time before there was a gate',
    patch: pathMismatch((path, base) => withoutPrefix(path, base, /^v\d+$/)),
    complaints: ['other-version: prefix-v0 prefix-v1 (refused)'],
  },
  'internal-prefix-not-guarded': {
    bug: 'P12',
    title: 'the operations are served below /internal as well, where nobody asks for a key',
    patch: pathMismatch((path, base) => withoutPrefix(path, base, /^internal$/)),
    complaints: ['other-version: prefix-internal (refused)'],
  },
  'beta-prefix-not-guarded': {
    bug: 'P12',
    title: 'the operations are served below /beta as well, where nobody asks for a key',
    patch: pathMismatch((path, base) => withoutPrefix(path, base, /^beta$/)),
    complaints: ['other-version: prefix-beta (refused)'],
  },
} as const satisfies DefectGroup;

type PathHeader = (typeof PATH_HEADERS)[number];

/** The gate lets everyone through to the public path, the router goes on to another one. */
function routedTo(name: PathHeader, complaints: Defect['complaints']): Defect {
  const patch: Patch = (sound) => {
    const isMeant = (request: MockRequest): boolean =>
      request.path === PUBLIC_PATH && header(request, name) !== undefined;
    return {
      shortCircuit: (request) => (isMeant(request) ? undefined : sound.shortCircuit(request)),
      isGuarded: (request) => sound.isGuarded(request) && !isMeant(request),
      matchRoute: (request) =>
        sound.matchRoute(header(request, name) === undefined ? request : { ...request, path: named(request, name) }),
    };
  };
  return { bug: 'P10', title: `the router goes by ${name}, the gate by the path`, patch, complaints };
}

function guardedBy(name: PathHeader, complaints: Defect['complaints']): Defect {
  const patch: Patch = (sound) => ({
    isGuarded: (request) => sound.isGuarded(request) && named(request, name) !== PUBLIC_PATH,
  });
  return { bug: 'P10', title: `the gate goes by ${name}, the router by the path`, patch, complaints };
}

function openedBy(name: string, value: RegExp, complaints: Defect['complaints']): Defect {
  const patch: Patch = (sound) => ({
    isGuarded: (request) => sound.isGuarded(request) && !value.test(header(request, name) ?? ''),
  });
  return { bug: 'P11', title: `the gate is skipped for a request that carries ${name}`, patch, complaints };
}

function named(request: MockRequest, name: PathHeader): string {
  return splitTarget(header(request, name) ?? '').path;
}

/** The prefix may stand for the base path, before it or behind it. */
function withoutPrefix(path: string, base: string, prefix: RegExp): string {
  const below = path.startsWith(`${base}/`) ? path.slice(base.length) : path;
  const [, first = '', ...rest] = below.split('/');
  const other = `/${rest.join('/')}`;
  if (!prefix.test(first)) return path;
  return other.startsWith(`${base}/`) ? other : base + other;
}
