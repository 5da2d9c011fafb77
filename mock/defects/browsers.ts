import { onResponse, withHeader } from '../server/patches.ts';
import { header } from '../server/request.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockResponse } from '../types/http.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';

/** Answers that invite pages of other origins to read them. */
export const browsers = {
  'origin-reflected': {
    bug: 'O1',
    title: 'whatever origin asks may read the answer, with credentials',
    patch: onResponse((response, request) => {
      const origin = header(request, 'origin');
      return origin === undefined ? response : allowing(response, origin, ['Access-Control-Allow-Credentials', 'true']);
    }),
    complaints: ['foreign-origin: * (no-invitation)'],
  },
  'any-origin-allowed': {
    bug: 'O1',
    title: 'any origin may read the answer',
    patch: onResponse((response) => allowing(response, '*')),
    complaints: ['foreign-origin: * (no-invitation)'],
  },
  'null-origin-allowed': {
    bug: 'O1',
    title: 'pages without an origin of their own may read the answer, with credentials',
    patch: onResponse((response, request) =>
      header(request, 'origin') === 'null'
        ? allowing(response, 'null', ['Access-Control-Allow-Credentials', 'true'])
        : response,
    ),
    complaints: ['foreign-origin: null-origin (no-invitation)'],
  },
  'origin-compared-at-its-beginning': {
    bug: 'W7',
    title: 'an origin that begins as that of the API may read the answer',
    patch: readableFrom((origin, host) => origin.startsWith(`https://${host}`)),
    complaints: ['foreign-origin: origin-that-begins-alike (no-invitation)'],
  },
  'origin-compared-at-its-end': {
    bug: 'W7',
    title: 'an origin that ends as that of the API may read the answer',
    patch: readableFrom((origin, host) => origin.endsWith(host)),
    complaints: ['foreign-origin: origin-that-ends-alike (no-invitation)'],
  },
  'only-successes-readable': {
    bug: 'O2',
    title: "the API's own pages may read a success and no refusal",
    patch: onResponse((response, request) =>
      response.status < 400 && isFromPage(request) ? allowing(response, OWN_PAGES) : response,
    ),
    complaints: [],
  },
} as const satisfies DefectGroup;

function readableFrom(isTrusted: (origin: string, host: string) => boolean): Patch {
  return onResponse((response, request) => {
    const origin = header(request, 'origin');
    const host = (header(request, 'host') ?? '').replace(/:\d+$/, '');
    return origin !== undefined && isTrusted(origin, host) ? allowing(response, origin) : response;
  });
}

const OWN_PAGES = 'https://app.example.com';

function isFromPage(request: MockRequest): boolean {
  return header(request, 'origin') !== undefined;
}

function allowing(response: MockResponse, origin: string, ...more: Parameters<typeof withHeader>[1][]): MockResponse {
  return withHeader(response, ['Access-Control-Allow-Origin', origin], ['Vary', 'Origin'], ...more);
}
