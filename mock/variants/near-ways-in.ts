import { presentedKey } from '../server/credentials.ts';
import { onRefusal, onResponse, withBody, withHeader } from '../server/patches.ts';
import { namedByConnection, withLine, withoutLines } from '../server/proxy-head.ts';
import { basePathOf, header, isForAnotherHost } from '../server/request.ts';
import type { HeaderLine, MockResponse } from '../types/http.ts';
import type { MockRequest } from '../types/request.ts';
import type { VariantGroup } from './variant.ts';

/** Servers that come as near as they can to a way in and are sound. */
export const nearWaysIn = {
  'proxy-says-who-calls': {
    title: 'a proxy takes away what a caller says of itself and writes the address that it sees, which the API goes by',
    patch: (sound) => ({
      headFilter: (request, head) => sound.headFilter(request, throughProxy(head, request.peer)),
      addressOf: (request) => header(request, 'X-Forwarded-For') ?? sound.addressOf(request),
      ...onResponse((response) => withHeader(response, ['Via', '1.1 proxy']))(sound),
    }),
  },
  'claims-of-a-caller-refused': {
    title: 'a request in which a caller says who it is gets 400, with a key as without',
    patch: (sound) => ({
      shortCircuit: (request) =>
        CLAIMS.some((name) => header(request, name) !== undefined)
          ? sound.refuse(request, { reason: 'invalidInput' })
          : sound.shortCircuit(request),
    }),
  },
  'other-hosts-show-another-site': {
    title: 'a request for another host gets the page of the site that the machine shows by default',
    patch: (sound) => ({ edge: (request) => (isForAnotherHost(request) ? DEFAULT_SITE : sound.edge(request)) }),
  },
  'other-hosts-show-nothing': {
    title: 'a request for another host gets an empty 200, as from Caddy',
    patch: (sound) => ({
      edge: (request) => (request.isEncrypted && isForAnotherHost(request) ? EMPTY_SITE : sound.edge(request)),
    }),
  },
  'odd-encodings-refused': {
    title: 'a path with a control character, a slash or another delimiter percent-encoded gets 400 from everyone',
    patch: (sound) => ({
      shortCircuit: (request) =>
        /%(?:0|1|2f|3b|3f|23|5c|25|c0)|;|\/\//i.test(request.path)
          ? sound.refuse(request, { reason: 'invalidInput' })
          : sound.shortCircuit(request),
    }),
  },
  'page-beside-ids': {
    title: 'the path of a page for people stands beside the ids of a resource, open to everyone',
    patch: (sound) => ({
      shortCircuit: (request) =>
        /^\/[^/]+\/login$/.test(request.path.slice(basePathOf(request).length))
          ? { status: 200, headers: [], body: { page: 'login', fields: ['user', 'password'] } }
          : sound.shortCircuit(request),
    }),
  },
  'placeholders-named': {
    title: 'the refusal of a text that stands for no key says that it is one',
    patch: onRefusal(
      (response, request) =>
        /^(?:null|None|undefined|nil|changeme|your-api-key)$/i.test(presentedKey(request))
          ? withBody(response, (body) => ({ ...body, hint: 'this is a placeholder' }))
          : response,
      ['invalidKey'],
    ),
  },
  'refusal-explained-to-debuggers': {
    title: 'a refusal says more to whoever asks for debugging in the query, and refuses all the same',
    patch: onRefusal((response, { query, operation }) =>
      /(?:^|&)debug=true\b/.test(query)
        ? withBody(response, (body) => ({ ...body, debugging: { operation: operation?.id } }))
        : response,
    ),
  },
  'refusal-as-page-for-browsers': {
    title: 'whoever asks for a page gets the refusal as a page, with its status',
    patch: onRefusal((response, request) =>
      asksForPage(request) ? { ...withHeader(response, HTML), body: page('Unauthorized') } : response,
    ),
  },
  'pages-not-acceptable': {
    title: 'whoever asks for a page and nothing else gets 406',
    patch: (sound) => ({
      edge: (request) =>
        asksForPage(request) ? { status: 406, headers: [HTML], body: page('Not Acceptable') } : sound.edge(request),
    }),
  },
  'refusal-repeats-the-request': {
    title: 'a refusal says what was asked for: the method, the path and the name of the operation',
    patch: onRefusal((response, { method, path, operation }) =>
      withBody(response, (body) => ({ ...body, request: { method, path, operation: operation?.id } })),
    ),
  },
  'own-pages-may-read': {
    title: 'pages of the origin of the API itself may read the answer, and of no other',
    patch: onResponse((response, request) => {
      const own = `https://${request.state.authorities.get(request.environment)}`;
      return header(request, 'origin') === own
        ? withHeader(response, ['Access-Control-Allow-Origin', own], ['Vary', 'Origin'])
        : response;
    }),
  },
} as const satisfies VariantGroup;

const CLAIMS = ['X-Forwarded-User', 'Remote-User', 'X-Remote-User', 'X-Auth-Request-User', 'X-User-Id'];
const HTML: HeaderLine = ['Content-Type', 'text/html'];
const EMPTY_SITE: MockResponse = { status: 200, headers: [['Server', 'Caddy']], body: '' };

const DEFAULT_SITE: MockResponse = { status: 200, headers: [HTML], body: page('It works') };

function page(title: string): string {
  return `<!doctype html><title>${title}</title><p>${title}</p>\n`;
}

/** What `Connection` names ends at the proxy, and what the proxy writes is written after that. */
function throughProxy(head: string, peer: string): string {
  const ended = withoutLines(head, [...namedByConnection(head), 'X-Forwarded-For', 'X-Real-IP', 'Forwarded']);
  return withLine(ended, 'X-Forwarded-For', peer);
}

function asksForPage(request: MockRequest): boolean {
  const accept = header(request, 'accept') ?? '';
  return /text\/html/.test(accept) && !/json|\*\/\*/.test(accept);
}
