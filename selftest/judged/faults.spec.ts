import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { RawClient } from '../../src/http/raw-client.ts';
import { SENDER_DEFAULTS, type SenderOptions } from '../../src/http/sender.ts';
import type { Cell } from '../../src/model/cell.ts';
import { judgeBehind } from '../support/behind.ts';
import { conclusions, flaky } from '../support/flaky.ts';
import { judgeMock } from '../support/harness.ts';
import type { Meddle, Seen } from '../support/interceptor.ts';

const GET = 'GET /conversations';
const POST = 'POST /contact';
const operations = (id: string): boolean => id === GET || id === POST;
const by = ['missing-key', 'revoked-key', 'valid-key', 'plain-http'];

type Badly = (socket: Socket) => void;

interface FaultyNetwork {
  readonly badly: Badly;
  readonly reason: RegExp;
  /** How often a request is sent, of three times that the network's other faults allow. */
  readonly attempts?: number;
  readonly wire?: Partial<SenderOptions>;
}

const wire: Partial<SenderOptions> = { tries: 3, backoff: 1, timeout: 10_000 };

const FAULTS: Readonly<Record<string, FaultyNetwork>> = {
  reset: { badly: (socket) => socket.resetAndDestroy(), reason: /^reset: / },
  'connection closed without an answer': { badly: (socket) => socket.end(), reason: /^reset: / },
  'no response in time': {
    badly: () => undefined,
    reason: /^timeout: /,
    attempts: 2,
    wire: { ...wire, timeout: 1000, concurrency: 64 },
  },
  'status 502': { badly: withStatus(502), reason: /^unavailable: status 502 in 3 tries/ },
  'status 503': { badly: withStatus(503), reason: /^unavailable: status 503 in 3 tries/ },
  'status 504': { badly: withStatus(504), reason: /^unavailable: status 504 in 3 tries/ },
};

for (const [name, { badly, reason, attempts = 3, ...patience }] of Object.entries(FAULTS)) {
  test(`a fault that stays is an error and never a verdict: ${name}`, async () => {
    const { cells, seen } = await judgeBehind({
      operations: (id) => id === GET,
      by,
      wire,
      ...patience,
      meddle: always(badly, toBase),
    });
    expect(outcomesOf(cells, 'valid-key')).toEqual(['error']);
    expect(outcomesOf(cells, 'missing-key')).toEqual(['error']);
    for (const verdict of cells.filter(({ rule }) => rule !== 'plain-http').flatMap((cell) => cell.cases)) {
      expect(verdict).toMatchObject({ outcome: 'error', unmet: [], exchange: { attempts } });
      expect(verdict.reason).toMatch(reason);
    }
    // The landmarks are one probe: what is known of the first by the time that another one ends is no second time asked.
    for (const [request, times] of countedBy(seen.filter(toBase), fullRequest))
      if (!request.includes('(landmark)')) expect.soft(times, request).toBe(attempts);
  });

  test(`a fault that passes on the second try changes nothing: ${name}`, async () => {
    const baseline = await judgeBehind({ operations, by });
    const { cells, requests } = await judgeBehind({ operations, by, wire, ...patience, meddle: firstTry(badly) });
    expect([...conclusions(cells)]).toEqual([...conclusions(baseline.cells)]);
    expect(requests).toBe(2 * baseline.requests);
    expect(cells.filter(({ outcome }) => outcome !== 'conforms')).toEqual([]);
  });
}

test('a target that never answers is given up, with one sentence, before every request has timed out', async () => {
  const waits: Partial<SenderOptions> = { ...wire, tries: 5, timeout: 300, concurrency: 4 };
  const { cells, seen } = await judgeBehind({
    operations: () => true,
    by: ['missing-key', 'valid-key', 'invalid-key', 'no-key-echo'],
    wire: waits,
    meddle: always(() => undefined, toBase),
  });
  expect(seen.filter(toBase).length).toBeLessThan(45);
  expect(cells.filter(isVerdict)).toEqual([]);
  expect(cells.map(({ outcome }) => outcome)).toContain('error');
  const reasons = cells.filter(({ outcome }) => outcome === 'not proven').map(({ reason }) => reason);
  expect(reasons.length).toBeGreaterThan(10);
  for (const reason of reasons)
    expect(reason).toMatch(/the target has stopped answering: \d+ requests in a row got no response within 0\.3 s/);
});

