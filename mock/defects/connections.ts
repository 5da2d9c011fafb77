import type { Patch } from '../behaviour.ts';
import { basePathOf } from '../call.ts';
import type { IssuedKey } from '../keys.ts';
import type { DefectGroup } from './defect.ts';

/** What a key is good for beyond its own request, and where it is sent on to. */
export const connections = {
  'connection-remembers-key': {
    bug: 'T14',
    title: 'a connection on which a key was accepted needs none any more',
    patch: (sound) => {
      const known = new WeakMap<object, IssuedKey>();
      return {
        lookUp: (call, sent, environment) => {
          const key = sound.lookUp(call, sent, environment);
          if (key && sound.isAlive(call, key)) known.set(call.connection, key);
          return key;
        },
        anonymous: (call, presented) => known.get(call.connection) ?? sound.anonymous(call, presented),
      };
    },
  },
  'success-redirects-to-another-host': {
    bug: 'T15',
    title: 'whoever has a valid key is redirected to another host',
    patch: redirecting(() => 'https://data.another-host.example'),
  },
  'success-redirects-within-host': {
    bug: 'T15',
    title: 'whoever has a valid key is redirected to another path',
    patch: redirecting((base) => `${base}/by-region`),
  },
} as const satisfies DefectGroup;

function redirecting(start: (base: string) => string): Patch {
  return (sound) => ({
    succeed: (call, operation) => {
      const base = basePathOf(call);
      const beneath = call.path.slice(base.length);
      return {
        ...sound.succeed(call, operation),
        status: 307,
        headers: [['Location', start(base) + beneath]],
        body: {},
      };
    },
  });
}
