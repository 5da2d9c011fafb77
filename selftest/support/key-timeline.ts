import type { KeyLine, KeySample, KeyTimeline, SampleResult } from '../../src/model/key-lifecycle.ts';

/** Requests in both forms over two connections, every half second. */
function watched(from: number, to: number, whatAt: (at: number, index: number) => SampleResult): KeySample[] {
  const count = Math.floor((to - from) / 0.5) + 1;
  return Array.from({ length: count * 2 }, (_, index): KeySample => {
    const at = from + Math.floor(index / 2) * 0.5 + (index % 2) * 0.02;
    const what = whatAt(at, index);
    return {
      ...{ at, took: 0.004, what, form: index % 2 === 0 ? 'apiKey' : 'bearer', connection: 1 + (index % 2) },
      ...(what !== 'fault' && { status: { opened: 200, refused: 401, unclear: 404 }[what] }),
      operation: 'GET /contacts',
    };
  });
}

const KEYS: readonly KeyLine[] = [
  {
    name: 'key 1, revoked',
    events: [
      { at: 0, what: 'made' },
      { at: 0.4, what: 'used in each form over each connection' },
      { at: 3, what: 'revoked' },
    ],
    samples: [
      ...watched(0.4, 2.9, () => 'opened'),
      ...watched(3.01, 33, (at, index) => (index % 2 === 1 && at < 20 ? 'opened' : 'refused')),
    ],
    promise: { name: 'revokedWithin', seconds: 0, from: 3 },
    ...{ firstRefusal: 3.01, lastAcceptance: 19.53 },
  },
  {
    name: 'key 2, rolled to key 3',
    events: [
      { at: 0.1, what: 'made' },
      { at: 5, what: 'rolled to key 3' },
    ],
    samples: watched(0.5, 80, (at) => (at < 65 ? 'opened' : 'refused')),
    promise: { name: 'overlap', seconds: 60, from: 5 },
    ...{ firstRefusal: 65, lastAcceptance: 64.52 },
  },
  {
    name: 'key 4, expired',
    events: [
      { at: 0.2, what: 'made, to expire after 10 s' },
      { at: 10.2, what: 'expires' },
    ],
    samples: watched(0.5, 20, (at) => {
      if (at > 6 && at < 7) return 'fault';
      if (at > 7 && at < 8) return 'unclear';
      return at < 10.2 ? 'opened' : 'refused';
    }),
    ...{ firstRefusal: 10.5, lastAcceptance: 10.02 },
  },
  {
    name: 'key 6, with other scopes',
    events: [
      { at: 0.2, what: 'made' },
      { at: 2.8, what: 'scopes changed' },
    ],
    samples: ['GET /contacts', 'GET /conversations'].flatMap((operation, index) =>
      watched(0.5, 6, (at) => (at < 2.8 === (index === 0) ? 'opened' : 'refused')).map((one) => ({
        ...one,
        operation,
      })),
    ),
    promise: { name: 'scopeChangeWithin', seconds: 0, from: 2.8 },
    ...{ firstRefusal: 3, lastAcceptance: 6 },
  },
  { name: 'key 5, made', events: [{ at: 0.3, what: 'made' }], samples: [] },
];

/** Keys of each kind, as a run might have seen them. */
export function keyTimeline(): KeyTimeline {
  return {
    ...{ keeper: 'operations', startedAt: '2026-03-02T06:00:01.000Z' },
    ...{ samplingInterval: 0.5, clockSkew: 0.2, requests: 412, seconds: 80, keys: KEYS },
  };
}
