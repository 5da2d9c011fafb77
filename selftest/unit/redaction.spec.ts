import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '../support/unit-test.ts';
import { placeCredential } from '../../src/requests/security-alternative.ts';
import { secretsOf } from '../../src/requests/secrets-of-request.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { Secret } from '../../src/secret.ts';
import type { HttpResponse } from '../../src/model/exchange.ts';
import { openExchange, recordResponse } from '../../src/http/received.ts';
import { findEchoes, issuedKeys, publicTextOf, Redactor } from '../../src/http/redaction.ts';
import { readBody, withoutCoding } from '../../src/http/response-body.ts';
import { redactedText, openText } from '../../src/http/request-text.ts';
import { base64, disguises, everyCharacter } from '../support/disguises.ts';
import { huechat } from '../support/contracts.ts';
import { KeySearch } from '../support/key-search.ts';

const PREFIXES = ['sk_live_', 'sk_test_'];
const HIDDEN = '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT';
const KEY = `sk_test_${HIDDEN}`;
/** Keys in which every sort of escape finds something to do, and base64 has its two odd characters. */
const AWKWARD = 'sk_test_aB/c"D/e&F"g<H/i"J>k/L%m"n/O+p"q/R=s"T~u/V\\w';
const ODD_IN_BASE64 = 'sk_test_~~~a???b~~~c???d~~~e???f~~~g???';
const KEYS = [KEY, AWKWARD, ODD_IN_BASE64];

function secret(value: string): Secret {
  return new Secret('EXAMPLE_API_KEY', value, { origin: 'issued', shell: '$EXAMPLE_API_KEY' });
}

function redactorOf(...values: readonly string[]): Redactor {
  return new Redactor(values.map(secret), PREFIXES);
}

const search = new KeySearch(KEYS.map((key) => key.slice('sk_test_'.length)));

for (const [title, disguise] of Object.entries(disguises)) {
  test(`a key is taken out ${title}`, async () => {
    for (const key of KEYS) {
      const text = `before ${disguise(key)} after`;
      expect(await search.find(text), 'what is sought can be found').not.toEqual([]);
      const redacted = redactorOf(...KEYS).redact(text);
      expect(await search.find(redacted), redacted).toEqual([]);
      expect(redacted).toMatch(/^before .*«key».* after$/);
    }
  });
}

test('a short key is taken out, whole and changed', () => {
  const short = 'sk_test_k3y5h0rt9abc';
  const redactor = redactorOf(short);
  expect(redactor.redact(`key ${short}.`)).toBe('key sk_test_«key».');
  expect(redactor.redact('key sk_test_k3y5h0#t9abc.')).toBe('key sk_test_«key»#t9abc.');
});

test('a key that is shorter than any run is taken out whole', () => {
  expect(redactorOf('x9q7').redact('x9q7 and X-x9q7-x9q')).toBe('«key» and X-«key»-x9q');
});

test('a key without a known prefix is taken out from its beginning', () => {
  expect(redactorOf('abcd1234efgh5678').redact('[abcd1234efgh5678]')).toBe('[«key»]');
});

test('text without a key stays as it is', async () => {
  const { document } = await huechat();
  const redactor = redactorOf(...KEYS);
  const texts = [
    JSON.stringify(document),
    '',
    'sk_test_ sk_live_',
    'İstanbul %41 \\u0041 &amp; &#65; \\/ 100% \\',
    '{"request_id":"req_01J9ZQ4X5T8K7M2N3P4Q5R6S7T","timestamp":"2026-01-02T03:04:05Z"}',
  ];
  for (const text of texts) expect(redactor.redact(text)).toBe(text);
});

