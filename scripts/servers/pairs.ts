import type { Way } from './way.ts';

/** A server of `servers/pairs/` that is judged with a vulnerable version of a package and with the first fixed one. */
export interface Pair {
  /**
   * Also the name of its file, without the extension, and the beginning of the names under which servers/package.json has
   * both versions: `NAME-vulnerable` and `NAME-fixed`.
   */
  readonly name: string;
  readonly title: string;
  /** Where the pair is about an order instead of a version: the packages that both of its servers use. */
  readonly packages?: readonly string[];
  /** None where no advisory is about it, because the documentation leaves the order to its reader. */
  readonly advisories: readonly Advisory[];
  /** One sentence. */
  readonly hole: string;
  readonly way: Way;
  /** Rules that the vulnerable server breaks by the hole. The fixed one breaks none of them. */
  readonly rules: readonly string[];
  /** Those of their cases that are about the hole, where the fixed server breaks a rule by another one. */
  readonly cases?: readonly string[];
  /** Whether the hole leaves nothing guarded, so that whatever is claimed follows from it. */
  readonly guardsNothing?: true;
  /** Where the suite has no case yet that goes this way: what the case would send. The rules are none then. */
  readonly caseWanted?: string;
}

interface Advisory {
  readonly id: string;
  readonly url: string;
}

const cve = (id: string, ghsa: string): Advisory => ({ id, url: `https://github.com/advisories/${ghsa}` });

export const EDITIONS = ['vulnerable', 'fixed'] as const;
export type Edition = (typeof EDITIONS)[number];

/** As which its runs are classified: `middie-slashes-fixed`. */
export const editionName = ({ name }: Pair, edition: Edition): string => `${name}-${edition}`;

export const pairs: readonly Pair[] = [
  {
    name: 'fastify-express-encoding',
    title: '@fastify/express',
    advisories: [cve('CVE-2026-22037', 'GHSA-g6q3-96cp-5r5m')],
    hole: 'The middleware for /v2 compares the path as it is written, and the router decodes it first.',
    way: { target: '/%762/contacts' },
    rules: ['strange-path', 'strange-path-permission'],
  },
  {
    name: 'fastify-express-prefix',
    title: '@fastify/express and a prefix',
    advisories: [cve('CVE-2026-33807', 'GHSA-hrwm-hgmj-7p9c')],
    hole: 'In a plugin with a prefix the path of an inherited middleware gets the prefix once more, so /v2 is not guarded at all.',
    way: { target: '/v2/contacts' },
    rules: ['missing-key'],
    guardsNothing: true,
  },
  {
    name: 'middie-slashes',
    title: '@fastify/middie and ignoreDuplicateSlashes',
    advisories: [cve('CVE-2026-2880', 'GHSA-8p85-9qpw-fwgw')],
    hole: 'The router takes two slashes for one, and the middleware for /v2 does not.',
    way: { target: '//v2/contacts' },
    rules: ['strange-path', 'strange-path-permission'],
    cases: ['double-slash-in-front', 'scoped-out-key-double-slash-in-front'],
  },
  {
    name: 'middie-encoding',
    title: '@fastify/middie',
    advisories: [cve('CVE-2026-22031', 'GHSA-cxrg-g7r8-w69p')],
    hole: 'The middleware for /v2/contacts compares the path as it is written, and the router decodes it first.',
    way: { target: '/v2/%63ontacts' },
    rules: ['strange-path', 'strange-path-permission'],
    cases: ['encoded-letter', 'scoped-out-key-encoded-letter'],
  },
  {
    name: 'middie-absolute-form',
    title: '@fastify/middie and the absolute form',
    advisories: [
      {
        id: 'GHSA-9c5c-9qcx-q35q, of Nest, which uses it',
        url: 'https://github.com/nestjs/nest/security/advisories/GHSA-9c5c-9qcx-q35q',
      },
    ],
    hole: 'The middleware for /v2 compares the whole request-target, and the router takes its path.',
    way: { target: 'http://localhost/v2/contacts' },
    rules: ['strange-path', 'strange-path-permission', 'claimed-host'],
  },
  {
    name: 'fastify-express-semicolon',
    title: '@fastify/express and useSemicolonDelimiter',
    advisories: [cve('CVE-2026-33808', 'GHSA-6hw5-45gm-fj88')],
    hole: 'The router ends the path at a semicolon, and the middleware for /v2/contacts does not.',
    way: { target: '/v2/contacts;x=1' },
    rules: ['strange-path', 'strange-path-permission'],
  },
  {
    name: 'hono-static',
    title: 'serveStatic of @hono/node-server',
    advisories: [cve('CVE-2026-29087', 'GHSA-wc8c-qw6v-h7f6'), cve('CVE-2026-39406', 'GHSA-92pp-h63x-v22m')],
    hole: 'The router takes an encoded slash and two slashes for what they are, so the middleware for /v2/* is passed by, and the file is found all the same.',
    way: { target: '/v2%2fcontacts' },
    rules: ['strange-path', 'strange-path-permission'],
  },
  {
    name: 'srvx-absolute-form',
    title: 'srvx below h3',
    advisories: [cve('CVE-2026-33732', 'GHSA-p36q-q72m-gchr')],
    hole: 'Its fast URL looks for the path behind the next slash, where the grammar of URLs has a query, so a middleware that parses the URL sees another path than the router.',
    way: { target: 'http://localhost?/v2/contacts' },
    rules: ['strange-path'],
  },
  {
    name: 'reply-from-connection',
    title: '@fastify/reply-from in front of an origin',
    advisories: [cve('CVE-2026-33805', 'GHSA-gwhp-pf74-vj37')],
    hole: 'The gateway takes away what the Connection of a client names after it has added its own headers, so the origin does not learn that the request comes from outside.',
    way: { target: '/v2/contacts', headers: { Connection: 'close, X-Forwarded-For' } },
    rules: ['gateway-claim'],
  },
  {
    name: 'remix-host',
    title: '@remix-run/express',
    advisories: [cve('CVE-2025-31137', 'GHSA-4q56-crqp-v477')],
    hole: 'The port of X-Forwarded-Host or Host is not checked to be one, so a path that stands there is the one that the router reads, while the guard reads the path of the request line.',
    way: { target: '/health', headers: { 'X-Forwarded-Host': 'localhost:80/v2/contacts?' } },
    rules: ['internal-header'],
  },
  {
    name: 'express-body-parser',
    title: 'express.json() before the guard',
    packages: ['express'],
    advisories: [],
    hole: 'express.json() in front of the guard reads the body of anyone and answers 400 to a malformed one; behind the guard it does not.',
    way: {
      method: 'POST',
      target: '/v2/contact',
      headers: { 'Content-Type': 'application/json' },
      body: '{',
      isOpen: ({ statusCode }) => statusCode !== 401,
    },
    rules: ['authentication-first'],
  },
  {
    name: 'fastify-hops',
    title: 'Fastify with trustProxy: 1',
    advisories: [cve('CVE-2026-16732', 'GHSA-3m5p-2c4r-xxw2')],
    hole: 'A number of hops does not say who may name the client, so whoever connects directly names an address in X-Forwarded-For.',
    way: { target: '/v2/contacts', headers: { 'X-API-Key': '{locked}', 'X-Forwarded-For': '192.0.2.1' } },
    rules: ['address-lock'],
  },
];

