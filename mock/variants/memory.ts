import { cachingAccepted, cachingPermissions, cachingRefusals } from '../server/caches.ts';
import type { VariantGroup } from './variant.ts';

/** What a sound server remembers of earlier requests. */
export const memory = {
  'accepted-keys-cached-whole': {
    title: 'a cache of accepted keys knows each of them as a whole',
    patch: cachingAccepted((sent) => sent),
  },
  'permissions-cached-by-operation': {
    title: 'whether a key is permitted is decided once for each operation',
    patch: cachingPermissions((key, operation) => `${key.value} ${operation}`),
  },
  'refusals-cached-by-headers': {
    title: 'a cache before the API keeps refusals, each for requests with the very same headers',
    patch: cachingRefusals(({ environment, isEncrypted, target, headers }) =>
      JSON.stringify([environment, isEncrypted, target, headers.filter(([name]) => !/^user-agent$/i.test(name))]),
    ),
  },
} as const satisfies VariantGroup;
