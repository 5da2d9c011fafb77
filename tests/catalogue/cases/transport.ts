import { reasonNotPresentable } from '../../../src/openapi/security.ts';
import { type Case, NotSent } from '../../../src/requests/case.ts';

/** Plain HTTP, tried with keys that open nothing: a real one would travel in the clear. */
export const plainHttp: readonly Case[] = [
  {
    id: 'plain-http',
    group: 'transport',
    title: 'plain HTTP with a key that was never issued',
    request: (builder) => builder.build({ via: 'plain-http', key: builder.neverIssuedKey() }),
  },
  {
    id: 'plain-http-without-key',
    group: 'transport',
    title: 'plain HTTP without a credential',
    request: (builder) => builder.build({ via: 'plain-http' }),
  },
  {
    id: 'plain-http-forwarded-proto',
    group: 'transport',
    title: 'plain HTTP that X-Forwarded-Proto calls HTTPS, with a key that was never issued',
    request: (builder) =>
      builder.build({ via: 'plain-http', key: builder.neverIssuedKey(), headers: [['X-Forwarded-Proto', ['https']]] }),
  },
];

/** A client that knows nothing newer than TLS 1.1, without a credential. One operation shows it for the server. */
export const oldTls: readonly Case[] = [
  {
    id: 'old-tls',
    group: 'transport',
    title: 'no credential, over TLS 1.1 at the newest',
    appliesTo: ({ id }, contract) =>
      id === contract.operations.find((one) => one.isSafe && reasonNotPresentable(contract, one) === undefined)?.id ||
      'one operation shows it for the server',
    request: (builder) => {
      if (!builder.target.baseUrl.startsWith('https:'))
        throw new NotSent('policy', 'the target is a plain-HTTP address of this machine');
      return builder.build({ newestTls: 'TLSv1.1' });
    },
  },
];