test('a word of a key that stands in every report stays, and nothing else of the key does', () => {
  const paths = 'GET /contacts\nPUT /conversations/{id}\ncontacts:read';
  const meaningful = new Redactor([secret('sk_test_contacts_reader_0001')], PREFIXES, paths);
  expect(meaningful.redact('https://127.0.0.1/v2/contacts?limit=1')).toBe('https://127.0.0.1/v2/contacts?limit=1');
  expect(meaningful.redact('no such key sk_test_contacts_reader_0001')).toBe('no such key sk_test_c«key»');
  expect(meaningful.redact('no such key sk_test_contacts_reader_000x')).toBe('no such key sk_test_c«key»x');
  // A key of public words only is a key all the same.
  const word = new Redactor([secret('sk_test_conversations')], PREFIXES, paths);
  expect(word.redact('no such key sk_test_conversations')).toBe('no such key sk_test_«key»');
});

test('a key that begins with the name of its API leaves the variables as they are', async () => {
  const contract = await huechat();
  const target = readTarget(contract, {
    HUECHAT_BASE_URL: 'https://127.0.0.1/v2',
    HUECHAT_ENVIRONMENT: 'sandbox',
    HUECHAT_API_KEY: `sk_test_huechat_api_${HIDDEN}`,
  });
  const redactor = new Redactor(issuedKeys(target), PREFIXES, publicTextOf(contract, target));
  const line = 'curl -H "X-API-Key: $HUECHAT_API_KEY"';
  expect(redactor.redact(line)).toBe(line);
  expect(redactor.redact('set HUECHAT_REVOKED_KEY')).toBe('set HUECHAT_REVOKED_KEY');
  expect(redactor.redact(`no such key huechat_api_${HIDDEN}`)).toBe('no such key huech«key»');
});

test('nothing but the key is taken out of escaped text', () => {
  const text = `{"a":"\\u00e9\\/%20","b":"${everyCharacter(KEY, (code) => `\\u00${code}`)}","c":"\\"&amp;"}`;
  const prefix = everyCharacter('sk_test_', (code) => `\\u00${code}`);
  expect(redactorOf(KEY).redact(text)).toBe(`{"a":"\\u00e9\\/%20","b":"${prefix}«key»","c":"\\"&amp;"}`);
});

test('every key that a run is given is taken out', async () => {
  const contract = await huechat();
  const key = (kind: string, digit: number): string => `sk_${kind}_${HIDDEN.replace('0a', `${digit}${digit}`)}`;
  const target = readTarget(contract, {
    HUECHAT_BASE_URL: 'https://127.0.0.1/v2',
    HUECHAT_ENVIRONMENT: 'sandbox',
    HUECHAT_API_KEY: key('test', 1),
    HUECHAT_OTHER_ENVIRONMENT_KEY: key('live', 2),
    HUECHAT_OTHER_ACCOUNT_KEY: key('test', 7),
    HUECHAT_REVOKED_KEY: key('test', 3),
    HUECHAT_IP_LOCKED_KEY: key('test', 4),
    HUECHAT_IP_LOCKED_KEY_ADDRESS: '203.0.113.7',
    HUECHAT_SCOPED_KEYS: `contacts:read=${key('test', 5)};contacts:write+channels:read=${key('test', 6)}`,
  });
  expect(issuedKeys(target).map(({ name }) => name)).toEqual([
    'HUECHAT_API_KEY',
    'HUECHAT_OTHER_ENVIRONMENT_KEY',
    'HUECHAT_OTHER_ACCOUNT_KEY',
    'HUECHAT_REVOKED_KEY',
    'HUECHAT_IP_LOCKED_KEY',
    'HUECHAT_SCOPED_KEYS contacts:read',
    'HUECHAT_SCOPED_KEYS contacts:write+channels:read',
  ]);
});

