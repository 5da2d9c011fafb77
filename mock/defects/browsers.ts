import type { Reply } from '../behaviour.ts';
import { type Call, header } from '../call.ts';
import { finishing, withHeader } from '../replies.ts';
import type { DefectGroup } from './defect.ts';

/** Answers that invite pages of other origins to read them. */
export const browsers = {
  'origin-reflected': {
    bug: 'O1',
    title: 'whatever origin asks may read the answer, with credentials',
    patch: finishing((reply, call) => {
      const origin = header(call, 'origin');
      return origin === undefined ? reply : allowing(reply, origin, ['Access-Control-Allow-Credentials', 'true']);
    }),
  },
  'any-origin-allowed': {
    bug: 'O1',
    title: 'any origin may read the answer',
    patch: finishing((reply) => allowing(reply, '*')),
  },
  'null-origin-allowed': {
    bug: 'O1',
    title: 'pages without an origin of their own may read the answer, with credentials',
    patch: finishing((reply, call) =>
      header(call, 'origin') === 'null' ? allowing(reply, 'null', ['Access-Control-Allow-Credentials', 'true']) : reply,
    ),
  },
  'only-successes-readable': {
    bug: 'O2',
    title: "the API's own pages may read a success and no refusal",
    patch: finishing((reply, call) => (reply.status < 400 && isFromPage(call) ? allowing(reply, OWN_PAGES) : reply)),
  },
} as const satisfies DefectGroup;

const OWN_PAGES = 'https://app.example.com';

function isFromPage(call: Call): boolean {
  return header(call, 'origin') !== undefined;
}

function allowing(reply: Reply, origin: string, ...more: Parameters<typeof withHeader>[1][]): Reply {
  return withHeader(reply, ['Access-Control-Allow-Origin', origin], ['Vary', 'Origin'], ...more);
}
