import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import { expect, test, type TestInfo } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { preflight } from '../../src/run/preflight.ts';
import { type CommandLine, conformance, EVERY_REPORTER } from '../support/command-line.ts';
import { disguises } from '../support/disguises.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { KeySearch } from '../support/key-search.ts';
import { answerOf, record } from '../support/recorder.ts';

/** No two have eight characters in common, and none has them in common with anything else. */
const HIDDEN = {
  full: 'Fq0aB1cD2eF3gH4iJ5kL6mN7oP8qR9',
  other: 'Oz9yX8wV7uT6sR5qP4oN3mL2kJ1iH0',
  account: 'Ac5eG1iK7mO3qS9uW2yA8cE4gI0kM6',
  revoked: 'Rv1bD3fH5jL7nP9rT2vX4zB6dF8hJ0',
  locked: 'Lk7mQ1wE9rT3yU5iO2pA8sD4fG6hJx',
  reader: 'Sr2cZ6vB1nM8aS4dF0gH9jK3lQ7wEy',
  stranger: 'Sw5tG8bN3hY7uJ1mK6iL9oP2zX4cVq',
};
const FULL = `sk_test_${HIDDEN.full}`;
const KEYS = {
  HUECHAT_API_KEY: FULL,
  HUECHAT_OTHER_ENVIRONMENT_KEY: `sk_live_${HIDDEN.other}`,
  HUECHAT_OTHER_ACCOUNT_KEY: `sk_test_${HIDDEN.account}`,
  HUECHAT_REVOKED_KEY: `sk_test_${HIDDEN.revoked}`,
  HUECHAT_IP_LOCKED_KEY: `sk_test_${HIDDEN.locked}`,
  HUECHAT_IP_LOCKED_KEY_ADDRESS: '203.0.113.7',
  HUECHAT_SCOPED_KEYS: `contacts:read=sk_test_${HIDDEN.reader};channels:read=sk_test_${HIDDEN.stranger}`,
};

const search = new KeySearch(Object.values(HIDDEN));

test.describe.configure({ timeout: 120_000 });

/** The command line with every reporter on; what it prints is kept beside what it writes. */
function run(info: TestInfo, variables: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandLine> {
  return conformance({
    variables: { ...KEYS, HUECHAT_ENVIRONMENT: 'sandbox', HUECHAT_TIMEOUT: '1', ...variables },
    args: [...EVERY_REPORTER, ...args],
    folder: info.outputPath(),
  });
}

async function expectNoKey({ out, err, reports, temporary }: CommandLine): Promise<void> {
  expect(await search.find(out, 'stdout')).toEqual([]);
  expect(await search.find(err, 'stderr')).toEqual([]);
  expect(await search.findIn(temporary)).toEqual([]);
  if (existsSync(reports)) expect(await search.findIn(reports)).toEqual([]);
}

interface Failure {
  readonly title: string;
  /** Starts a target that fails, and says where it is. */
  readonly target: () => Promise<{ readonly variables: Record<string, string>; readonly close: () => Promise<void> }>;
  readonly said: RegExp;
}

/** Nothing listens at the port of `discard` (RFC 863). One that was free a moment ago another test may have by now. */
const closedPort: Failure['target'] = () =>
  Promise.resolve({ variables: { HUECHAT_BASE_URL: 'https://127.0.0.1:9/v2' }, close: () => Promise.resolve() });

/** What a target may do to the preflight. Those that repeat a key are tried on the command line, with every reporter. */
const silent: readonly Failure[] = [
  { title: 'nothing listens', target: closedPort, said: /cannot be judged \(ECONNREFUSED\)/ },
  {
    title: 'every connection is reset',
    target: () => served((_, socket) => void socket.resetAndDestroy()),
    said: /cannot be judged \(ECONNRESET|UND_ERR_SOCKET\)/,
  },
  {
    title: 'no answer ever comes',
    target: () => served(() => undefined),
    said: /cannot be judged \(TimeoutError\): it does not answer in time/,
  },
  {
    title: 'the certificate is not trusted',
    target: async () => {
      const mock = await startMock({ ...mockOf(await huechat()), defect: { id: 'untrusted-certificate' } });
      const { HUECHAT_BASE_URL = '', HUECHAT_CA = '' } = mock.settings('sandbox');
      return { variables: { HUECHAT_BASE_URL, HUECHAT_CA }, close: mock.close };
    },
    said: /cannot be judged \(.*\): its certificate cannot be verified/,
  },
];

const repeating: readonly Failure[] = [
  {
    title: 'the answer is no HTTP and repeats the request',
    target: () => served((head) => `${head}\r\n\r\n`),
    said: /cannot be judged \(HTTPParserError\): it does not answer as an HTTP server/,
  },
  {
    title: 'every key is refused, and repeated',
    target: () => served((head) => answerOf(401, echoed(head), ...echoLines(head))),
    said: /HUECHAT_API_KEY is accepted by no operation/,
  },
];

for (const { title, target, said } of [...silent, ...repeating])
  test(`what the preflight says holds no key where ${title}`, async () => {
    const contract = await huechat();
    const { variables, close } = await target();
    const read = readTarget(contract, { ...KEYS, HUECHAT_ENVIRONMENT: 'sandbox', ...variables });
    const { problems } = await preflight(contract, read, { timeout: 1000, tries: 2, backoff: 1 }).finally(close);
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(said)]));
    for (const problem of problems) expect(await search.find(problem)).toEqual([]);
  });

