import { posix } from 'node:path';
import { basePathOf, header, PATH_HEADERS } from '../server/request.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';

/** What is there for those who have a key and not for others, though the contract promises them 401. */
export const hiding = {
  'other-spellings-hidden-without-key': {
    bug: 'R10',
    title: 'any spelling of a path leads to the operation, and to 404 for those who send no key',
    patch: (sound) => ({
      matchRoute: (request) =>
        sound.matchRoute(isPlain(request) ? request : { ...request, path: plainly(request.path) }),
      refuse: (request, refusal) =>
        sound.refuse(
          request,
          refusal.reason === 'missingKey' && !isPlain(request) ? { reason: 'unknownPath' } : refusal,
        ),
    }),
    complaints: ['strange-path: * but empty-query no-leading-slash (same-refusal) on safe operations'],
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

/** Carries a header that tells a server behind a gateway which path was asked for, or that the request is internal. */
function isFromGateway(request: MockRequest): boolean {
  return [...PATH_HEADERS, 'X-Internal'].some((name) => header(request, name) !== undefined);
}

function isPlain(request: MockRequest): boolean {
  return (
    request.target.startsWith(`${basePathOf(request)}/`) &&
    plainly(request.path) === request.path &&
    !request.target.includes('#')
  );
}

/** The path as a router of good will reads it. */
function plainly(path: string): string {
  const decoded = path
    .replace(/%25/g, '%')
    .replace(/%([2-7][\da-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  const cut = decoded
    .replace(/#.*$/, '')
    .replaceAll('\\', '/')
    .replace(/;[^/]*/g, '')
    .replace(/^\/?[^/]+\.\.\//, '/')
    .trim()
    .replace(/\.json$/, '');
  return posix
    .normalize(`/${cut}`)
    .replace(/^\/+/, '/')
    .replace(/(.)\/$/, '$1')
    .toLowerCase();
}
