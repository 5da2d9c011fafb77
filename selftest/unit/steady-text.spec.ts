import { isTime, steadyText } from '../../src/judging/steady-text.ts';
import { expect, test } from '../support/unit-test.ts';

/** Each pair is what one server says to two requests of the same sort. */
const SAME: readonly (readonly [what: string, one: string, other: string])[] = [
  ['a UUID', 'Request ID: 0b9d2b6a-71e4-4a35-8f6a-0c6a4d0f9b11', 'Request ID: 7521A267-089d-4d3d-98ce-0927956b4a03'],
  ['a time', 'denied at 2026-11-29T12:46:03.811Z', 'denied at 2026-11-30T00:00:01+01:00'],
  ['a date of HTTP', 'at Sun, 29 Nov 2026 12:46:03 GMT', 'at Mon, 30 Nov 2026 00:00:01 GMT'],
  ['an id of X-Ray', '(1-5759e988-bd862e3fe1be46a994272793)', '(1-67891a33-abcdef012345678912345678)'],
  ['hexadecimal', 'Ray ID: 8f2c51d07e3b4a19', 'Ray ID: 0123456789abcdef'],
  ['a ULID', 'ref=01ARZ3NDEKTSV4RRFFQ69G5FAV', 'ref=01BX5ZZKBKACTAV9WEVGEMMVRZ'],
  ['a long number', 'incident 9022417753', 'incident 9022417754'],
  ['a nonce in base64', '<script nonce="q83v/EjRWeJq+3vA">', '<script nonce="Zm9vYmFyYmF6cXV4">'],
  ['a token in base64url', 'content="kX-9_aQ2mZ-7tP0sVb3_Lw"', 'content="a_B-c3D4eF-5gH6iJk_7Mn"'],
  ['a nonce that looks like a word', '<script nonce="tBncVbojRRXILryPqpiw">', '<script nonce="q83v/EjRWeJq+3vA">'],
  ['the token of a form', '<meta name="csrf" content="MTkikyPctNzt">', '<meta name="csrf" content="a1b2c3">'],
  ['the path of a page', '<pre>Cannot GET /v2/contacts</pre>', '<pre>Cannot GET /v2/conformance-landmark</pre>'],
  ['a path with an id', '"path":"/v1/items/inert-2abd8359655d"', '"path":"/v1/conformance-landmark"'],
  ['the method of a page', '<pre>Cannot DELETE /v2/a/1</pre>', '<pre>Cannot GET /v2/b</pre>'],
  ['a URL', 'no https://api.example.com/v1/a here', 'no https://api.example.com/v1/b/c here'],
];

for (const [what, one, other] of SAME)
  test(`${what} makes no other text`, () => {
    expect(steadyText(one)).toBe(steadyText(other));
  });

test('hardly any bytes of a nonce make another text', () => {
  let seed = 1;
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647) % 256;
  const texts = Array.from({ length: 2000 }, () => {
    const bytes = Buffer.from(Array.from({ length: 16 }, next));
    return ['base64', 'base64url', 'hex'].map((coding) => steadyText(bytes.toString(coding as 'hex'))).join(' ');
  });
  expect(texts.filter((text) => text !== '# # #').length).toBeLessThan(10);
});

const DIFFERENT: readonly (readonly [one: string, other: string])[] = [
  ['Invalid API key', 'API key is required'],
  ['InvalidAccessKeyId', 'SignatureDoesNotMatch'],
  ['error E1001', 'error E1002'],
  ['KEY_REVOKED_401', 'KEY_UNKNOWN_401'],
  ['the server admin-panel.internal', 'the server console.internal'],
];

for (const [one, other] of DIFFERENT)
  test(`"${one}" is not "${other}"`, () => {
    expect(steadyText(one)).not.toBe(steadyText(other));
  });

test('a number that counts seconds or milliseconds is a time', () => {
  expect([1_764_420_000, 1_764_420_000_123].map(isTime)).toEqual([true, true]);
  expect([401, 40_103, 0, -1, 5e9].map(isTime)).toEqual([false, false, false, false, false]);
});
