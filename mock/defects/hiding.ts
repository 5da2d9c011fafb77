import { posix } from 'node:path';
import { basePathOf, header } from '../server/request.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';

/** What is there for those who have a key and not for others, though the contract promises them 401. */
export const hiding = {
  'other-spellings-hidden-without-key': {
    bug: 'R10',
    title: 'any spelling of a path leads to the operation, and to 404 for those who send no key',
    patch: (sound) => ({
      matchRoute: (request) => sound.matchRoute(isPlain(request) ? request : { ...request, path: plainly(request) }),
      refuse: (request, refusal) =>
        sound.refuse(
          request,
          refusal.reason === 'missingKey' && !isPlain(request) ? { reason: 'unknownPath' } : refusal,
        ),
    }),
    complaints: ['strange-path: * but empty-query no-leading-slash (same-refusal) on safe operations'],
  },
  'permission-by-written-path': {
    bug: 'W2',
    title: 'any spelling of a path leads to the operation, and only the usual one is in the table of permissions',
    patch: (sound) => permissionByWrittenPath(sound),
    complaints: [],
  },
  'gateway-requests-hidden-without-key': {
    bug: 'R10',
    title: 'headers of a gateway turn the refusal of a missing key into a 404',
    patch: (sound) => ({
      refuse: (request, refusal) =>
        sound.refuse(
          request,
          refusal.reason === 'missingKey' && isFromGateway(request) ? { reason: 'unknownPath' } : refusal,
        ),
    }),
    complaints: ['internal-header: * but rewritten-from-a-public-path (same-refusal) on safe operations'],
  },
} as const satisfies DefectGroup;

/** Lines that clients send of themselves; every other one is a gateway's, to this server. */
const OF_CLIENTS = new Set([
  ...['host', 'accept', 'user-agent', 'content-type', 'content-length', 'connection', 'authorization', 'x-api-key'],
  ...['cookie', 'transfer-encoding', 'upgrade', 'expect', 'origin'],
]);

/** Carries a line that tells a server behind a gateway something, or is no program that asks for itself. */
function isFromGateway(request: MockRequest): boolean {
  const agent = header(request, 'user-agent') ?? '';
  const named = (header(request, 'connection') ?? '').split(',').map((name) => name.trim().toLowerCase());
  return (
    request.headers.some(([name]) => !OF_CLIENTS.has(name.toLowerCase())) ||
    !agent.startsWith('auth-conformance/') ||
    named.some((name) => !['', 'close', 'keep-alive', 'upgrade'].includes(name))
  );
}

function isPlain(request: MockRequest): boolean {
  return (
    request.target.startsWith(`${basePathOf(request)}/`) &&
    plainly(request) === request.path &&
    !/[#]|\/(?:health|public|login)\b|\.css$/.test(request.target)
  );
}

/** The path as a router of good will reads it: a way up leads up, and what is odd before or behind a name is no part of it. */
function plainly({ target, path }: MockRequest): string {
  const [, behind] = /^\w+:\/\/[^/?]*\?(\/[^?]*)/.exec(target) ?? [];
  const decoded = (behind ?? path)
    .replace(/%25/g, '%')
    .replace(/%c0%af/gi, '/')
    .replace(/%([0-7][\da-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  const cut = decoded
    .replace(/[?#\0].*$/s, '')
    .replaceAll('\\', '/')
    .replace(/;[^/]*/g, '')
    .replace(/^\/?[^/]+\.\.\//, '/')
    .replace(/\/\s+/g, '/')
    .trim()
    .replace(/\/(?:x\.css|favicon\.ico)$/, '')
    .replace(/\.(?:json|css)$/, '');
  return posix
    .normalize(`/${cut}`)
    .replace(/^\/+/, '/')
    .replace(/(.)\/$/, '$1')
    .toLowerCase();
}

/** A permission is looked up by the path as it is written, and none is needed for one that the table does not have. */
export const permissionByWrittenPath: Patch = (sound) => ({
  matchRoute: (request) => sound.matchRoute(isPlain(request) ? request : { ...request, path: plainly(request) }),
  isPermitted: (request, key, operation) => !isPlain(request) || sound.isPermitted(request, key, operation),
});