test.describe('user and password', () => {
  const user = 'ada-account-1815';
  const password = '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT';
  const pair = (value: string): Secret =>
    new Secret('EXAMPLE_API_KEY', value, { origin: 'issued', shell: '$EXAMPLE_API_KEY', isPair: true });

  test('the password is taken out by itself, in base64 and behind its user, whatever hides it', async () => {
    const redactor = new Redactor([pair(`${user}:${password}`)], []);
    const sought = new KeySearch([password]);
    for (const [title, disguise] of Object.entries(disguises).filter(([title]) => !/prefix/.test(title))) {
      const redacted = redactor.redact(`before ${disguise(`sk_test_${password}`)} after`);
      expect(await sought.find(redacted), `${title}: ${redacted}`).toEqual([]);
    }
    const encoded = base64(`${user}:${password}`);
    expect(redactor.redact(`Authorization: Basic ${encoded}.`)).toMatch(/^Authorization: Basic «key»[\w=]{0,4}\.$/);
    expect(redactor.redact(`{"token":"${encoded.slice(4, 20)}"}`)).toBe('{"token":"«key»"}');
  });

  test('the user is no secret, unless it is the key', () => {
    expect(new Redactor([pair(`${user}:${password}`)], []).redact(`/accounts/${user}`)).toBe(`/accounts/${user}`);
    for (const rest of ['', 'x']) {
      const redactor = new Redactor([pair(`${password}:${rest}`)], []);
      expect(redactor.redact(`no such key: ${password}`)).toBe('no such key: «key»');
    }
  });

  test('an echo of either spelling is found', () => {
    const places = (text: string): [string, string][] => [['body', text]];
    for (const key of [`${user}:${password}`, `${password}:`]) {
      const found = (text: string): string[] => findEchoes([pair(key)], places(text), '');
      expect(found(`no such password: ${password}`)).toEqual(['body: the key']);
      expect(found(`{"authorization":"Basic ${base64(key)}"}`)).toEqual(['body: the key, encoded']);
      expect(found(`no such account: ${user}`)).toEqual([]);
    }
  });

  test('what it becomes in a request is redacted, found and shown as the variable', () => {
    const key = pair(`${user}:${password}`);
    const scheme = { name: 'user', type: 'http', scheme: 'basic' } as const;
    const [[name, value] = ['', []]] = placeCredential(scheme, [key]).headers;
    expect([name, redactedText(value)]).toEqual(['Authorization', 'Basic «EXAMPLE_API_KEY»']);
    expect(openText(value)).toBe(`Basic ${base64(`${user}:${password}`)}`);
    expect(secretsOf({ via: 'base', method: 'GET', target: ['/'], headers: [[name, value]], inert: true })).toEqual([
      key,
    ]);
    const changed = key.derive('cut by one', (whole) => whole.slice(0, -1));
    const [[, half] = ['', []]] = placeCredential(scheme, ['"', changed, '"']).headers;
    expect(openText(half)).toBe(`Basic ${base64(`"${user}:${password.slice(0, -1)}"`)}`);
    expect(new Redactor([key], []).redact(openText(half))).not.toContain(base64(password).slice(3, 15));
    expect(JSON.stringify(half)).not.toContain(user);
  });
});

function recordOf(
  bytes: Buffer,
  codings: readonly string[],
  { status = 401, redactor = redactorOf(KEY), showsData = false, limit = 1_000_000 } = {},
): HttpResponse {
  const read = readBody(bytes, false, codings, limit);
  return recordResponse({ status, headers: [], ...read }, (text) => redactor.redact(text), showsData);
}

/** The response as rules judge it. */
function receivedOf(response: HttpResponse): HttpResponse {
  const request = { method: 'GET', url: 'https://127.0.0.1/', headers: [], curl: 'curl' };
  return openExchange({ request, echoes: [], attempts: 1, durationMs: 1, response }).response ?? response;
}

test('a body is redacted before a report reads it, JSON included', () => {
  const bytes = gzipSync(JSON.stringify({ message: `no such key ${KEY}`, keys: [KEY], [KEY]: 1 }));
  const { body } = recordOf(bytes, ['gzip']);
  expect(body).toMatchObject({
    bytes: bytes.length,
    json: { message: 'no such key sk_test_«key»', keys: ['sk_test_«key»'], 'sk_test_«key»': 1 },
  });
  expect(body.text).not.toContain(HIDDEN);
});

