import { refusing, withBody, withoutHeaders } from '../replies.ts';
import type { DefectGroup } from './defect.ts';

/** What happens to those who ask too often. */
export const limits = {
  'limited-answer-carries-data': {
    bug: 'R13',
    title: 'a 429 carries the data that was asked for, and nobody asked for a key before it',
    patch: refusing(
      (reply, call) => {
        const { operation, world } = call;
        return operation
          ? withBody(reply, (body) => ({ ...body, stale: world.bodies.ofSuccess(operation).body }))
          : reply;
      },
      ['rateLimited'],
    ),
  },
  'retry-after-missing': {
    bug: 'R13',
    title: 'a 429 does not say how long to wait',
    patch: refusing((reply) => withoutHeaders(reply, ['Retry-After']), ['rateLimited']),
  },
  'bad-keys-not-throttled': {
    bug: 'R14',
    title: 'nobody counts how many bad keys come from one address',
    patch: () => ({ attempt: () => undefined }),
  },
} as const satisfies DefectGroup;
