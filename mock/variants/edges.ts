import { STATUS_CODES } from 'node:http';
import { onResponse, withHeader } from '../server/patches.ts';
import { basePathOf, header } from '../server/request.ts';
import { PUBLIC_PATH } from '../server/sound.ts';
import type { Patch } from '../types/behaviour.ts';
import type { HeaderLine, MockResponse } from '../types/http.ts';
import type { MockRequest } from '../types/request.ts';
import type { VariantGroup } from './variant.ts';

/** What stands before a sound API and answers in its place: HTTP parsers, proxies, firewalls, a page for people. */
export const edges = {
  'parser-answers-nothing-but-status': {
    title: 'what is no HTTP is answered by the parser: a status and no body, as the one of Node does',
    patch: parsing((isTooLarge) => ({ ...bare(isTooLarge), headers: [], body: '' })),
  },
  'parser-answers-text-to-head-too': {
    title: 'what is no HTTP is answered by the parser in plain text, a HEAD as well, as the one of Go does',
    patch: parsing((isTooLarge) => {
      const { status, delivery } = bare(isTooLarge);
      return {
        status,
        headers: [['Content-Type', 'text/plain; charset=utf-8']],
        body: `${status} ${delivery.phrase}`,
        delivery: { ...delivery, bodyToHead: true },
      };
    }),
  },
  'parser-answers-page': {
    title: 'what is no HTTP is answered by a proxy before the API with its own page',
    patch: parsing((isTooLarge) => {
      const { status, delivery } = bare(isTooLarge);
      return {
        status,
        headers: [['Server', 'edge'], HTML],
        body: page(`${status} ${delivery.phrase}`),
        delivery: { phrase: delivery.phrase },
      };
    }),
  },
  'parser-is-lenient': {
    title: 'a parser takes a space for a part of a name, and refuses in text what is too long or of a late method',
    patch: (sound) => ({
      headFilter: (request, head) => sound.headFilter(request, head.replace(/^([\w-]+) +:/gm, '$1_:')),
      parser: (_request, isTooLarge) => tooOdd(bare(isTooLarge).status),
      edge: (request) => {
        const isLong = request.headers.some(([name, value]) => name.length + value.length > LONGEST_LINE);
        return isLong || LATE_METHODS.includes(request.method) ? tooOdd(400) : sound.edge(request);
      },
    }),
  },
  'parser-behind-a-cache': {
    title: 'a cache names itself in every response, also where the parser behind it says in text what no host is',
    patch: (sound) => ({
      ...onResponse((response) => withHeader(response, ...CACHE))(sound),
      edge: (request) => {
        const isHost = !/[/?#]/.test(`${header(request, 'host') ?? ''}${request.authority ?? ''}`);
        const isUsual = isHost && !/^\w+:[/][/][^/]*\?/.test(request.target);
        return isUsual ? sound.edge(request) : NO_HOST;
      },
    }),
  },
  'redirects-to-the-usual-path': {
    title: 'the router sends a path with a slash too many to the one without it, before anything else looks',
    patch: answering((request) =>
      /.\/$/.test(request.path) && request.operation !== undefined
        ? { status: 307, headers: [['Location', request.path.replace(/\/+$/, '')]], body: '' }
        : undefined,
    ),
  },
  'certificate-missing-is-a-page': {
    title:
      'a proxy before the API says with a page and status 400 that a certificate of the client is missing, as nginx does',
    patch: answering((request) =>
      request.isEncrypted && request.certificate !== 'issued' && request.operation?.needsCertificate === true
        ? { status: 400, headers: [HTML], body: page('No required SSL certificate was sent') }
        : undefined,
    ),
  },
  'user-agent-demanded': {
    title: 'a proxy before the API refuses every request that does not say which program sent it',
    patch: answering((request) =>
      header(request, 'user-agent') === undefined
        ? { status: 403, headers: [HTML], body: page('Please send a User-Agent') }
        : undefined,
    ),
  },
  'page-for-unknown-paths': {
    title: 'every path that is nothing shows the one page of a web application, with 200',
    patch: (sound) => ({
      edge: (request) =>
        sound.matchRoute(request).kind === 'unknown-path' && sound.shortCircuit(request) === undefined
          ? WEB_APPLICATION
          : sound.edge(request),
    }),
  },
  'page-beside-api': {
    title: 'every path outside of the API shows the one page of a web application, with 200',
    patch: answering((request) => (isInside(request) ? undefined : WEB_APPLICATION)),
  },
  'edge-closes-on-attacks': {
    title: 'a firewall closes the connection on dot segments, TRACE and the text of attacks, without a word',
    patch: answering((request) => (looksLikeAttack(request) ? NOTHING : undefined)),
  },
  'two-backends': {
    title: 'two backends that name themselves in headers answer in turn',
    patch: (sound) => {
      let answered = 0;
      return onResponse((response) => {
        answered += 1;
        return withHeader(response, ...(answered % 2 === 0 ? FIRST_BACKEND : SECOND_BACKEND));
      })(sound);
    },
  },
} as const satisfies VariantGroup;

/** In characters, of a field line. */
const LONGEST_LINE = 8000;

/** A parser that knows methods by a list knows those that it was written with (RFC 10008 is of 2026). */
const LATE_METHODS: readonly string[] = ['QUERY', 'FOO'];

function tooOdd(status: number): MockResponse {
  return { status, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: 'Bad request line or header' };
}

/** As Varnish does. */
const CACHE: readonly HeaderLine[] = [
  ['X-Varnish', '32770'],
  ['Age', '0'],
  ['Via', '1.1 varnish'],
];

/** As the parser of Go does. */
const NO_HOST: MockResponse = {
  status: 400,
  headers: [['Content-Type', 'text/plain; charset=utf-8'], ...CACHE],
  body: '400 Bad Request: malformed Host header',
};

const HTML: HeaderLine = ['Content-Type', 'text/html'];

const WEB_APPLICATION: MockResponse = {
  status: 200,
  headers: [
    ['Content-Type', 'text/html; charset=utf-8'],
    ['Cache-Control', 'no-cache'],
  ],
  body: '<!doctype html><title>Console</title><div id="root"></div><script type="module" src="/assets/console.js"></script>\n',
};

/** As `return 444` of nginx. */
const NOTHING: MockResponse = { status: 0, headers: [], body: '', delivery: { withheld: 'close' } };

const FIRST_BACKEND: readonly HeaderLine[] = [
  ['Server', 'nginx'],
  ['Via', '1.1 cache-a, 1.1 balancer'],
  ['X-Served-By', 'cache-a'],
  ['X-Upstream-Time', '3'],
  ['Age', '0'],
];

const SECOND_BACKEND: readonly HeaderLine[] = [
  ['Via', '1.1 balancer'],
  ['X-Served-By', 'cache-b'],
  ['Connection', 'close'],
];

/** What injections, traversals and scripts have in them. */
const ATTACK = /\.\.|%2e|'|\{"\$|\*\)\(|<script/i;

function looksLikeAttack({ method, target, headers }: MockRequest): boolean {
  return method === 'TRACE' || ATTACK.test(target) || headers.some(([, value]) => ATTACK.test(value));
}

/** Below the base path, where the API reads every path. The path of load balancers belongs to the API as well. */
function isInside(request: MockRequest): boolean {
  return request.path === PUBLIC_PATH || `${request.path}/`.startsWith(`${basePathOf(request)}/`);
}

function answering(answer: (request: MockRequest) => MockResponse | undefined): Patch {
  return (sound) => ({ edge: (request) => answer(request) ?? sound.edge(request) });
}

function parsing(answer: (isTooLarge: boolean) => MockResponse): Patch {
  return () => ({ parser: (_request, isTooLarge) => answer(isTooLarge) });
}

/** The connection is closed behind it, which is the end of the body. */
function bare(isTooLarge: boolean) {
  const status = isTooLarge ? 431 : 400;
  return { status, delivery: { untilClose: true, phrase: STATUS_CODES[status] ?? '' } };
}

function page(text: string): string {
  return `<html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>\r\n`;
}
