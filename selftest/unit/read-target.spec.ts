import { createPrivateKey } from 'node:crypto';
import { inspect } from 'node:util';
import { writeFileSync } from 'node:fs';
import { expect, test } from '../support/unit-test.ts';
import { authority } from '../../mock/server/certificates.ts';
import type { Contract } from '../../src/model/contract.ts';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { reveal } from '../../src/secret.ts';
import type { Variables } from '../../src/config/variables.ts';
import { huechat } from '../support/contracts.ts';

const LIVE = 'sk_live_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT';
const TEST = 'sk_test_9zY8xW7vU6tS5rQ4pO3nM2lK1jI0hG';
/** Another key of the same kind. */
const OTHER = `${TEST}o`;
const SANDBOX = 'https://sandbox.huechat.ai/v2';
const PRODUCTION = 'https://api.huechat.ai/v2';

/** All that a run on the sandbox needs. */
const enough: Variables = { HUECHAT_BASE_URL: SANDBOX, HUECHAT_API_KEY: TEST };

function problemsOf(contract: Contract, variables: Variables): readonly string[] {
  try {
    readTarget(contract, variables);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

const NO_URL = 'is not an http(s) address: write it whole, such as https://api.example.com/v2.';
const NOT_SET =
  'HUECHAT_BASE_URL is not set, but HUECHAT_API_KEY is: give the base URL of the API to judge, such as https://sandbox.example.com/v2, or remove every setting of a target to judge the embedded mock.';
const IN_THE_CLEAR =
  'HUECHAT_BASE_URL is a plain-HTTP address outside this machine, and no key is sent over plain HTTP there: give an https: address.';
const NOT_PLAIN = 'HUECHAT_BASE_URL has a query, a fragment or credentials: give scheme, host, port and path only.';
const NO_ENVIRONMENT = 'HUECHAT_ENVIRONMENT is not an environment of the contract: say production or sandbox.';
const FORM = 'write scope=KEY, several scopes joined by +, several keys by ;';
const SCOPES =
  'contacts:read, contacts:write, conversations:read, conversations:write, channels:read, channels:write, webhooks:manage, admin:read, admin:write';
const local = { HUECHAT_ENVIRONMENT: 'sandbox' };

/** What is changed of a sound configuration, and every sentence that it draws. */
const problems: readonly (readonly [change: Variables, ...sentences: string[]])[] = [
  [{ HUECHAT_BASE_URL: undefined }, NOT_SET],
  [{ HUECHAT_BASE_URL: 'sandbox.huechat.ai/v2', ...local }, `HUECHAT_BASE_URL ${NO_URL}`],
  [{ HUECHAT_BASE_URL: 'ftp://sandbox.huechat.ai/v2', ...local }, `HUECHAT_BASE_URL ${NO_URL}`],
  [{ HUECHAT_BASE_URL: 'http://sandbox.huechat.ai/v2', ...local }, IN_THE_CLEAR],
  [{ HUECHAT_BASE_URL: 'http://127.0.0.1.example.com/v2', ...local }, IN_THE_CLEAR],
  [{ HUECHAT_BASE_URL: 'http://localhost.example.com/v2', ...local }, IN_THE_CLEAR],
  [{ HUECHAT_BASE_URL: 'http://0.0.0.0/v2', ...local }, IN_THE_CLEAR],
  [{ HUECHAT_BASE_URL: 'http://[::ffff:127.0.0.1]/v2', ...local }, IN_THE_CLEAR],
  [{ HUECHAT_BASE_URL: 'http://localhost@192.0.2.1/v2', ...local }, IN_THE_CLEAR, NOT_PLAIN],
  [{ HUECHAT_BASE_URL: `${SANDBOX}?key=1`, ...local }, NOT_PLAIN],
  [{ HUECHAT_BASE_URL: `${SANDBOX}#top`, ...local }, NOT_PLAIN],
  [{ HUECHAT_BASE_URL: 'https://user@sandbox.huechat.ai/v2', ...local }, NOT_PLAIN],
  [
    { HUECHAT_BASE_URL: 'https://127.0.0.1/v2' },
    "HUECHAT_ENVIRONMENT is not set and the base URL is none of the contract's servers: say production or sandbox.",
  ],
  [{ HUECHAT_ENVIRONMENT: 'moon' }, NO_ENVIRONMENT],
  [
    { HUECHAT_ENVIRONMENT: 'production', HUECHAT_API_KEY: LIVE },
    "HUECHAT_ENVIRONMENT says production, but the base URL is on the contract's sandbox server: correct one of them.",
  ],
  ...['https://api.huechat.ai', 'https://API.huechat.ai:443/v3', 'https://api.huechat.ai./v2'].map(
    (url): readonly [Variables, string] => [
      { HUECHAT_BASE_URL: url, ...local },
      "HUECHAT_ENVIRONMENT says sandbox, but the base URL is on the contract's production server: correct one of them.",
    ],
  ),
  [
    { HUECHAT_API_KEY: undefined },
    'HUECHAT_API_KEY is not set: give a key with full access to the target, because without one no refusal proves anything.',
  ],
  [
    { HUECHAT_API_KEY: LIVE },
    'HUECHAT_API_KEY does not begin with sk_test_ (sandbox), it is a key for production: give a key of that kind.',
  ],
  [
    { HUECHAT_API_KEY: '9zY8xW7vU6tS5rQ4pO3nM2lK1jI0hG' },
    'HUECHAT_API_KEY does not begin with sk_test_ (sandbox): give a key of that kind.',
  ],
  [
    { HUECHAT_API_KEY: 'sk_test_12345' },
    'HUECHAT_API_KEY has fewer than six characters after sk_test_: copy the key again.',
  ],
  [
    { HUECHAT_API_KEY: 'sk_test_--------' },
    'HUECHAT_API_KEY holds neither a letter nor a digit after sk_test_: copy the key again.',
  ],
  ...[`${TEST} `, `\t${TEST}\r\n`].map((value): readonly [Variables, string] => [
    { HUECHAT_API_KEY: value },
    'HUECHAT_API_KEY begins or ends with a space or a line break: take it away.',
  ]),
  ...[TEST.replace('9', 'ä'), TEST.replace('9', ' '), `"${TEST}\u0000"`.slice(1)].map(
    (value): readonly [Variables, string] => [
      { HUECHAT_API_KEY: value },
      'HUECHAT_API_KEY holds a space or a character that a header cannot carry: copy the key again.',
    ],
  ),
  [
    { HUECHAT_OTHER_ENVIRONMENT_KEY: OTHER },
    'HUECHAT_OTHER_ENVIRONMENT_KEY does not begin with sk_live_ (production), it is a key for sandbox: give a key of that kind.',
  ],
  [
    { HUECHAT_OTHER_ACCOUNT_KEY: LIVE },
    'HUECHAT_OTHER_ACCOUNT_KEY does not begin with sk_test_ (sandbox), it is a key for production: give a key of that kind.',
  ],
  [
    { HUECHAT_REVOKED_KEY: LIVE },
    'HUECHAT_REVOKED_KEY does not begin with sk_test_ (sandbox), it is a key for production: give a key of that kind.',
  ],
  [
    { HUECHAT_IP_LOCKED_KEY: OTHER },
    'HUECHAT_IP_LOCKED_KEY_ADDRESS is not set: give the address that the key of HUECHAT_IP_LOCKED_KEY is locked to.',
  ],
  ...['203.0.113.0/24', 'office', '203.0.113.7,203.0.113.8'].map((value): readonly [Variables, string] => [
    { HUECHAT_IP_LOCKED_KEY: OTHER, HUECHAT_IP_LOCKED_KEY_ADDRESS: value },
    'HUECHAT_IP_LOCKED_KEY_ADDRESS is not an address: give one IPv4 or IPv6 address, without a mask.',
  ]),
  ...['contacts:read', '=x', 'contacts:read='].map((value): readonly [Variables, string] => [
    { HUECHAT_SCOPED_KEYS: value },
    `HUECHAT_SCOPED_KEYS, entry 1, is not of the form scope=KEY: ${FORM}.`,
  ]),
  [
    { HUECHAT_SCOPED_KEYS: `contacts:read=${TEST}r;contact:write+admin:read=${TEST}w` },
    `HUECHAT_SCOPED_KEYS, entry 2, names a scope that the contract does not have: use ${SCOPES}.`,
  ],
  [
    { HUECHAT_SCOPED_KEYS: `contacts:read=${OTHER}; contacts:write=${LIVE} ;` },
    'HUECHAT_SCOPED_KEYS, entry 2, does not begin with sk_test_ (sandbox), it is a key for production: give a key of that kind.',
  ],
  [
    { HUECHAT_BASE_URL: 'http://api:3000/v2', ...local },
    'HUECHAT_BASE_URL is a plain-HTTP address outside this machine: give an https: address, or name its host in HUECHAT_PLAIN_HTTP_HOSTS if it is in a private network and its keys are test keys.',
  ],
  [
    { HUECHAT_BASE_URL: 'http://api:3000/v2', ...local, HUECHAT_PLAIN_HTTP_HOSTS: 'api' },
    'HUECHAT_BASE_URL is a plain-HTTP address outside this machine: give an https: address, or name its host in HUECHAT_PLAIN_HTTP_HOSTS if it is in a private network and its keys are test keys.',
  ],
  ...['http://api:3000', 'api:3000/v2', 'api 3000', 'user@api'].map((value): readonly [Variables, string] => [
    { HUECHAT_PLAIN_HTTP_HOSTS: value },
    'HUECHAT_PLAIN_HTTP_HOSTS, entry 1, is no host: write name or name:port, such as api:3000.',
  ]),
  ...['api.example.com', '192.0.2.1:3000', '172.32.0.1', '[2001:db8::1]:80'].map(
    (value): readonly [Variables, string] => [
      { HUECHAT_PLAIN_HTTP_HOSTS: `api,${value}` },
      'HUECHAT_PLAIN_HTTP_HOSTS, entry 2, is no host of a private network: a key goes over plain HTTP only to a name without a dot or a private address.',
    ],
  ),
  [
    { HUECHAT_BASE_URL: PRODUCTION, HUECHAT_API_KEY: LIVE, HUECHAT_PLAIN_HTTP_HOSTS: 'api:3000' },
    'HUECHAT_PLAIN_HTTP_HOSTS is set, but on production no key is sent over plain HTTP: remove it.',
  ],
  ...['identifier', '=x', 'identifier='].map((value): readonly [Variables, string] => [
    { HUECHAT_PATH_VALUES: value },
    'HUECHAT_PATH_VALUES, entry 1, is not of the form parameter=value: write several joined by ;, such as server_id=localhost;zone_id=example.org.',
  ]),
  [
    { HUECHAT_PATH_VALUES: 'identifier=a;server_id=b' },
    'HUECHAT_PATH_VALUES, entry 2, names a path parameter that the contract does not have: use identifier, id.',
  ],
  [
    { HUECHAT_READ_IDS: 'no' },
    'HUECHAT_READ_IDS has a value other than off: set it to off if the run must not ask the target for ids, or remove it.',
  ],
  [
    { HUECHAT_WITHOUT: 'address-locks,scopes' },
    'HUECHAT_WITHOUT may only hold address-locks, other-environment, scoped-keys: name those that the API does not have.',
  ],
  [
    { HUECHAT_WITHOUT: 'scoped-keys', HUECHAT_SCOPED_KEYS: `contacts:read=${OTHER}` },
    'HUECHAT_SCOPED_KEYS is set, and HUECHAT_WITHOUT says that the API has no scoped keys: correct one of them.',
  ],
  [{ HUECHAT_PLAIN_HTTP_URL: 'sandbox.huechat.ai' }, `HUECHAT_PLAIN_HTTP_URL ${NO_URL}`],
  [
    { HUECHAT_PLAIN_HTTP_URL: SANDBOX },
    'HUECHAT_PLAIN_HTTP_URL is an https: address: it is where plain HTTP is tried; give an http: address.',
  ],
  ...['/nowhere.pem', 'package.json', '.'].map((value): readonly [Variables, string] => [
    { HUECHAT_CA: value },
    'HUECHAT_CA names no file that can be read as a PEM certificate: give the file of the certificate authority.',
  ]),
  [
    { HUECHAT_CLIENT_CERTIFICATE: 'package.json' },
    'HUECHAT_CLIENT_CERTIFICATE is set, and HUECHAT_CLIENT_KEY is not: a certificate and its private key belong together; set both.',
  ],
  [
    { HUECHAT_CLIENT_KEY: 'package.json' },
    'HUECHAT_CLIENT_KEY is set, and HUECHAT_CLIENT_CERTIFICATE is not: a certificate and its private key belong together; set both.',
  ],
  [
    { HUECHAT_CLIENT_CERTIFICATE: 'package.json', HUECHAT_CLIENT_KEY: '/nowhere.pem' },
    "HUECHAT_CLIENT_CERTIFICATE names no file that can be read as a PEM certificate: give the file of the client's certificate.",
    "HUECHAT_CLIENT_KEY names no file that can be read as a PEM private key: give the file of the certificate's key.",
  ],
  ...['proxy.example.com:3128', 'socks5://127.0.0.1:1080', 'http://proxy.example.com/x', 'http://%zz@proxy'].map(
    (value): readonly [Variables, string] => [
      { HUECHAT_PROXY: value },
      'HUECHAT_PROXY is not the address of a proxy: write http://host:port, with user:password@ before the host where it asks for them.',
    ],
  ),
  [
    { HUECHAT_BASE_URL: 'http://127.0.0.1:3000/v2', ...local, HUECHAT_PROXY: 'http://127.0.0.1:3128' },
    'HUECHAT_PROXY cannot be used with a base URL over plain HTTP, because a proxy rewrites plain HTTP and nothing would be proven: give an https: base URL, or remove the proxy.',
  ],
  [
    { HUECHAT_SANDBOX_WRITES: 'yes' },
    'HUECHAT_SANDBOX_WRITES has a value other than allow: set it to allow to permit writes on the sandbox, or remove it.',
  ],
  [
    { HUECHAT_BASE_URL: PRODUCTION, HUECHAT_API_KEY: LIVE, HUECHAT_SANDBOX_WRITES: 'allow' },
    'HUECHAT_SANDBOX_WRITES is set, but the suite never writes on production: remove it.',
  ],
  ...['0', '-1', '1.5', '1e3', 'many', '1234567890'].flatMap((value): (readonly [Variables, string])[] => [
    [
      { HUECHAT_BUDGET: value },
      'HUECHAT_BUDGET is neither auto nor a whole number above zero: give the largest number of requests that a run may send, or auto for as many as HUECHAT_RATE_LIMIT allows in HUECHAT_MINUTES.',
    ],
    [
      { HUECHAT_BUDGET: 'auto', HUECHAT_RATE_LIMIT: '100', HUECHAT_MINUTES: value },
      'HUECHAT_MINUTES is not a whole number above zero: give the minutes that a run may take.',
    ],
    [
      { HUECHAT_TIMEOUT: value },
      'HUECHAT_TIMEOUT is not a whole number above zero: give the seconds to wait for one response.',
    ],
  ]),
  [
    { HUECHAT_SEED: 'x' },
    'HUECHAT_SEED is not a whole number above zero: give a number that chooses the operations a budget tries each case on.',
  ],
  [
    { HUECHAT_BUDGET: 'auto' },
    'HUECHAT_BUDGET is auto, but the rate limit of the target is not known: set HUECHAT_RATE_LIMIT.',
  ],
  [
    { HUECHAT_BUDGET: 'auto', HUECHAT_RATE_LIMIT: 'x' },
    'HUECHAT_RATE_LIMIT is not a whole number above zero: give the requests that the target allows a minute.',
  ],
  [
    { HUECHAT_BUDGET: '400', HUECHAT_MINUTES: '4' },
    'HUECHAT_MINUTES is used only with HUECHAT_BUDGET=auto: set HUECHAT_BUDGET=auto too, or remove HUECHAT_MINUTES.',
  ],
  [
    { HUECHAT_TEST_PER: 'rule' },
    'HUECHAT_TEST_PER is neither cell nor operation: set it to one of them, or remove it.',
  ],
  [
    { HUECHAT_RATE_LIMIT: 'x' },
    'HUECHAT_RATE_LIMIT is not a whole number above zero: give the requests that the target allows a minute.',
  ],
  ...['shoulds', 'should,all', 'SHOULD'].map((value): readonly [Variables, string] => [
    { HUECHAT_STRICT: value },
    'HUECHAT_STRICT may only hold should, proven or both: set it to should, to proven or to should,proven.',
  ]),
];

for (const [change, ...sentences] of problems) {
  const title = Object.entries(change).map(([name, value]) => `${name}=${value ?? ''}`);

  test(`${title.join(' ')} is a problem`, async () => {
    expect(problemsOf(await huechat(), { ...enough, ...change })).toEqual(sentences);
  });
}

test('the budget auto has as many requests as the target allows in the minutes given, or in five', async () => {
  const contract = await huechat();
  const budgetOf = (change: Variables): number | undefined =>
    readTarget(contract, { ...enough, HUECHAT_BUDGET: ' auto ', HUECHAT_RATE_LIMIT: '100', ...change }).run.budget;
  expect(budgetOf({ HUECHAT_MINUTES: '4' })).toBe(400);
  expect(budgetOf({})).toBe(500);
});

test('a certificate of the client is read with the key that belongs to it, and the key stays closed', async ({}, info) => {
  const { certificateOf } = await authority();
  const [one, other] = await Promise.all([certificateOf('trusted'), certificateOf('another-host')]);
  const write = (name: string, text: string): string => {
    const file = info.outputPath(name);
    writeFileSync(file, text);
    return file;
  };
  const contract = await huechat();
  const certificate = write('cert.pem', one.cert);
  const variables = {
    ...enough,
    HUECHAT_CLIENT_CERTIFICATE: certificate,
    HUECHAT_CLIENT_KEY: write('key.pem', one.key),
  };
  const target = readTarget(contract, variables);
  expect(target.certificate?.cert).toBe(one.cert);
  expect(reveal(target.certificate?.key ?? target.keys.full)).toBe(one.key);
  expect(inspect(target, { depth: 9 })).not.toContain('PRIVATE KEY');
  expect(problemsOf(contract, { ...variables, HUECHAT_CLIENT_KEY: write('other.pem', other.key) })).toEqual([
    'HUECHAT_CLIENT_KEY is not the key of the certificate of HUECHAT_CLIENT_CERTIFICATE: give the two that belong together.',
  ]);
  const locked = createPrivateKey(one.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  });
  expect(problemsOf(contract, { ...variables, HUECHAT_CLIENT_KEY: write('locked.pem', String(locked)) })).toEqual([
    'HUECHAT_CLIENT_KEY names a private key with a passphrase, and the run cannot ask for the passphrase: give a key without one.',
  ]);
});

test('user and password of a proxy are read, and the password stays closed', async () => {
  const { proxy } = readTarget(await huechat(), {
    ...enough,
    HUECHAT_PROXY: 'http://suite:p%40ss@proxy.example.com:3128',
  });
  expect(proxy).toMatchObject({ url: 'http://proxy.example.com:3128', user: 'suite' });
  expect(reveal(proxy?.password ?? readTarget(await huechat(), enough).keys.full)).toBe('p@ss');
  expect(JSON.stringify(proxy)).not.toContain('p@ss');
});

test('every problem is said at once, in the order of the documentation, and no value with it', async () => {
  const contract = await huechat();
  const variables = {
    HUECHAT_BASE_URL: 'http://192.0.2.1/v2?x',
    HUECHAT_ENVIRONMENT: 'moon',
    HUECHAT_CA: '/nowhere.pem',
    HUECHAT_STRICT: 'very',
    HUECHAT_SANDBOX_WRITES: 'yes',
  };
  const found = problemsOf(contract, variables);
  expect(found.map((problem) => problem.split(/[ ,]/)[0])).toEqual([
    'HUECHAT_BASE_URL',
    'HUECHAT_BASE_URL',
    'HUECHAT_ENVIRONMENT',
    'HUECHAT_API_KEY',
    'HUECHAT_CA',
    'HUECHAT_STRICT',
    'HUECHAT_SANDBOX_WRITES',
  ]);
  expect(() => readTarget(contract, variables)).toThrow(
    `7 settings need a correction:\n${found.map((problem) => `  - ${problem}`).join('\n')}`,
  );
  for (const value of ['192.0.2.1', 'moon', '/nowhere.pem', 'very', 'yes'])
    expect(found.join('\n')).not.toContain(value);
});

test('a single problem is the whole message', async () => {
  const contract = await huechat();
  expect(() => readTarget(contract, { ...enough, HUECHAT_BASE_URL: undefined })).toThrow(
    new ConfigurationError([NOT_SET]),
  );
  expect(new ConfigurationError([NOT_SET]).message).toBe(NOT_SET);
});

test('the least that a run needs makes a target of the sandbox', async () => {
  const target = readTarget(await huechat(), { ...enough, HUECHAT_BASE_URL: `${SANDBOX}//` });
  expect(target).toMatchObject({
    baseUrl: SANDBOX,
    environment: 'sandbox',
    kind: { name: 'test', prefix: 'sk_test_' },
    plainHttpUrl: 'http://sandbox.huechat.ai/v2',
    liveKeyHosts: ['api.huechat.ai'],
    policy: { production: false, allowWrites: false },
    keys: { scoped: [] },
    run: { timeout: 15_000, strict: new Set() },
  });
  expect(reveal(target.keys.full)).toBe(TEST);
  expect(Object.keys(target.keys).toSorted()).toEqual(['full', 'others', 'scoped']);
});

test('everything that can be set is read', async ({}, info) => {
  const caFile = info.outputPath('ca.pem');
  const { ca } = await authority();
  writeFileSync(caFile, ca);
  const target = readTarget(await huechat(), {
    HUECHAT_BASE_URL: 'https://127.0.0.1:8443/base/',
    HUECHAT_ENVIRONMENT: 'production',
    HUECHAT_API_KEY: LIVE,
    HUECHAT_OTHER_ENVIRONMENT_KEY: TEST,
    HUECHAT_OTHER_ACCOUNT_KEY: `${LIVE}a`,
    HUECHAT_REVOKED_KEY: `${LIVE}r`,
    HUECHAT_IP_LOCKED_KEY: `${LIVE}l`,
    HUECHAT_IP_LOCKED_KEY_ADDRESS: '2001:db8::7',
    HUECHAT_SCOPED_KEYS: ` contacts:read = ${LIVE}=== ; contacts:write+channels:read=${LIVE}w;`.replace(' = ', '='),
    HUECHAT_PLAIN_HTTP_URL: 'http://127.0.0.1:8080/base/',
    HUECHAT_CA: caFile,
    HUECHAT_LIVE_KEY_HOSTS: '127.0.0.1:8443, staging.example.com',
    HUECHAT_STRICT: 'proven, should',
    HUECHAT_BUDGET: '100',
    HUECHAT_SEED: '7',
    HUECHAT_RATE_LIMIT: '600',
    HUECHAT_TIMEOUT: '3',
    HUECHAT_TEST_PER: 'operation',
    HUECHAT_REPORTS: 'junit, html',
    HUECHAT_PATH_VALUES: ' id=a=b ; identifier=+1 2;',
    HUECHAT_READ_IDS: 'off',
  });
  expect(target).toMatchObject({
    baseUrl: 'https://127.0.0.1:8443/base',
    environment: 'production',
    kind: { name: 'live' },
    plainHttpUrl: 'http://127.0.0.1:8080/base',
    ca,
    liveKeyHosts: ['api.huechat.ai', '127.0.0.1:8443', 'staging.example.com'],
    policy: { production: true, allowWrites: false },
    pathValues: { given: { id: 'a=b', identifier: '+1 2' }, read: {} },
    readsIds: false,
    without: {},
    keys: { ipLockedAddress: '2001:db8::7' },
    run: {
      ...{ budget: 100, seed: 7, requestsPerMinute: 600, timeout: 3000, testPer: 'operation' },
      strict: new Set(['should', 'proven']),
      reports: new Set(['html', 'junit']),
    },
  });
  const { keys } = target;
  const single = [keys.full, keys.otherEnvironment, keys.otherAccount, keys.revoked, keys.ipLocked];
  expect(single.map((key) => key && reveal(key))).toEqual([LIVE, TEST, `${LIVE}a`, `${LIVE}r`, `${LIVE}l`]);
  expect(keys.scoped.map(({ scopes, secret }) => [[...scopes], reveal(secret), secret.name, secret.shell])).toEqual([
    [['contacts:read'], `${LIVE}===`, 'HUECHAT_SCOPED_KEYS contacts:read', '$HUECHAT_SCOPED_KEY_CONTACTS_READ'],
    [
      ['contacts:write', 'channels:read'],
      `${LIVE}w`,
      'HUECHAT_SCOPED_KEYS contacts:write+channels:read',
      '$HUECHAT_SCOPED_KEY_CONTACTS_WRITE_AND_CHANNELS_READ',
    ],
  ]);
  for (const shown of [JSON.stringify(target), inspect(target, { depth: 9, showHidden: true }), String(keys.full)]) {
    expect(shown).toContain('«HUECHAT_API_KEY»');
    for (const key of [LIVE, TEST]) expect(shown).not.toContain(key.slice(-10));
  }
});

test('writes are allowed on the sandbox only', async () => {
  const { policy } = readTarget(await huechat(), { ...enough, HUECHAT_SANDBOX_WRITES: 'allow' });
  expect(policy).toEqual({ production: false, allowWrites: true });
});

for (const url of [
  'http://localhost:8080/v2',
  'http://127.0.0.1/v2',
  'http://127.1.2.3:1/v2',
  'http://[::1]:8080/v2',
]) {
  test(`${url} is an address of this machine, where plain HTTP is the target itself`, async () => {
    const target = readTarget(await huechat(), { ...enough, ...local, HUECHAT_BASE_URL: url });
    expect(target.baseUrl).toBe(url);
    expect(target.plainHttpUrl).toBeUndefined();
  });
}

for (const host of ['api:3000', 'API:3000', '10.1.2.3', '192.168.0.7:8080', '[fd00::1]:3000', 'api.internal']) {
  test(`${host} may be asked over plain HTTP where a setting names it`, async () => {
    const url = `http://${host}/v2`;
    const variables = { ...enough, ...local, HUECHAT_BASE_URL: url, HUECHAT_PLAIN_HTTP_HOSTS: `db, ${host}` };
    const target = readTarget(await huechat(), variables);
    expect(target.baseUrl).toBe(url.toLowerCase());
    expect(target.plainHttpHosts).toContain(host.toLowerCase());
  });
}

test('what the API does not have is said by a setting or by the contract', async () => {
  const contract = await huechat();
  const { without } = readTarget(
    { ...contract, without: ['other-environment'] },
    { ...enough, HUECHAT_WITHOUT: 'address-locks, scoped-keys' },
  );
  expect(without).toEqual({
    'address-locks': 'HUECHAT_WITHOUT',
    'other-environment': 'x-authentication/without',
    'scoped-keys': 'HUECHAT_WITHOUT',
  });
});
