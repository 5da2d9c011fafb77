import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { type MockOptions, startMock } from '../../mock/start.ts';
import { preflight, type Preflight } from '../../src/run/preflight.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { SenderOptions } from '../../src/http/sender.ts';
import { contractOfDocument } from '../support/contract-of-document.ts';
import { answerOf, record } from '../support/recorder.ts';
import { conformance } from '../support/command-line.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { small } from '../support/strange-documents.ts';
import { intercept, type Meddle } from '../support/interceptor.ts';

const UNKNOWN_KEY = 'sk_test_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT';

interface Asked extends Omit<MockOptions, 'document' | 'name'> {
  readonly meddle?: Meddle;
  /** Changes the variables of the target. */
  readonly variables?: (settings: Readonly<Record<string, string>>) => Record<string, string>;
  readonly wire?: Partial<SenderOptions>;
}

async function ask({ meddle, variables = () => ({}), wire = {}, ...options }: Asked): Promise<Preflight> {
  const contract = await huechat();
  const mock = await startMock({ ...mockOf(contract), ...options });
  const interceptor = meddle && (await intercept(mock, { meddle }));
  try {
    const settings = interceptor?.settings ?? mock.settings('sandbox');
    const target = readTarget(contract, { ...settings, ...variables(settings) });
    return await preflight(contract, target, { backoff: 1, timeout: 2000, ...wire });
  } finally {
    await interceptor?.close();
    await mock.close();
  }
}

function badly(answer: (socket: Socket) => void): Meddle {
  return (_, socket) => {
    answer(socket);
    return 'answered';
  };
}

const answered = (text: string): Meddle => badly((socket) => socket.write(text));

test('a sound target passes', async () => {
  const { problems, requests } = await ask({});
  expect(problems).toEqual([]);
  expect(requests).toBeGreaterThan(1);
});

interface Fault extends Asked {
  readonly says: RegExp;
}

test('the key of another account passes where it is accepted', async () => {
  expect((await ask({ variant: 'two-accounts' })).problems).toEqual([]);
});

