import { posix } from 'node:path';
import { basePathOf, type Call } from '../call.ts';
import type { DefectGroup } from './defect.ts';

/** What is there for those who have a key and not for others, though the contract promises them 401. */
export const hiding = {
  'other-spellings-hidden-without-key': {
    bug: 'R10',
    title: 'any spelling of a path leads to the operation, and to 404 for those who send no key',
    patch: (sound) => ({
      routeOf: (call) => sound.routeOf(isPlain(call) ? call : { ...call, path: plainly(call.path) }),
      refuse: (call, refusal) =>
        sound.refuse(call, refusal.reason === 'missingKey' && !isPlain(call) ? { reason: 'unknownPath' } : refusal),
    }),
  },
} as const satisfies DefectGroup;

function isPlain(call: Call): boolean {
  return (
    call.target.startsWith(`${basePathOf(call)}/`) && plainly(call.path) === call.path && !call.target.includes('#')
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
