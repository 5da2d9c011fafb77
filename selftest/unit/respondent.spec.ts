import type { HttpResponse } from '../../src/model/exchange.ts';
import { accessOf } from '../../src/judging/access.ts';
import { isReached, respondentOf, type Surroundings, whereabouts } from '../../src/judging/respondent.ts';
import type { Volatile } from '../../src/judging/same-response.ts';
import { expect, test } from '../support/unit-test.ts';

type Header = readonly [name: string, value: string];

const JSON_TYPE: Header = ['Content-Type', 'application/json'];
const HTML: Header = ['Content-Type', 'text/html'];
const OWN: Header = ['X-RateLimit-Limit', '60'];

function json(status: number, body: unknown, ...headers: readonly Header[]): HttpResponse {
  const text = JSON.stringify(body);
  return { status, headers: [JSON_TYPE, ...headers], body: { text, bytes: text.length, truncated: false, json: body } };
}

function page(status: number, text: string): HttpResponse {
  return { status, headers: [HTML], body: { text, bytes: text.length, truncated: false } };
}

/** What Node, Go and HAProxy write before any API has seen the request. */
function bare(status: number, ...headers: readonly Header[]): HttpResponse {
  return { status, headers: [['Connection', 'close'], ...headers], body: { text: '', bytes: 0, truncated: false } };
}

const data = json(200, { contacts: [{ id: 1 }] }, OWN);
const refusal = json(401, { code: 401, reason: 'no key' }, OWN);
const notFound = json(404, { code: 404, reason: 'nothing is here' }, OWN);

const behindParser: Surroundings = {
  fullAccess: data,
  noKey: refusal,
  landmarks: { unknownPathWithKey: notFound, unknownPath: refusal, unknownPathAtRoot: notFound, malformed: bare(400) },
};

const besideApplication: Surroundings = {
  ...behindParser,
  landmarks: {
    unknownPathWithKey: page(200, '<div id="app">'),
    unknownPath: page(200, '<div id="app">'),
    unknownPathAtRoot: page(200, '<div id="app">'),
  },
};

/** A server that reads malformed requests as any others, and an API without header fields of its own. */
const withoutOwnHeaders: Surroundings = {
  fullAccess: json(200, { contacts: [] }),
  noKey: json(401, { code: 401 }),
  landmarks: { malformed: json(401, { code: 401 }) },
};

const ofPages: Surroundings = { fullAccess: page(200, '<h1>Contacts</h1>'), noKey: page(401, '<h1>Key?</h1>') };

const text = (status: number, ...headers: readonly Header[]): HttpResponse => saying('Bad line', status, ...headers);

function saying(words: string, status: number, ...headers: readonly Header[]): HttpResponse {
  const body = { text: words, bytes: words.length, truncated: false };
  return { ...bare(status, ['Content-Type', 'text/plain'], ...headers), body };
}

/** A parser that hands malformed requests on, and answers in text to what is too long. */
const behindLenientParser: Surroundings = {
  ...behindParser,
  landmarks: { ...behindParser.landmarks, malformed: refusal },
  tooLong: text(400),
};

const CACHED: Header = ['X-Varnish', '5'];

/** A cache that names itself in every response, its own to malformed requests without content too. */
const behindCache: Surroundings = {
  fullAccess: json(200, { contacts: [{ id: 1 }] }, OWN, CACHED),
  noKey: json(401, { code: 401, reason: 'no key' }, OWN, CACHED),
  landmarks: { malformed: bare(400) },
};

const WHO: readonly (readonly [string, HttpResponse, Surroundings, string])[] = [
  ['the response to the full-access key', data, behindParser, 'operation'],
  ['an error about the input', json(422, { code: 422, reason: 'name' }, OWN), behindParser, 'operation'],
  ['the refusal', refusal, behindParser, 'api'],
  ['another refusal', json(403, { code: 403, reason: 'scope' }, OWN), behindParser, 'api'],
  ["the router's 404", notFound, behindParser, 'api'],
  ["a parser's 400", bare(400), behindParser, 'edge'],
  ["a parser's 431", bare(431), behindParser, 'edge'],
  ["a 400 without content that has the API's header", bare(400, OWN), behindParser, 'operation'],
  ["the API's own 400", json(400, { code: 400, reason: 'input' }, OWN), behindParser, 'operation'],
  ['the page of an application', page(200, '<div id="app">'), besideApplication, 'edge'],
  ["a lenient parser's 400", text(400), behindLenientParser, 'edge'],
  [
    "a 400 in the words of a lenient parser that has the API's header",
    text(400, OWN),
    behindLenientParser,
    'operation',
  ],
  [
    'a text with 400 where the API answers what is too long',
    text(400),
    { ...behindLenientParser, tooLong: refusal },
    'operation',
  ],
  [
    "a status line as text, with a cache's header",
    saying('400 Bad Request: no host', 400, CACHED),
    behindCache,
    'edge',
  ],
  ['another text that begins with the status', saying('400 is no id', 400, CACHED), behindCache, 'operation'],
  ["a status line that has the API's header", saying('400 Bad Request', 400, OWN), behindParser, 'operation'],
  ['a success that says nothing', bare(200, ['Content-Length', '0']), behindParser, 'edge'],
  [
    "a success that says nothing and has the API's header",
    bare(200, OWN, ['Content-Length', '0']),
    behindParser,
    'operation',
  ],
  ['a redirect without content', bare(307), behindParser, 'edge'],
  ["a redirect that has the API's header", bare(307, OWN), behindParser, 'operation'],
  ['a list of methods', page(200, 'GET,HEAD'), behindParser, 'edge'],
  ['the page of a server that does not know the method', page(501, '<h1>Error</h1>'), withoutOwnHeaders, 'edge'],
  ['a page that an API of pages sends with 501', page(501, '<h1>Error</h1>'), ofPages, 'operation'],
  ['another page beside an API that has none', page(200, '<h1>docs</h1>'), besideApplication, 'edge'],
  ['another page of an API of pages', page(200, '<h1>docs</h1>'), ofPages, 'operation'],
];