const faults: Readonly<Record<string, Fault>> = {
  'the key of another account is accepted nowhere': {
    variables: () => ({ HUECHAT_OTHER_ACCOUNT_KEY: UNKNOWN_KEY }),
    says: /^HUECHAT_OTHER_ACCOUNT_KEY is accepted by no readable operation \(status 401\): give a full-access key of another account of sandbox that is in use, or remove it\.$/,
  },
  'nobody listens': {
    variables: () => ({ HUECHAT_BASE_URL: 'https://127.0.0.1:9/v2' }),
    says: /^https:\/\/127\.0\.0\.1:9\/v2 cannot be judged \(ECONNREFUSED\): nothing listens there: start the target, or correct HUECHAT_BASE_URL\.$/,
  },
  'no answer in time': {
    meddle: badly(() => undefined),
    wire: { timeout: 100 },
    says: /cannot be judged \(TimeoutError\): it does not answer in time: check the network, or correct HUECHAT_BASE_URL\.$/,
  },
  'a connection that breaks': {
    meddle: badly((socket) => socket.resetAndDestroy()),
    says: /cannot be judged \(ECONNRESET\): it does not answer as an HTTP server\.$/,
  },
  'another protocol': {
    meddle: answered('SSH-2.0-OpenSSH_9.6\r\n'),
    says: /cannot be judged \(\w+\): it does not answer as an HTTP server\.$/,
  },
  'a certificate of an authority that nobody trusts': {
    defect: { id: 'untrusted-certificate' },
    says: /cannot be judged \(\w+\): its certificate cannot be verified: renew it, or name its certificate authority in HUECHAT_CA\.$/,
  },
  'a certificate for another host': {
    defect: { id: 'certificate-for-another-host' },
    says: /cannot be judged \(ERR_TLS_CERT_ALTNAME_INVALID\): its certificate cannot be verified: renew it, or name its certificate authority in HUECHAT_CA\.$/,
  },
  'a target that is down': {
    meddle: answered('HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n'),
    says: /cannot be judged \(status 503 in 3 tries\): it says that it is unavailable: try again later\.$/,
  },
  'a rate limit that is used up': {
    meddle: answered('HTTP/1.1 429 Slow\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n'),
    says: /cannot be judged \(429 after 6 waits\): its rate limit is used up: try again later\.$/,
  },
  'a full-access key that opens nothing': {
    variables: () => ({ HUECHAT_API_KEY: UNKNOWN_KEY }),
    says: /^HUECHAT_API_KEY is accepted by no operation of https:\S+ \(status 401\): give a full-access key of sandbox\.$/,
  },
  'a full-access key without any permission': {
    variables: ({ HUECHAT_SCOPED_KEYS = '' }) => ({
      HUECHAT_API_KEY: /webhooks:manage=([^;]+)/.exec(HUECHAT_SCOPED_KEYS)?.[1] ?? '',
      HUECHAT_SCOPED_KEYS: '',
    }),
    says: /^HUECHAT_API_KEY is accepted by no operation of https:\S+ \(status 403\): give a full-access key of sandbox\.$/,
  },
  'a full-access key that has one scope': {
    variables: ({ HUECHAT_SCOPED_KEYS = '' }) => ({
      HUECHAT_API_KEY: /contacts:read=([^;]+)/.exec(HUECHAT_SCOPED_KEYS)?.[1] ?? '',
      HUECHAT_SCOPED_KEYS: '',
    }),
    says: /^HUECHAT_API_KEY does not have full access: every readable operation that asks for (?!.*contacts:read).*conversations:read.* forbids it \(status 403\); give a key with full access\.$/,
  },
  'a base URL without its last part': {
    variables: ({ HUECHAT_BASE_URL = '' }) => ({ HUECHAT_BASE_URL: HUECHAT_BASE_URL.replace(/\/v2$/, '') }),
    says: /^(\d+) of \1 readable operations give the full-access key the same response as a path that does not exist \(status 404\): .*correct HUECHAT_BASE_URL\.$/,
  },
  'a base URL of another version': {
    variables: ({ HUECHAT_BASE_URL = '' }) => ({ HUECHAT_BASE_URL: HUECHAT_BASE_URL.replace(/\/v2$/, '/v3') }),
    says: /^(\d+) of \1 readable operations give the full-access key the same response as a path that does not exist \(status 404\): .*correct HUECHAT_BASE_URL\.$/,
  },
  'an API that has moved to another host': {
    meddle: ({ target }, socket) => {
      socket.write(`HTTP/1.1 308 Moved\r\nLocation: https://api.example.com${target}\r\nContent-Length: 0\r\n\r\n`);
      return 'answered';
    },
    says: /^http:\S+\/v2 only redirects \(status 308 from http:\S+\/v2(\/\S*) to https:\/\/api\.example\.com\/v2\1\), and a redirect proves nothing about a key: set HUECHAT_BASE_URL to https:\/\/api\.example\.com\/v2\.$/,
  },
  'a page to sign in, to which every request is led': {
    meddle: answered('HTTP/1.1 302 Found\r\nLocation: /login?next=x\r\nContent-Length: 0\r\n\r\n'),
    says: /only redirects \(status 302 from \S+ to http:\/\/127\.0\.0\.1:\d+\/login\), .*: correct HUECHAT_BASE_URL\.$/,
  },
  'https: to a port that speaks plain HTTP': {
    variables: ({ HUECHAT_PLAIN_HTTP_URL = '' }) => ({
      HUECHAT_BASE_URL: HUECHAT_PLAIN_HTTP_URL.replace('http:', 'https:'),
    }),
    says: /cannot be judged \(ERR_SSL_\w+\): its port does not use TLS: correct the port in HUECHAT_BASE_URL, or write http: where the target is on this machine\.$/,
  },
  'http: to a port that speaks TLS': {
    variables: ({ HUECHAT_BASE_URL = '' }) => ({ HUECHAT_BASE_URL: HUECHAT_BASE_URL.replace('https:', 'http:') }),
    says: /^http:\S+ cannot be judged \([\w ]+\): its port uses TLS; write https: in HUECHAT_BASE_URL\.$/,
  },
  'a scoped key that is invalid': {
    variables: () => ({ HUECHAT_SCOPED_KEYS: `contacts:read=${UNKNOWN_KEY}` }),
    says: /^HUECHAT_SCOPED_KEYS: the key for contacts:read is refused as invalid by GET \/contacts, .*: give a key that is in use and has that scope\.$/,
  },
};

for (const [name, { says, ...asked }] of Object.entries(faults)) {
  test(`one sentence says what to do about ${name}`, async () => {
    const found = await ask(asked);
    expect(found.problems).toEqual([expect.stringMatching(says)]);
    expect(found.problems.join()).not.toContain(UNKNOWN_KEY);
  });
}

