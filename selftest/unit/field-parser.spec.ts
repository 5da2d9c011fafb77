import { expect, test } from '../support/unit-test.ts';
import {
  isToken,
  parseCacheDirectives,
  parseChallenges,
  parseHttpDate,
  parseMediaType,
  parseStrictTransport,
  parseTokens,
  parseWholeNumber,
} from '../../src/fields/field-parser.ts';
import {
  cacheDirectivesOf,
  challengesOf,
  fieldValues,
  listOf,
  mediaTypeOf,
  strictTransportOf,
} from '../../src/fields/response-fields.ts';

const withLines = (...headers: [string, string][]): { headers: [string, string][] } => ({ headers });

/** Challenges as plain values: the scheme, its token68 and its parameters. */
function plain(value: string): unknown[] {
  return parseChallenges(value).map(({ scheme, token68, parameters }) =>
    token68 === undefined ? [scheme, Object.fromEntries(parameters)] : [scheme, token68],
  );
}

test('a token has the characters of RFC 9110 §5.6.2 and no others', () => {
  for (const text of ['a', "x!#$%&'*+-.^_`|~9"]) expect(isToken(text), text).toBe(true);
  for (const text of ['', ' ', 'a b', 'a,', '"a"', 'a/b', 'é', 'a:']) expect(isToken(text), text).toBe(false);
});

test('a list leaves out empty elements and those that are no tokens', () => {
  const lists: [string, string[]][] = [
    ['Accept, Authorization', ['accept', 'authorization']],
    [',, a ,,\tb,', ['a', 'b']],
    ['*', ['*']],
    ['', []],
    ['a b, c', ['c']],
    ['"a, authorization", b', ['b']],
    ['"a, b', []],
  ];
  for (const [value, tokens] of lists) expect(parseTokens(value), value).toEqual(tokens);
});

test('a media type is read with its parameters, quoted ones too', () => {
  const types: [string, string, Record<string, string>][] = [
    ['application/json', 'application/json', {}],
    [' Application/Problem+JSON ; Charset=UTF-8 ', 'application/problem+json', { charset: 'UTF-8' }],
    ['text/html;charset="utf-8"', 'text/html', { charset: 'utf-8' }],
    [String.raw`a/b; c="x;\"y\", z"; d=e`, 'a/b', { c: 'x;"y", z', d: 'e' }],
    ['a/b; c=1; c=2', 'a/b', { c: '1' }],
    ['a/b;; ;c=d;', 'a/b', { c: 'd' }],
    ['a/b; c; d = e; f=g', 'a/b', { f: 'g' }],
    ['text/plain; note="application/json, text/html"', 'text/plain', { note: 'application/json, text/html' }],
    ['text/html, application/json', 'application/json', {}],
  ];
  for (const [value, essence, parameters] of types) {
    const type = parseMediaType(value);
    expect({ essence: type?.essence, parameters: Object.fromEntries(type?.parameters ?? []) }, value).toEqual({
      essence,
      parameters,
    });
  }
  for (const value of ['', 'json', 'text/', '/json', 'text /html', 'text/html json', '"text/html"'])
    expect(parseMediaType(value), value).toBeUndefined();
});