for (const { title, target, said } of repeating)
  test(`no report holds a key where ${title}`, async ({}, info) => {
    const { variables, close } = await target();
    const ran = await run(info, variables).finally(close);
    expect(ran.err).toMatch(said);
    expect(ran.code).toBe(2);
    await expectNoKey(ran);
  });

test('no key leaks where answers repeat the request in every way, break off or never come', async ({}, info) => {
  const seen = new Set<string>();
  const scoped = [HIDDEN.reader, HIDDEN.stranger];
  let controls = 0;
  const { variables, close } = await served((head, socket) => {
    if (head.includes(HIDDEN.revoked)) return undefined;
    if (head.includes(HIDDEN.locked)) {
      socket.resetAndDestroy();
      return undefined;
    }
    // A path that is no operation is answered otherwise, or no operation would count as reached.
    if (!/^\S+ \/+v2\/+(contacts|conversations)/.test(head)) return answerOf(404, echoed(head), ...echoLines(head));
    const isFull = new RegExp(`: ${FULL}$`, 'm').test(head);
    // The control is answered once, and not when it is asked again: then what broke off is an error and no finding.
    if (head.startsWith('GET /v2/conversations') && head.includes('(valid-key;') && controls++ > 0) {
      socket.resetAndDestroy();
      return undefined;
    }
    if (!isFull && head.startsWith('GET /v2/conversations')) return brokenAnswer(head);
    for (const word of words(head)) seen.add(word);
    const status = isFull || head.includes('Bearer') ? 200 : scoped.some((part) => head.includes(part)) ? 403 : 401;
    return answerOf(status, echoed(head), ...echoLines(head));
  });
  const ran = await run(
    info,
    { ...variables, HUECHAT_LIVE_KEY_HOSTS: new URL(variables.HUECHAT_BASE_URL).host },
    '-g',
    // Of every sort of outcome a few: each failed test costs the runner a worker.
    'GET /contacts (invalid-key|no-key-echo|insufficient-scope|revoked-key|address-lock)|GET /conversations invalid-key',
  );
  await close();
  expect(ran.err).toBe('');
  expect(ran.code).toBe(1);
  const { counts, cells } = JSON.parse(readFileSync(join(ran.reports, 'conformance.json'), 'utf8')) as Conformance;
  expect(counts).toMatchObject({ violates: 4, deviates: 1, notProven: 1 });
  expect(cells.flatMap(({ cases }) => cases).map(({ outcome }) => outcome)).toContain('error');
  // What was repeated: the keys and what became of them.
  const text = [...seen].join('\n');
  for (const part of [FULL, FULL.slice(0, -1), `${FULL}x`, `sk_live_${HIDDEN.other}`, `sk_live_${HIDDEN.full}`])
    expect(seen, text).toContain(part);
  await expectNoKey(ran);
});

test('no key leaks where it was put into the wrong variable', async ({}, info) => {
  const wrong = await run(info, {
    HUECHAT_BASE_URL: `https://${FULL}@127.0.0.1/v2`,
    HUECHAT_ENVIRONMENT: FULL,
    HUECHAT_API_KEY: `${FULL} `.replace('gH', 'g H'),
    HUECHAT_OTHER_ENVIRONMENT_KEY: FULL,
    HUECHAT_REVOKED_KEY: `sk_test_${HIDDEN.revoked}\n`,
    HUECHAT_IP_LOCKED_KEY: HIDDEN.locked,
    HUECHAT_IP_LOCKED_KEY_ADDRESS: FULL,
    HUECHAT_SCOPED_KEYS: `${FULL}=contacts:read;${FULL};contacts:read=${HIDDEN.reader}`,
    HUECHAT_PLAIN_HTTP_URL: FULL,
    HUECHAT_CA: FULL,
    HUECHAT_LIVE_KEY_HOSTS: FULL,
    HUECHAT_SANDBOX_WRITES: FULL,
    HUECHAT_BUDGET: FULL,
    HUECHAT_SEED: FULL,
    HUECHAT_STRICT: FULL,
    HUECHAT_RATE_LIMIT: FULL,
    HUECHAT_TIMEOUT: FULL,
  });
  expect(wrong.code).toBe(2);
  const said = new Set(wrong.err.match(/HUECHAT_\w+/g));
  expect([...said].toSorted()).toEqual([
    'HUECHAT_API_KEY',
    'HUECHAT_BASE_URL',
    'HUECHAT_BUDGET',
    'HUECHAT_CA',
    'HUECHAT_ENVIRONMENT',
    'HUECHAT_IP_LOCKED_KEY_ADDRESS',
    // Named by the sentence about the budget.
    'HUECHAT_MINUTES',
    'HUECHAT_PLAIN_HTTP_URL',
    'HUECHAT_RATE_LIMIT',
    'HUECHAT_REVOKED_KEY',
    'HUECHAT_SANDBOX_WRITES',
    'HUECHAT_SCOPED_KEYS',
    'HUECHAT_SEED',
    'HUECHAT_STRICT',
    'HUECHAT_TIMEOUT',
  ]);
  await expectNoKey(wrong);
});