/** A public hole of a package that such servers use, and why there is no pair for it. */
export const withoutPair: readonly { readonly name: string; readonly advisory: Advisory; readonly why: string }[] = [
  {
    name: 'better-auth',
    advisory: cve('CVE-2025-61928', 'GHSA-99h5-pjcv-gr6v'),
    why: 'Anyone can have a key made for another user by naming that user in the body. The key is made at /api/auth/api-key/create, which is no operation of the contract, and to every operation it is a valid key.',
  },
  {
    name: '@fastify/bearer-auth',
    advisory: cve('CVE-2022-31142', 'GHSA-376v-xgjx-7mfr'),
    why: 'Keys are compared in a time that depends on how many characters agree. The suite judges no times: a network hides such differences, and a busy server makes larger ones.',
  },
  {
    name: 'fastify',
    advisory: cve('CVE-2026-25223', 'GHSA-jx2c-rxcm-jvmq'),
    why: 'A tab in Content-Type keeps the body from being validated. Whoever sends it needs a valid key, and whether a body is valid is no matter of authentication.',
  },
  {
    name: 'hono',
    advisory: cve('CVE-2026-54290', 'GHSA-88fw-hqm2-52qc'),
    why: 'With credentials the vulnerable version allows the origin that asks and the fixed one every origin. The rule foreign-origin claims both, because a key is no cookie: a page that has one may read the response either way.',
  },
  {
    name: 'hono',
    advisory: cve('CVE-2026-47676', 'GHSA-2gcr-mfcq-wcc3'),
    why: 'A mounted app gets the path that is left when as many characters are cut off as the prefix has decoded: /%762/contacts becomes /62/contacts, which is no operation, and the guard of /v2/* has seen the request.',
  },
  {
    name: 'next',
    advisory: cve('CVE-2025-29927', 'GHSA-f82v-jwr5-mffw'),
    why: 'It would show, because the case internal-request-headers sends x-middleware-subrequest. Next.js has a compiler for each version and builds an app before it starts: two versions would be larger than all the other servers together.',
  },
];