test('challenges are told from the parameters of challenges', () => {
  const fields: [string, unknown[]][] = [
    ['Bearer', [['bearer', {}]]],
    ['Bearer realm="api"', [['bearer', { realm: 'api' }]]],
    ['Bearer realm="a, Basic b", error=x', [['bearer', { realm: 'a, Basic b', error: 'x' }]]],
    [String.raw`Bearer realm="say \"error=\" \\"`, [['bearer', { realm: 'say "error=" \\' }]]],
    [
      'Basic realm=a, Bearer',
      [
        ['basic', { realm: 'a' }],
        ['bearer', {}],
      ],
    ],
    [
      'Bearer, Basic realm="x"',
      [
        ['bearer', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    // RFC 9110 §11.6.1, its own example.
    [
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        ['basic', { realm: 'simple' }],
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
      ],
    ],
    ['Negotiate YWJj==', [['negotiate', 'YWJj==']]],
    [
      'Negotiate YWJj, Basic realm="x"',
      [
        ['negotiate', 'YWJj'],
        ['basic', { realm: 'x' }],
      ],
    ],
    ['Bearer realm = "a" , error\t=\t"b"', [['bearer', { realm: 'a', error: 'b' }]]],
    ['Bearer REALM=a, realm=b', [['bearer', { realm: 'a' }]]],
    [', ,Bearer realm=a,,', [['bearer', { realm: 'a' }]]],
    // What servers send though no grammar allows it.
    ['Bearer realm="a" error="b"', [['bearer', { realm: 'a', error: 'b' }]]],
    ['Bearer realm="a, Basic realm=b', [['bearer', {}]]],
    ['realm="a"', []],
    ['"Basic", Bearer', [['bearer', {}]]],
    ['', []],
  ];
  for (const [value, challenges] of fields) expect(plain(value), value).toEqual(challenges);
});

test('directives of caches are read with quoted arguments', () => {
  const fields: [string, unknown[]][] = [
    ['No-Store', [{ name: 'no-store' }]],
    ['private, max-age=0', [{ name: 'private' }, { name: 'max-age', value: '0' }]],
    ['private="x-a, no-store", public', [{ name: 'private', value: 'x-a, no-store' }, { name: 'public' }]],
    ['x="no-store"', [{ name: 'x', value: 'no-store' }]],
    ['no-cache; private, public', [{ name: 'public' }]],
    ['max-age = 1', []],
  ];
  for (const [value, directives] of fields) expect(parseCacheDirectives(value), value).toEqual(directives);
});

test('Strict-Transport-Security is read as clients have to read it', () => {
  expect(parseStrictTransport('max-age=31536000; includeSubDomains; preload')).toEqual({
    maxAge: 31_536_000,
    includeSubDomains: true,
  });
  expect(parseStrictTransport('; Max-Age="60" ;')).toEqual({ maxAge: 60, includeSubDomains: false });
  expect(parseStrictTransport('max-age = 0')).toEqual({ maxAge: 0, includeSubDomains: false });
  for (const value of [
    ...['', 'includeSubDomains', 'max-age', 'max-age=1.5', 'max-age=-1', 'max-age="1', 'max-age=1, max-age=2'],
    ...['max-age=1; max-age=1', 'x="max-age=1"', 'max-age=1 includeSubDomains'],
  ])
    expect(parseStrictTransport(value), value).toBeUndefined();
});

test('numbers and dates are read only where they are written as HTTP writes them', () => {
  expect(['0', ' 120 ', '1.5', '-1', '', '1e3', '0x1', '9'.repeat(20)].map(parseWholeNumber)).toEqual([
    ...[0, 120],
    ...Array.from({ length: 6 }, () => undefined),
  ]);
  const time = Date.UTC(1994, 10, 6, 8, 49, 37);
  // RFC 9110 §5.6.7 shows one instant in its three forms.
  expect(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(time);
  expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', Date.UTC(2026, 0))).toBe(time);
  expect(parseHttpDate('Sun Nov  6 08:49:37 1994')).toBe(time);
  for (const value of ['1.5', 'soon 1', 'Sun, 06 Nov 1994', '1994-11-06T08:49:37Z', 'Sun, 06 Nov 1994 08:49:37 +0100'])
    expect(parseHttpDate(value), value).toBeUndefined();
});

test('fields of several lines are read line by line, whatever the case of their name', () => {
  const response = withLines(
    ['Vary', 'Accept'],
    ['WWW-Authenticate', 'Bearer realm="open'],
    ['vary', 'X-Key, Origin'],
    ['www-authenticate', 'Basic realm="b"'],
    ['Cache-Control', 'max-age=1, no-store'],
    ['Cache-Control', 'max-age=2, private="x"'],
    ['Content-Type', 'text/html'],
    ['content-type', 'application/json; charset=utf-8'],
    ['Strict-Transport-Security', 'max-age=1'],
    ['Strict-Transport-Security', 'max-age=2'],
  );
  expect(fieldValues(response, 'VARY')).toEqual(['Accept', 'X-Key, Origin']);
  expect(listOf(response, 'vary')).toEqual(['accept', 'x-key', 'origin']);
  expect(challengesOf(response).map(({ scheme }) => scheme)).toEqual(['bearer', 'basic']);
  expect([...cacheDirectivesOf(response)]).toEqual([
    ['max-age', '1'],
    ['no-store', undefined],
    ['private', 'x'],
  ]);
  expect(mediaTypeOf(response)?.essence).toBe('application/json');
  expect(strictTransportOf(response)?.maxAge).toBe(1);
});

test('a response without a field has no value of it', () => {
  const response = withLines(['Content-Type', 'nonsense']);
  expect(mediaTypeOf(response)).toBeUndefined();
  expect(challengesOf(response)).toEqual([]);
  expect(cacheDirectivesOf(response).size).toBe(0);
  expect(strictTransportOf(response)).toBeUndefined();
});

test('a long value of a hostile server is read in no time', () => {
  const started = performance.now();
  for (const value of ['"'.repeat(60_000), '\\"'.repeat(30_000), `"${'\\'.repeat(60_000)}`, 'a,'.repeat(30_000)]) {
    parseChallenges(value);
    parseMediaType(value);
    parseCacheDirectives(value);
    parseStrictTransport(value);
  }
  // Read in a quadratic way, one of them alone takes many seconds.
  expect(performance.now() - started).toBeLessThan(2000);
});