test('the search finds a key in whatever a report keeps it in', async ({}, info) => {
  expect(await search.find('nothing of a key', 'text')).toEqual([]);
  for (const [title, disguise] of Object.entries(disguises))
    expect(await search.find(`before ${disguise(FULL)} after`), title).not.toEqual([]);

  // The runner's own reports, made to hold a key: a report in JSON, an archive, and an archive inside of a page.
  const ran = await conformance({
    variables: { LEAKING_KEY: FULL },
    args: ['--config', 'selftest/support/leaking/playwright.config.ts'],
    folder: info.outputPath(),
  });
  const found = await search.findIn(ran.reports);
  for (const place of [
    /^junit\.xml: plain: /,
    /^playwright\.json: escaped for JSON: /,
    /^test-results\/.*\.md: plain: /,
    /^allure-results\/.*-result\.json: plain: /,
    /^allure-results\/.*\.txt: encoded: plain: /,
    /^allure-results\/.*\.zip > inner\.txt: plain: /,
    /^html\/index\.html > base64 > .*\.json: plain: /,
    /^html\/data\/.*\.md: plain: /,
    /^html\/data\/.*\.zip > inner\.txt: plain: /,
    /^blob\/report\.zip > report\.jsonl: plain: /,
    /^blob\/report\.zip > report\.jsonl > base64 > inner\.txt: plain: /,
    /^blob\/report\.zip > resources\/.*: plain: /,
  ])
    expect(found, String(place)).toContainEqual(expect.stringMatching(place));
  expect(await search.find(ran.out, 'stdout')).not.toEqual([]);
});

async function served(
  respond: Parameters<typeof record>[0],
): Promise<{ variables: { HUECHAT_BASE_URL: string }; close: () => Promise<void> }> {
  const recorder = await record(respond);
  return { variables: { HUECHAT_BASE_URL: `http://127.0.0.1:${recorder.port}/v2` }, close: recorder.close };
}

/** Everything in a request that may be a key. */
function words(head: string): string[] {
  return head.split(/[\s?&=;"]+/).filter((word) => /^(?=.*\d).{12,80}$/.test(word) && !word.startsWith('127.'));
}

/** Some of the disguises, others for each request, of each of its words. */
function disguised(head: string): string[] {
  const all = Object.values(disguises);
  const first = crc32(head) % all.length;
  const some = [...all, ...all].slice(first, first + 5);
  return words(head).flatMap((word) => some.map((disguise) => disguise(word)));
}

function echoed(head: string): string {
  const details = { required_permission: head, repeated: disguised(head) };
  return utf8(JSON.stringify({ error: 'unauthorized', message: head, code: head, details }));
}

function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function echoLines(head: string): string[] {
  const safe = (text: string): string => text.replace(/[^\x20-\x7e]/g, '');
  return [
    ...words(head).map((word) => `Location: https://127.0.0.1/?key=${safe(encodeURIComponent(word))}`),
    ...words(head).map((word) => `X-${word.replace(/[^\w-]/g, '')}: 1`),
    ...disguised(head).map((text, index) => `X-Echo-${index}: ${safe(text)}`),
  ];
}

/** Answers that break off or are none, by what the request says. */
function brokenAnswer(head: string): string {
  const broken = [
    `HTTP/1.1 200 ${words(head).join(' ')}\r\nContent-Length: 5\r\n\r\nToo long ${head}`,
    `HTTP/9.9 ${words(head).join(' ')}\r\n\r\n`,
    `HTTP/1.1 401 No\r\nContent-Length: 5\r\nContent-Length: 6\r\nX-Key: ${words(head).join(' ')}\r\n\r\n`,
    `HTTP/1.1 401 No\r\nX-Key: ${words(head).join(' ').padEnd(70_000, 'x')}\r\n\r\n`,
    answerOf(401, gzipSync(echoed(head)).toString('latin1'), 'Content-Encoding: gzip'),
    answerOf(401, echoed(head), 'Content-Encoding: gzip'),
  ];
  return broken[crc32(head) % broken.length] ?? '';
}
