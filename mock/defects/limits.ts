import { onRefusal, withBody, withoutHeaders } from '../server/patches.ts';
import type { DefectGroup } from './defect.ts';

/** What happens to those who ask too often. */
export const limits = {
  'limited-answer-carries-data': {
    bug: 'R13',
    title: 'a 429 carries the data that was asked for, and nobody asked for a key before it',
    patch: onRefusal(
      (response, request) => {
        const { operation, state } = request;
        return operation
          ? withBody(response, (body) => ({ ...body, stale: state.bodies.ofSuccess(operation).body }))
          : response;
      },
      ['rateLimited'],
    ),
    complaints: [],
  },
  'retry-after-missing': {
    bug: 'R13',
    title: 'a 429 does not say how long to wait',
    patch: onRefusal((response) => withoutHeaders(response, ['Retry-After']), ['rateLimited']),
    complaints: [],
  },
  'bad-keys-not-throttled': {
    bug: 'R14',
    title: 'nobody counts how many bad keys come from one address',
    patch: () => ({ countFailure: () => undefined }),
    complaints: [],
  },
} as const satisfies DefectGroup;
