import type { Case } from '../../src/plan/case.ts';

/** Plain HTTP, tried with keys that open nothing: a real one would travel in the clear. */
export const plainHttp: readonly Case[] = [
  {
    id: 'plain-http',
    group: 'transport',
    title: 'plain HTTP with a key that was never issued',
    request: (ask) => ask.request({ via: 'plain-http', key: ask.neverIssuedKey() }),
  },
  {
    id: 'plain-http-without-key',
    group: 'transport',
    title: 'plain HTTP without a credential',
    request: (ask) => ask.request({ via: 'plain-http' }),
  },
  {
    id: 'plain-http-forwarded-proto',
    group: 'transport',
    title: 'plain HTTP that X-Forwarded-Proto calls HTTPS, with a key that was never issued',
    request: (ask) =>
      ask.request({ via: 'plain-http', key: ask.neverIssuedKey(), headers: [['X-Forwarded-Proto', ['https']]] }),
  },
];