for (const [what, response, surroundings, who] of WHO)
  test(`the respondent of ${what} is ${who}`, () => {
    const method = response.body.text === 'GET,HEAD' ? 'OPTIONS' : 'GET';
    expect(respondentOf({ response, request: { method } }, surroundings)).toBe(who);
  });

test('where the API itself answers malformed requests, its 400 is its own', () => {
  const malformed = json(400, { code: 400, reason: 'malformed' }, OWN);
  const landmarks = { ...behindParser.landmarks, malformed };
  expect(respondentOf({ response: bare(431), request: { method: 'GET' } }, { ...behindParser, landmarks })).toBe(
    'operation',
  );
});

const wrongMethod = json(405, { code: 405, reason: 'not here' }, OWN);

const REACHED: readonly (readonly [string, boolean, Surroundings, boolean])[] = [
  ['a success', true, behindParser, true],
  ['404 in the words of the router', true, { ...behindParser, fullAccess: notFound }, false],
  ['404 with other words in the same members', true, nowhere('no such contact'), false],
  ['404 with other members', true, { ...behindParser, fullAccess: json(404, { error: 'no such contact' }) }, true],
  ['the page of every path', true, { ...besideApplication, fullAccess: page(200, '<div id="app">') }, false],
  ['404 to a resource that was made up, behind a gate', false, { ...behindParser, fullAccess: notFound }, true],
  ['404 to everyone', false, { ...behindParser, fullAccess: notFound, noKey: notFound }, false],
  ['404 to everyone, in words of its own', false, { ...nowhere('no such contact'), noKey: notFound }, true],
  ['404 to everyone, that names path, time and request', false, namingTheRequest(), false],
  ['404 as a page that names method and path, to everyone', false, cannot('DELETE /v2/contact/1'), false],
  ['404 as a page with a number of its own, to everyone', true, cannot('GET /v2/contacts'), false],
  ['405 to everyone', false, { ...behindParser, fullAccess: wrongMethod, noKey: wrongMethod }, false],
  ['405 behind a gate', false, { ...behindParser, fullAccess: wrongMethod }, true],
  ['404 where no landmark is known', true, { fullAccess: notFound, noKey: notFound }, true],
];

/** As the error pages of Spring Boot. */
function namingTheRequest(): Surroundings {
  const one = (path: string, traceId: string, timestamp: string) =>
    json(404, { timestamp, status: 404, error: 'Not Found', path, traceId }, OWN);
  const [id, time] = ['0b9d2b6a-71e4-4a35-8f6a-0c6a4d0f9b11', '2026-11-29T12:46:03.811Z'];
  const fullAccess = one('/v2/contact/inert-1', id, '2026-11-29T12:46:04.147Z');
  const unknown = one('/v2/conformance-landmark', '7521a267-089d-4d3d-98ce-0927956b4a03', time);
  return { fullAccess, noKey: fullAccess, landmarks: { unknownPathWithKey: unknown, unknownPath: unknown } };
}

/** As the error pages of Express. */
function cannot(what: string): Surroundings {
  const one = (line: string, id: string) => page(404, `<pre>Cannot ${line}</pre><p>Reference ${id}</p>`);
  const unknown = one('GET /v2/conformance-landmark', '8f2c51d07e3b4a19');
  const noKey = one(what, '77d0aa19c3e4b5f2');
  return { fullAccess: one(what, '0123456789abcdef'), noKey, landmarks: { unknownPathWithKey: unknown } };
}

function nowhere(reason: string): Surroundings {
  return { ...behindParser, fullAccess: json(404, { code: 404, reason }) };
}