test('a target that ends while it is asked is given up, with one sentence, before every request was tried', async () => {
  const { cells, requests } = await judgeBehind({
    operations: () => true,
    by: ['missing-key', 'valid-key', 'invalid-key', 'strange-path'],
    wire: { ...wire, tries: 3, backoff: 1, concurrency: 4 },
    endsAfter: 20,
  });
  expect(requests).toBeLessThan(20 + 3 * 80);
  expect(cells.map(({ outcome }) => outcome)).toContain('error');
  expect(cells.map(({ reason }) => reason).join()).toMatch(
    /nothing listens at the target any more: \d+ requests in a row were refused a connection/,
  );
});

test('a case that gets no answer on three operations in a row is not sent to the others', async () => {
  const isSilent = ({ head }: Seen): boolean => head.includes('(key-cut-by-one;');
  const reading = (id: string): boolean => id.startsWith('GET ');
  const { cells, seen } = await judgeBehind({
    operations: reading,
    by: ['valid-key', 'invalid-key'],
    wire: { ...wire, tries: 5, timeout: 500 },
    meddle: always(() => undefined, isSilent),
  });
  // Twice on the first operation, once on the two after it.
  expect(seen.filter(isSilent)).toHaveLength(4);
  const verdicts = cells.flatMap(({ cases }) => cases).filter((one) => one.case === 'key-cut-by-one');
  expect(verdicts.slice(0, 3)).toMatchObject(
    Array.from({ length: 3 }, () => ({
      outcome: 'violates',
      unmet: [{ actual: expect.stringMatching(/^none: timeout/) }],
    })),
  );
  for (const { outcome, reason } of verdicts.slice(3))
    expect([outcome, reason]).toEqual([
      'not proven',
      'key-cut-by-one got no response within 0.5 s on 3 operations in a row, so it is not sent to the others',
    ]);
  expect(verdicts.length).toBeGreaterThan(5);
  expect(new Set(outcomesOf(cells, 'valid-key'))).toEqual(new Set(['conforms']));
});

test('a port where nobody listens is an error after the last try', async () => {
  const { cells, requests } = await judgeMock({
    operations,
    variables: { HUECHAT_BASE_URL: 'https://127.0.0.1:9/v2' },
    wire: { ...wire, tries: 3 },
  });
  expect(cells.filter(({ rule }) => rule === 'valid-key')).toMatchObject([
    { outcome: 'error', reason: 'refused: ECONNREFUSED' },
    { outcome: 'not proven', reason: expect.stringMatching(/nothing listens at the target any more/) },
  ]);
  expect(cells.filter(isVerdict).filter(({ rule }) => !rule.startsWith('plain-http'))).toEqual([]);
  const encrypted = cells.flatMap(({ cases }) => cases).filter(({ reason }) => reason?.startsWith('refused'));
  expect(new Set(encrypted.map(({ exchange }) => exchange?.attempts))).toEqual(new Set([3]));
  expect(requests).toBeGreaterThan(0);
});

test('a certificate that does not verify is an error after the last try', async () => {
  const { cells } = await judgeMock({ operations: (id) => id === GET, defect: { id: 'untrusted-certificate' }, wire });
  const control = cells.find(({ rule }) => rule === 'valid-key');
  expect(control).toMatchObject({ outcome: 'error', cases: [{ exchange: { attempts: 3 } }, {}] });
  expect(control?.reason).toMatch(/^tls: /);
  expect(cells.filter(isVerdict).filter(({ rule }) => !rule.startsWith('plain-http'))).toEqual([]);
});