test('a body in several codings is decoded before it is redacted, in the order of RFC 9110 §8.4', () => {
  const bytes = gzipSync(deflateSync(JSON.stringify({ message: KEY })));
  expect(recordOf(bytes, ['deflate', 'identity', 'gzip']).body.json).toEqual({ message: 'sk_test_«key»' });
  expect(recordOf(bytes, ['gzip', 'deflate']).body).toMatchObject({ text: '', jsonError: 'the body is not deflate' });
  const five = Array.from({ length: 5 }, () => 'gzip');
  expect(recordOf(bytes, five).body.jsonError).toBe('the body has more than 4 codings');
  expect(withoutCoding(bytes, ['deflate', 'gzip'], 1_000_000).toString()).toContain(KEY);
});

test('a key over the end of what is recorded is taken out', () => {
  const { text, truncated } = recordOf(Buffer.from(`${'.'.repeat(16_384 - 20)}${KEY}`), []).body;
  expect(truncated).toBe(true);
  expect(text).toMatch(/\.sk_test_«key»$/);
});

test('rules judge what was received, and whatever prints or serialises it gets the record', () => {
  // A key with a meaning holds words that stand in sound responses.
  const redactor = redactorOf('sk_test_contacts_reader_0001');
  const sound = { contacts: [{ id: 1, note: 'sk_test_contacts_reader_0001' }] };
  const record = recordOf(Buffer.from(JSON.stringify(sound)), [], { redactor, showsData: true, status: 200 });
  const received = receivedOf(record);
  expect(received.body.json).toEqual(sound);
  expect(received.body.text).toBe(JSON.stringify(sound));
  expect(JSON.stringify(record)).not.toContain('reader_0001');
  for (const one of [received, received.body]) {
    for (const printed of [JSON.stringify(one), Reflect.apply(String, undefined, [one]), inspect([one], { depth: 9 })])
      expect(printed).not.toContain('reader_0001');
  }
});

test('of a success a report has the shape and the size, of a refusal the text', () => {
  const bytes = Buffer.from('{"tsig":{"secret":"c2VjcmV0"},"ids":[1,2],"none":null}');
  const shape = `{tsig: {secret: string}, ids: [number, 2 items], none: null}, ${bytes.length} bytes`;
  expect(recordOf(bytes, [], { status: 200 }).body.text).toBe(shape);
  expect(recordOf(bytes, [], { status: 200, showsData: true }).body.text).toBe(String(bytes));
  expect(recordOf(bytes, [], { status: 401 }).body.text).toBe(String(bytes));
  expect(recordOf(Buffer.from('<p>'), [], { status: 200 }).body.text).toBe('no JSON, 3 bytes');
  expect(recordOf(Buffer.alloc(0), [], { status: 204 }).body.text).toBe('');
});

const echoes: readonly (readonly [text: string, found: string | undefined])[] = [
  [`no such key: ${KEY}`, 'the key'],
  [base64(KEY), 'the key, encoded'],
  [base64(`user:${KEY}`), 'the key, encoded'],
  [base64(`us:${KEY} `), 'the key, encoded'],
  [Buffer.from(KEY).toString('hex'), 'the key, encoded'],
  [createHash('sha256').update(KEY).digest('hex'), 'the SHA-256 of the key'],
  [`a key that ends with ${KEY.slice(-6)}`, 'the last six characters of the key'],
  [`a key that ends with ${KEY.slice(-5)}`, undefined],
  [`a key that begins with ${KEY.slice(0, 20)}`, undefined],
  ['no key at all', undefined],
];

for (const [text, found] of echoes) {
  test(`the echo in "${text.slice(0, 40)}" is ${found ?? 'none'}`, () => {
    const places = [
      ['body', 'nothing'],
      ['header location', text],
    ] as const;
    expect(findEchoes([secret(KEY)], places, '')).toEqual(found === undefined ? [] : [`header location: ${found}`]);
  });
}

test("a key's last characters are no echo where the contract has them too, nor is any of a short key", () => {
  const tail = KEY.slice(-6);
  expect(findEchoes([secret(KEY)], [['body', tail]], `… ${tail} …`)).toEqual([]);
  expect(findEchoes([secret('sk_test_ab')], [['body', 'sk_test_ab']], '')).toEqual([]);
});