test.describe('a security scheme that opens nothing', () => {
  test('is one sentence where operations take nothing else', async () => {
    expect(await schemesAsked([{ admin: [] }])).toEqual([
      'the security scheme admin opens nothing: all 2 operations that take it refuse the credential of API_KEY_ADMIN (status 401), so operations that accept no other scheme cannot be judged: give a credential that is in use, or correct the scheme in the contract.',
    ]);
  });

  test('is for the rules where every operation takes another one as well', async () => {
    expect(await schemesAsked([{ key: [] }, { admin: [] }])).toEqual([]);
  });
});

/** An API whose key is good and whose other credential is not. */
async function schemesAsked(security: readonly object[]): Promise<readonly string[]> {
  const good = 'abcdefghijklmnopqrstuvwxyz0123';
  const recorder = await record((head) => {
    if (/ \/conformance/.test(head)) return answerOf(404);
    return head.includes(`X-API-Key: ${good}`) ? answerOf(200, '{}') : answerOf(401);
  });
  const get = (own?: readonly object[]): object => ({
    get: { ...(own && { security: own }), responses: { '200': { description: 'Success' } } },
  });
  const contract = await contractOfDocument(test.info().outputPath('openapi.json'), {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    security: [{ key: [] }],
    components: {
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        admin: { type: 'apiKey', in: 'header', name: 'X-Admin' },
      },
    },
    paths: { '/things': get(), '/others': get(), '/users': get(security), '/logs': get(security) },
  });
  try {
    const target = readTarget(contract, {
      API_BASE_URL: `http://127.0.0.1:${recorder.port}`,
      API_ENVIRONMENT: 'sandbox',
      API_API_KEY: good,
      API_KEY_ADMIN: 'zyxwvutsrqponmlkjihgfedcba9876',
    });
    return (await preflight(contract, target, { tries: 1 })).problems;
  } finally {
    await recorder.close();
  }
}

test('each scoped key that is invalid has its sentence', async () => {
  const { problems: found } = await ask({
    variables: () => ({ HUECHAT_SCOPED_KEYS: `contacts:read=${UNKNOWN_KEY};conversations:read=${UNKNOWN_KEY}x` }),
  });
  expect(found).toHaveLength(2);
});

test('a fault that passes on the second try is none', async () => {
  let isFirst = true;
  const { problems: found } = await ask({
    meddle: (_, socket) => {
      if (!isFirst) return 'pass';
      isFirst = false;
      socket.resetAndDestroy();
      return 'answered';
    },
  });
  expect(found).toEqual([]);
});

test('a wait for the rate limit is announced', async () => {
  const announced: string[] = [];
  let isFirst = true;
  const { problems: found } = await ask({
    wire: { announce: (message) => announced.push(message) },
    meddle: (_, socket) => {
      if (!isFirst) return 'pass';
      isFirst = false;
      socket.write('HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n');
      return 'answered';
    },
  });
  expect(found).toEqual([]);
  expect(announced).toEqual(['waiting 1.0 s: the target answered 429']);
});

test('a certificate that does not verify is one message on the command line, and there is no matrix', async ({}, info) => {
  test.setTimeout(120_000);
  const mock = await startMock({ ...mockOf(await huechat()), defect: { id: 'untrusted-certificate' } });
  try {
    const ran = await conformance({ variables: mock.settings('sandbox'), folder: info.outputPath() });
    expect(ran.code).toBe(2);
    expect(ran.err.trim().split('\n')).toEqual([expect.stringMatching(/its certificate cannot be verified/)]);
    expect(ran.out).not.toMatch(/missing-key|verdict/);
    expect(existsSync(join(ran.reports, 'conformance.json'))).toBe(false);
    expect(mock.requestCount).toBe(0);
  } finally {
    await mock.close();
  }
});

test('an API that nothing can be asked of without effect is tried with valid requests where they are allowed', async ({}, info) => {
  const responses = { '200': { description: 'Where it is' }, '401': { description: 'No' } };
  const document = small({ paths: { '/locate': { post: { responses } } } });
  const contract = await contractOfDocument(info.outputPath('acme.json'), document);
  const mock = await startMock({ document, name: 'api' });
  const problemsWith = async (variables: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const target = readTarget(contract, { ...mock.settings('sandbox'), ...variables });
    return (await preflight(contract, target, { backoff: 1, timeout: 2000 })).problems;
  };
  expect(await problemsWith({})).toEqual([
    'no operation of the contract can be tried with the full-access key without a possible change on the target: judge a sandbox, and set API_SANDBOX_WRITES=allow.',
  ]);
  expect(await problemsWith({ API_SANDBOX_WRITES: 'allow' })).toEqual([]);
  await mock.close();
});
