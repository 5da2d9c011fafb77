import { basePathOf } from '../server/request.ts';
import type { Patch } from '../types/behaviour.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { DefectGroup } from './defect.ts';

/** What a key is good for beyond its own request, and where it is sent on to. */
export const connections = {
  'connection-remembers-key': {
    bug: 'T14',
    title: 'a connection on which a key was accepted needs none any more',
    patch: (sound) => {
      const known = new WeakMap<object, IssuedKey>();
      return {
        lookUp: (request, sent, environment) => {
          const key = sound.lookUp(request, sent, environment);
          if (key && sound.isActive(request, key)) known.set(request.connection, key);
          return key;
        },
        anonymousKey: (request, presented) => known.get(request.connection) ?? sound.anonymousKey(request, presented),
      };
    },
    complaints: ['authenticated-connection: same-connection (status)'],
  },
  'success-redirects-to-another-host': {
    bug: 'T15',
    title: 'whoever has a valid key is redirected to another host',
    patch: redirecting(() => 'https://data.another-host.example'),
    complaints: ['no-redirect: valid-key@* (no-redirect) on safe operations'],
  },
  'success-redirects-within-host': {
    bug: 'T15',
    title: 'whoever has a valid key is redirected to another path',
    patch: redirecting((base) => `${base}/by-region`),
    complaints: ['no-redirect: valid-key@* (no-redirect) on safe operations'],
  },
} as const satisfies DefectGroup;

function redirecting(start: (base: string) => string): Patch {
  return (sound) => ({
    succeed: (request, operation) => {
      const base = basePathOf(request);
      const beneath = request.path.slice(base.length);
      return {
        ...sound.succeed(request, operation),
        status: 307,
        headers: [['Location', start(base) + beneath]],
        body: {},
      };
    },
  });
}