test('a plain-HTTP port that is shut is an answer, of which the run makes sure once', async () => {
  const meddle = always((socket) => socket.resetAndDestroy(), toPlainHttp);
  const { cells, seen } = await judgeBehind({ operations, by: ['plain-http'], wire, meddle });
  expect(outcomesOf(cells, 'plain-http')).toEqual(['conforms', 'conforms']);
  const times = countedBy(seen.filter(toPlainHttp), ({ method }) => method);
  // Three cases, in three tries where it is not known yet and in one where it is.
  expect([...times.values()]).toEqual([9, 3]);
});

test('plain HTTP that is served behind a fault is still found', async () => {
  const meddle = firstTry((socket) => socket.resetAndDestroy());
  const { cells } = await judgeBehind({ operations, by: ['plain-http'], defect: { id: 'plain-http-served' }, meddle });
  expect(outcomesOf(cells, 'plain-http')).toEqual(['violates', 'violates']);
});

test('the waits between tries grow and differ', async () => {
  const { seen } = await judgeBehind({
    operations: (id) => id === GET,
    by: ['invalid-key'],
    wire: { tries: 4, backoff: 40 },
    meddle: always((socket) => socket.resetAndDestroy(), toBase),
  });
  const tries = [...groupedBy(seen, fullRequest).values()].map((its) => its.map(({ at }) => at));
  const waits = tries.map((at) => at.slice(1).map((time, index) => time - (at[index] ?? 0)));
  expect(waits.length).toBeGreaterThan(8);
  for (const [first = 0, second = 0, third = 0] of waits) {
    expect(first).toBeGreaterThanOrEqual(19);
    expect(second).toBeGreaterThanOrEqual(39);
    expect(third).toBeGreaterThanOrEqual(79);
  }
  expect(new Set(waits.map(([, , third]) => third)).size).toBeGreaterThan(waits.length / 4);
});

test('a 500 to a bad key is a violation after exactly one repeat', async () => {
  const { cells, seen } = await judgeBehind({ operations, by, wire, meddle: always(withStatus(500), hasNoIssuedKey) });
  expect(outcomesOf(cells, 'revoked-key')).toEqual(['violates', 'violates']);
  expect(outcomesOf(cells, 'missing-key')).toEqual(['violates', 'violates']);
  expect(outcomesOf(cells, 'valid-key')).toEqual(['conforms', 'conforms']);
  const bad = seen.filter(hasNoIssuedKey);
  for (const [request, times] of countedBy(bad, fullRequest)) expect.soft(times, request).toBe(2);
});

test('a 500 that comes as a late try is repeated all the same, and one that does not come back changes nothing', async () => {
  const answers = new Map<string, number>();
  const meddle: Meddle = (seen, socket) => {
    const turn = (answers.get(fullRequest(seen)) ?? 0) + 1;
    answers.set(fullRequest(seen), turn);
    if (!hasNoIssuedKey(seen) || turn > 3) return 'pass';
    withStatus(turn === 3 ? 500 : 503)(socket);
    return 'answered';
  };
  const { cells } = await judgeBehind({ operations, by, wire, meddle });
  expect(cells.filter(({ outcome }) => outcome !== 'conforms')).toEqual([]);
});

test('a 429 makes everyone wait together, says so once and is not judged', async () => {
  const concurrency = 8;
  let resumeAt = 0;
  const meddle: Meddle = (_, socket) => {
    resumeAt ||= Date.now() + 1000;
    if (Date.now() >= resumeAt) return 'pass';
    withStatus(429, ['Retry-After: 1'])(socket);
    return 'answered';
  };
  const { cells, seen, announced } = await judgeBehind({ operations, by, wire: { concurrency }, meddle });
  expect(announced).toEqual([expect.stringMatching(/^waiting 1\.0 s: the target answered 429$/)]);
  expect(seen.filter(({ at }) => at < resumeAt).length).toBeLessThanOrEqual(concurrency);
  expect(cells.filter(({ outcome }) => outcome !== 'conforms')).toEqual([]);
});