for (const [what, isSafe, surroundings, isThere] of REACHED)
  test(`an operation is ${isThere ? '' : 'not '}reached: ${what}${isSafe ? '' : ', on an unsafe operation'}`, () => {
    expect(isReached(isSafe, surroundings)).toBe(isThere);
  });

const plain = (text: string): HttpResponse => ({ ...page(200, text), headers: [['Content-Type', 'text/plain']] });
const table: HttpResponse = { ...page(200, 'id,name'), headers: [['Content-Type', 'text/csv']] };
const jsonAsText: HttpResponse = { ...json(200, { contacts: [] }), headers: [['Content-Type', 'text/plain']] };
const soon = page(200, '<h1>Back soon</h1>');

/** What everyone gets in the place of an operation, with the media types that the contract names for its 200. */
const TO_ALL: readonly (readonly [what: string, shown: HttpResponse, named: readonly string[], leadsTo: string])[] = [
  ['a page', soon, ['application/json'], 'notice'],
  ['a text', plain('Back soon'), ['application/json; charset=utf-8'], 'notice'],
  ['a page that the contract names', soon, ['application/json', 'text/html; charset=utf-8'], 'operation'],
  ['a page in a range that the contract names', soon, ['text/*'], 'operation'],
  ['a page where the contract names no type', soon, [], 'operation'],
  ['the data', json(200, { contacts: [] }), ['application/json'], 'operation'],
  ['the data in another type of JSON', json(200, []), ['application/vnd.api+json'], 'operation'],
  ['the data as what Go takes for a text', jsonAsText, ['application/json'], 'operation'],
  ['a table', table, ['application/json'], 'operation'],
];

for (const [what, shown, mediaTypes, leadsTo] of TO_ALL)
  test(`the full-access key leads to ${leadsTo} where everyone gets ${what}`, () => {
    const operation = { isSafe: true, responses: { 200: { mediaTypes, headers: [] } } };
    const toAll = { ...behindParser, fullAccess: shown, noKey: shown };
    expect(whereabouts(operation, toAll)).toBe(leadsTo);
    expect(whereabouts(operation, { ...toAll, noKey: refusal })).toBe('operation');
    expect(whereabouts(operation, { ...toAll, landmarks: { unknownPathWithKey: shown } })).toBe('nowhere');
  });

const inputError = json(400, { code: 400, reason: 'input' });
const onInput: Surroundings = { ...behindParser, fullAccess: inputError };

function inErrors(digit: string): HttpResponse {
  const instance = `/v2/contact/${digit}`;
  return json(400, { title: 'No name', instance, traceId: `1234567${digit}8901234${digit}`, at: Date.now() });
}

function inputErrorWithIds(): Surroundings {
  return { ...behindParser, fullAccess: inErrors('a') };
}

const ACCESS: readonly (readonly [string, HttpResponse, Surroundings, string])[] = [
  ['what the full-access key gets', data, behindParser, 'accepted'],
  ['other data of the same sort', json(200, { contacts: [] }), behindParser, 'accepted'],
  ['a success that says nothing', bare(200, ['Content-Length', '0']), behindParser, 'neither'],
  ['a success to HEAD, which has no content', bare(200), behindParser, 'accepted'],
  ['a success where the control has an input error', json(201, {}), onInput, 'accepted'],
  ['the input error that the full-access key gets', inputError, onInput, 'accepted'],
  ['the input error that the full-access key gets, with other ids', inErrors('b'), inputErrorWithIds(), 'accepted'],
  ['the input error that everyone gets', inputError, { ...onInput, noKey: inputError }, 'neither'],
  ['another input error', json(400, { code: 400, reason: 'other' }), onInput, 'neither'],
  ['the refusal', refusal, behindParser, 'denied'],
  ['403 where a missing key is 401', json(403, { a: 1 }), behindParser, 'denied'],
  ['a refusal as a 200, as a missing key gets it', json(200, { error: 'key' }), refusing200(), 'denied'],
  ['the page of every path', page(200, '<div id="app">'), besideApplication, 'denied'],
  ['the 404 of every path', notFound, behindParser, 'denied'],
  ['a list of methods', { ...page(200, 'GET,HEAD') }, behindParser, 'neither'],
  ['a redirect', bare(302), behindParser, 'neither'],
  ['an error of the server', json(500, {}), behindParser, 'neither'],
];

function refusing200(): Surroundings {
  return { ...behindParser, noKey: json(200, { error: 'no key' }) };
}

for (const [what, response, surroundings, access] of ACCESS)
  test(`access of ${what}: ${access}`, () => {
    const { landmarks = {}, fullAccess, noKey } = surroundings;
    const volatile = (): Volatile => ({ members: [] });
    const parts = { response, landmarks, volatile, ...(fullAccess && { fullAccess }), ...(noKey && { noKey }) };
    expect(accessOf(parts)).toBe(access);
  });