test('X-RateLimit-Remaining: 0 makes everyone wait for the reset and says so once', async () => {
  const concurrency = 4;
  let resetAt = 0;
  let begun = 0;
  const meddle: Meddle = ({ head }, socket) => {
    if (resetAt > 0) return 'pass';
    begun++;
    if (!head.includes('(no-key;')) return 'pass';
    resetAt = (Math.floor(Date.now() / 1000) + 2) * 1000;
    withStatus(401, ['X-RateLimit-Remaining: 0', `X-RateLimit-Reset: ${resetAt / 1000}`])(socket);
    return 'answered';
  };
  const { seen, announced } = await judgeBehind({
    operations: (id) => id === GET,
    by: ['missing-key', 'invalid-key'],
    wire: { concurrency },
    meddle,
  });
  expect(announced).toEqual([expect.stringMatching(/^waiting [12]\.\d s: no requests remain in the rate limit$/)]);
  const waited = seen.filter(({ at }) => at >= resetAt);
  // Those that were under way when the limit was said are answered.
  expect(seen.length - waited.length - begun).toBeLessThan(concurrency);
  expect(waited.length).toBeGreaterThan(8);
});

test('a target that limits the rate gets the cells of one that does not', async () => {
  const baseline = await judgeBehind({ operations, by });
  const limited = await judgeBehind({ operations, by, rateLimit: { limit: 12, windowSeconds: 1 } });
  expect([...conclusions(limited.cells)]).toEqual([...conclusions(baseline.cells)]);
  expect(limited.announced.length).toBeGreaterThan(0);
});

test('a refusal that stays 429 is not proven, after a bounded number of tries', async () => {
  const meddle = always(withStatus(429, ['Retry-After: 0']), hasNoIssuedKey);
  const { cells, seen } = await judgeBehind({ operations, by, wire, meddle });
  expect(outcomesOf(cells, 'missing-key')).toEqual(['not proven', 'not proven']);
  expect(cells.filter(({ outcome }) => outcome === 'violates' || outcome === 'error')).toEqual([]);
  for (const [request, times] of countedBy(seen.filter(hasNoIssuedKey), fullRequest))
    expect.soft(times, request).toBeLessThanOrEqual(6);
});

for (const field of ['Retry-After: 3600', 'Retry-After: Fri, 31 Dec 2100 23:59:59 GMT']) {
  test(`a wait that no run is ready for is not waited for: ${field}`, async () => {
    const meddle = always(withStatus(429, [field]), toBase);
    const { cells, requests, seen, announced } = await judgeBehind({
      operations: (id) => id === GET,
      by: ['missing-key'],
      wire,
      meddle,
    });
    expect(announced).toEqual([]);
    expect(cells.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['not proven', 'the response is the rate limit (429), not a refusal'],
    ]);
    expect(requests).toBe(seen.length);
    for (const [request, times] of countedBy(seen, fullRequest)) expect.soft(times, request).toBe(1);
  });
}

test('where the first of two requests meets a lock-out, the reason says so, and nothing was changed on the way', async () => {
  let asked = 0;
  const isFirst = ({ target }: Seen): boolean => target.includes('conformance=refusal') && asked++ === 0;
  const { cells } = await judgeBehind({
    operations: (id) => id === 'GET /contacts',
    by: ['cached-refusal'],
    meddle: always(withStatus(429, ['Retry-After: 3600']), isFirst),
  });
  expect(cells.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    [
      'not proven',
      'the request that goes before it got 429, so it was not sent: have the target limit the run less, or run again later',
    ],
  ]);
});

test('a server that answers nothing but 429 is waited for once, and not by every request again', async () => {
  const meddle = always(withStatus(429, ['Retry-After: 1']), toBase);
  const { cells, announced } = await judgeBehind({
    operations,
    by: ['missing-key', 'invalid-key'],
    wire: { ...wire, concurrency: 4, longestPause: 1500 },
    meddle,
  });
  expect(announced).toHaveLength(1);
  expect(new Set(cells.map(({ outcome }) => outcome))).toEqual(new Set(['not proven']));
});

test('a server that always says that nothing remains is believed three times', async () => {
  const { cells, announced } = await judgeBehind({
    operations,
    by,
    rewrite: (answer) =>
      answer
        .replace(
          /(x-ratelimit-remaining: )(\d+)/gi,
          (_, name: string, count: string) => name + '0'.repeat(count.length),
        )
        .replace(
          /(x-ratelimit-reset: )\d{10}/gi,
          (_, name: string) => name + String(Math.floor(Date.now() / 1000) + 1),
        ),
  });
  expect(announced).toHaveLength(3);
  expect(cells.filter(({ outcome }) => outcome !== 'conforms')).toEqual([]);
});

test('a run behind a bad network concludes in each cell what a run behind a good one does', async () => {
  const wide = [...by, 'invalid-key', 'no-key-echo', 'insufficient-scope', 'error-envelope'];
  const defect = { id: 'missing-key-accepted' } as const;
  const baseline = await judgeBehind({ operations, by: wide, defect });
  const { meddle, tally } = flaky(0.1, 1);
  const rateLimit = { limit: 25, windowSeconds: 1 };
  const { cells } = await judgeBehind({
    operations,
    by: wide,
    defect,
    rateLimit,
    meddle,
    wire: { tries: 8, backoff: 1 },
  });
  expect(tally.resets).toBeGreaterThan(2);
  expect(tally.unavailable).toBeGreaterThan(2);
  expect([...conclusions(cells)]).toEqual([...conclusions(baseline.cells)]);
});

test('a connection that fails leaves no timer behind, which would keep a process from ending', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const client = new RawClient({ ...SENDER_DEFAULTS, connection: {}, connections: 1 });
  const before = timers();
  const sent = client.send(
    new URL(`http://127.0.0.1:${port}`),
    [{ method: 'GET', target: '/', headers: [], body: undefined }],
    'timers',
  );
  expect(timers()).toBe(before + 1);
  await expect(sent).rejects.toThrow('ECONNREFUSED');
  expect(timers()).toBe(before);
});

/** Everything, or what `concerns` picks, goes badly every time. */
function always(badly: Badly, concerns: (seen: Seen) => boolean): Meddle {
  return (seen, socket) => {
    if (!concerns(seen)) return 'pass';
    badly(socket);
    return 'answered';
  };
}

/** Each request goes badly when it comes for the first time. */
function firstTry(badly: Badly): Meddle {
  const known = new Set<string>();
  return (seen, socket) => {
    const request = fullRequest(seen);
    if (known.has(request)) return 'pass';
    known.add(request);
    badly(socket);
    return 'answered';
  };
}

function withStatus(status: number, fields: readonly string[] = []): Badly {
  return (socket) => {
    const body = '<h1>No</h1>';
    socket.write([`HTTP/1.1 ${status} No`, ...fields, `Content-Length: ${body.length}`, '', body].join('\r\n'));
  };
}

const toBase = ({ via }: Seen): boolean => via === 'base';
const toPlainHttp = ({ via }: Seen): boolean => via === 'plain-http';

/** The mock's keys end in letters and digits of their own; what was made up or left out has no entry here. */
function hasNoIssuedKey({ via, head }: Seen): boolean {
  return via === 'base' && !/\((valid-key|scoped-key|header-name|scheme-in|sufficient)/.test(head);
}

/** What tells one probe's request from another's, whichever try it is. */
function fullRequest({ via, head, body }: Seen): string {
  return `${via} ${head.replace(/; \d+\)/, ')')} ${body}`;
}

function groupedBy(seen: readonly Seen[], nameOf: (one: Seen) => string): Map<string, Seen[]> {
  const groups = new Map<string, Seen[]>();
  for (const one of seen) groups.set(nameOf(one), [...(groups.get(nameOf(one)) ?? []), one]);
  return groups;
}

function countedBy(seen: readonly Seen[], nameOf: (one: Seen) => string): Map<string, number> {
  return new Map([...groupedBy(seen, nameOf)].map(([name, its]) => [name, its.length]));
}

function outcomesOf(cells: readonly Cell[], rule: string): string[] {
  return cells.filter((cell) => cell.rule === rule).map(({ outcome }) => outcome);
}

const isVerdict = ({ outcome }: Cell): boolean => ['conforms', 'violates', 'deviates'].includes(outcome);
