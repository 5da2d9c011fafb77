import { expect, test } from '../support/unit-test.ts';
import { RateLimiter, type RateLimiterOptions } from '../../src/http/rate-limiter.ts';
import { rateLimitNotice } from '../../src/http/rate-limit-fields.ts';

const HOUR = 3_600_000;
const now = Date.now();

interface Paced {
  readonly pace: RateLimiter;
  readonly said: string[];
}

function paced(options: Partial<RateLimiterOptions> = {}): Paced {
  const said: string[] = [];
  const announce = (message: string): number => said.push(message);
  return { pace: new RateLimiter({ concurrency: 4, longestPause: HOUR, announce, ...options }), said };
}

/** After its first request, which goes alone. */
async function begun(options: Partial<RateLimiterOptions> = {}): Promise<Paced> {
  const one = paced(options);
  await one.pace.run(() => Promise.resolve());
  return one;
}

/** Requests that are under way until they are told to end. */
class Requests {
  readonly #ends: (() => void)[] = [];
  readonly #all: Promise<void>[] = [];
  #ended = 0;
  started = 0;
  underWay = 0;
  most = 0;

  send(pace: RateLimiter, count: number): void {
    for (let index = 0; index < count; index++) this.#all.push(pace.run(() => this.#request()));
  }

  /** Ends them in the order they began, until all are through. */
  async finish(): Promise<void> {
    while (this.#ended < this.#all.length) {
      await settled();
      this.#ends.shift()?.();
    }
    await Promise.all(this.#all);
  }

  async #request(): Promise<void> {
    this.started++;
    this.underWay++;
    this.most = Math.max(this.most, this.underWay);
    await new Promise<void>((end) => this.#ends.push(end));
    this.underWay--;
    this.#ended++;
  }
}

/** Whatever can go on without time passing has gone on. */
function settled(): Promise<void> {
  return new Promise((go) => setImmediate(go));
}

test('no more requests are under way than are allowed, and each gets its turn', async () => {
  const { pace } = await begun({ concurrency: 3 });
  const requests = new Requests();
  requests.send(pace, 10);
  await settled();
  expect(requests.started).toBe(3);
  await requests.finish();
  expect(requests).toMatchObject({ started: 10, underWay: 0, most: 3 });
});

test('a request that fails gives its place to the next', async () => {
  const { pace } = paced({ concurrency: 1 });
  const failed = pace.run(() => Promise.reject(new Error('reset')));
  const next = pace.run(() => Promise.resolve('answered'));
  await expect(failed).rejects.toThrow('reset');
  expect(await next).toBe('answered');
});

test('what remains of the rate limit lowers the ceiling, and the next window raises it again', async () => {
  const { pace, said } = await begun();
  pace.notice({ remaining: 2, resetAt: now + HOUR }, now);
  const few = new Requests();
  few.send(pace, 6);
  await few.finish();
  expect(few.most).toBe(2);
  pace.notice({ remaining: 1000, resetAt: now + HOUR }, now);
  const stale = new Requests();
  stale.send(pace, 6);
  await stale.finish();
  expect(stale.most, 'a response that was overtaken says what was left before').toBe(2);
  pace.notice({ remaining: 1000, resetAt: now + HOUR + 60_000 }, now);
  const many = new Requests();
  many.send(pace, 6);
  await many.finish();
  expect(many.most).toBe(4);
  expect(said).toEqual([]);
});

test('a 429 makes every request wait until the time it names', async () => {
  const { pace, said } = paced();
  const retryAt = Date.now() + 60;
  expect(pace.notice({ retryAt })).toBe(true);
  const began = await Promise.all([1, 2, 3, 4, 5].map(() => pace.run(() => Promise.resolve(Date.now()))));
  for (const time of began) expect(time).toBeGreaterThanOrEqual(retryAt);
  expect(said).toEqual([expect.stringMatching(/^waiting 0\.[01] s: the target answered 429$/)]);
});

test('a pause that grows while requests wait is waited for to its end', async () => {
  const { pace } = paced();
  pace.notice({ retryAt: Date.now() + 30 });
  const began = pace.run(() => Promise.resolve(Date.now()));
  const later = Date.now() + 90;
  pace.notice({ retryAt: later });
  expect(await began).toBeGreaterThanOrEqual(later);
});

test('a shorter pause does not end a longer one', async () => {
  const { pace } = paced();
  const later = Date.now() + 60;
  pace.notice({ retryAt: later });
  pace.notice({ retryAt: later - 50 });
  expect(await pace.run(() => Promise.resolve(Date.now()))).toBeGreaterThanOrEqual(later);
});

test('those who wait for a place get as many as a raised ceiling has', async () => {
  const { pace } = await begun();
  pace.notice({ remaining: 1, resetAt: now + HOUR }, now);
  const requests = new Requests();
  requests.send(pace, 6);
  await settled();
  expect(requests.underWay).toBe(1);
  pace.notice({ remaining: 1000, resetAt: now + HOUR + 60_000 }, now);
  await requests.finish();
  expect(requests.most).toBe(4);
});

test('a request under way is not held up by a pause', async () => {
  const { pace } = paced();
  const underWay = pace.run(async () => {
    pace.notice({ retryAt: now + HOUR }, now);
    await settled();
    return 'answered';
  });
  expect(await underWay).toBe('answered');
});

test('several 429s of one moment are one pause, said once', () => {
  const { pace, said } = paced();
  for (const later of [0, 3, 900, 200]) expect(pace.notice({ retryAt: now + 5000 + later }, now + later)).toBe(true);
  expect(said).toEqual(['waiting 5.0 s: the target answered 429']);
  pace.notice({ retryAt: now + 60_000 }, now + 1000);
  expect(said).toEqual(['waiting 5.0 s: the target answered 429', 'waiting 59.0 s: the target answered 429']);
});

test('a wait that is longer than the run is ready for is refused', async () => {
  const { pace, said } = paced({ longestPause: 1000 });
  expect(pace.notice({ retryAt: now + 1001 }, now)).toBe(false);
  expect(said).toEqual([]);
  expect(await pace.run(() => Promise.resolve('answered at once'))).toBe('answered at once');
});

test('waits that lead to nothing but the next 429 are refused when together they are too long', () => {
  const { pace } = paced({ longestPause: 1000 });
  let time = now;
  const again = (): boolean => {
    const accepted = pace.notice({ retryAt: time + 400 }, time);
    time += 400;
    return accepted;
  };
  expect([again(), again(), again()]).toEqual([true, true, false]);
  pace.notice({}, time);
  expect(again(), 'another answer in between begins the count anew').toBe(true);
});

test('no remaining requests make everyone wait for the reset', async () => {
  const { pace, said } = paced();
  const resetAt = Date.now() + 60;
  expect(pace.notice({ remaining: 0, resetAt })).toBe(true);
  expect(await pace.run(() => Promise.resolve(Date.now()))).toBeGreaterThanOrEqual(resetAt);
  expect(said).toEqual([expect.stringMatching(/^waiting 0\.[01] s: no requests remain in the rate limit$/)]);
});

test('a reset in the past is not waited for', () => {
  const { pace, said } = paced();
  expect(pace.notice({ remaining: 0, resetAt: now - 1 }, now)).toBe(true);
  expect(said).toEqual([]);
});

test('no remaining requests, said again and again and never confirmed by a 429, are not believed any more', async () => {
  const { pace, said } = await begun();
  let time = now - HOUR;
  const windowEnds = (): boolean => pace.notice({ remaining: 0, resetAt: (time += 1000) }, time - 1000);
  expect([windowEnds(), windowEnds(), windowEnds(), windowEnds(), windowEnds()]).toEqual(Array(5).fill(true));
  expect(said).toHaveLength(3);
  const requests = new Requests();
  requests.send(pace, 6);
  await requests.finish();
  expect(requests.most, 'nor do they slow the run down').toBe(4);
});

test('a 429 confirms them', () => {
  const { pace, said } = paced();
  let time = now - HOUR;
  const windowEnds = (): boolean => pace.notice({ remaining: 0, resetAt: (time += 2000) }, time - 2000);
  for (let index = 0; index < 3; index++) windowEnds();
  pace.notice({ retryAt: (time += 2000) }, time - 2000);
  for (let index = 0; index < 5; index++) windowEnds();
  expect(said).toHaveLength(7);
});

test('remaining requests without a reset, or a reset alone, say nothing', () => {
  const { pace, said } = paced();
  expect([pace.notice({ remaining: 0 }, now), pace.notice({ resetAt: now + HOUR }, now), pace.notice({}, now)]).toEqual(
    [true, true, true],
  );
  expect(said).toEqual([]);
});

const NAMES = { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset' };
const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const resetSeconds = at / 1000 + 30;
const inThirtySeconds = at + 30_000;

const notices: readonly (readonly [
  title: string,
  status: number,
  headers: readonly (readonly [string, string])[],
  notice: ReturnType<typeof rateLimitNotice>,
])[] = [
  ['no headers', 200, [], {}],
  [
    'headers in any case',
    200,
    [
      ['x-ratelimit-remaining', ' 7 '],
      ['X-RATELIMIT-RESET', String(resetSeconds)],
    ],
    { remaining: 7, resetAt: inThirtySeconds },
  ],
  [
    'headers that are no numbers',
    200,
    [
      ['X-RateLimit-Remaining', '-1'],
      ['X-RateLimit-Reset', 'soon'],
    ],
    {},
  ],
  ['Retry-After on another status', 503, [['Retry-After', '5']], {}],
  ['Retry-After in seconds', 429, [['retry-after', '5']], { retryAt: at + 5000 }],
  ['Retry-After of none', 429, [['Retry-After', '0']], { retryAt: at }],
  ['Retry-After with a fraction', 429, [['Retry-After', '1.5']], { retryAt: at + 1500 }],
  ['Retry-After as a date', 429, [['Retry-After', 'Fri, 02 Jan 2026 03:04:35 GMT']], { retryAt: inThirtySeconds }],
  ['Retry-After in words', 429, [['Retry-After', 'soon 1']], { retryAt: at + 1000 }],
  [
    'a 429 with a reset',
    429,
    [['X-RateLimit-Reset', String(resetSeconds)]],
    { resetAt: inThirtySeconds, retryAt: inThirtySeconds },
  ],
  [
    'a 429 with both',
    429,
    [
      ['X-RateLimit-Reset', String(resetSeconds)],
      ['Retry-After', '5'],
    ],
    { resetAt: inThirtySeconds, retryAt: at + 5000 },
  ],
  [
    'a 429 with a reset in the past',
    429,
    [['X-RateLimit-Reset', String(at / 1000 - 1)]],
    { resetAt: at - 1000, retryAt: at + 1000 },
  ],
  ['a 429 without a word', 429, [], { retryAt: at + 1000 }],
];

for (const [title, status, headers, notice] of notices) {
  test(`the rate limit is read from ${title}`, () => {
    const answer = { status, headers, body: Buffer.alloc(0), truncated: false };
    expect(rateLimitNotice(answer, NAMES, at)).toEqual(notice);
  });
}

/** What servers say of their limits where the contract does not name the headers. */
const usual: readonly (readonly [
  headers: Readonly<Record<string, string>>,
  notice: ReturnType<typeof rateLimitNotice>,
])[] = [
  [
    { 'RateLimit-Remaining': '7', 'RateLimit-Reset': '30' },
    { remaining: 7, resetAt: inThirtySeconds },
  ],
  [
    { 'x-ratelimit-remaining': '7', 'X-RateLimit-Reset': String(resetSeconds) },
    { remaining: 7, resetAt: inThirtySeconds },
  ],
  [
    { 'X-Rate-Limit-Remaining': '7', 'X-Rate-Limit-Reset': String(inThirtySeconds) },
    { remaining: 7, resetAt: inThirtySeconds },
  ],
  [{ RateLimit: 'limit=100, remaining=7, reset=30' }, { remaining: 7, resetAt: inThirtySeconds }],
  [{ RateLimit: '"hour";r=900;t=1200, "minute";r=7;t=30' }, { remaining: 7, resetAt: inThirtySeconds }],
  [
    { RateLimit: '"a, b";r=7', 'RateLimit-Policy': '"a, b";q=100;w=30' },
    { remaining: 7, resetAt: inThirtySeconds },
  ],
  [{ 'RateLimit-Policy': '"day";q=9000;w=86400, "minute";q=100;w=60' }, { limit: 100 }],
  [{ 'RateLimit-Policy': '100;w=60' }, { limit: 100 }],
  [{ RateLimit: 'much, "more', 'RateLimit-Policy': 'some' }, {}],
  [{ RateLimit: ','.repeat(60_000) }, {}],
];

for (const [headers, notice] of usual) {
  const fields = Object.entries(headers);

  test(`a limit that the contract does not name is read from ${fields
    .map((field) => field.join(': '))
    .join(' and ')
    .slice(0, 90)}`, () => {
    const answer = { status: 200, headers: fields, body: Buffer.alloc(0), truncated: false };
    expect(rateLimitNotice(answer, undefined, at)).toEqual(notice);
  });
}

test('the headers that the contract names are believed before all others', () => {
  const headers = [['RateLimit-Remaining', '0']] as const;
  expect(rateLimitNotice({ status: 200, headers, body: Buffer.alloc(0), truncated: false }, NAMES, at)).toEqual({});
});

/** A server that counts windows of a minute and whose clock the pace waits by; what it answers. */
function counting(limit: number, says: 'what is left' | 'nothing') {
  let [time, endsAt, count] = [at, 0, 0];
  const refused = new Map<number, number>();
  const clock = {
    now: () => time,
    wait: async (milliseconds: number): Promise<void> => {
      const until = time + milliseconds;
      await settled();
      time = Math.max(time, until);
    },
  };
  const answer = (): Parameters<RateLimiter['notice']>[0] => {
    if (time >= endsAt) [endsAt, count] = [time + 60_000, 0];
    count++;
    if (count > limit) refused.set(endsAt, (refused.get(endsAt) ?? 0) + 1);
    return {
      ...(says === 'what is left' && { remaining: Math.max(0, limit - count), resetAt: endsAt }),
      ...(count > limit && { retryAt: endsAt }),
    };
  };
  return { clock, answer, refused, minutes: () => (time - at) / 60_000 };
}

/** Each request again until it is not refused. */
async function askAll(
  pace: RateLimiter,
  requests: number,
  answer: () => Parameters<RateLimiter['notice']>[0],
): Promise<void> {
  const ask = async (): Promise<void> => {
    const said = await pace.run(async () => {
      const answered = answer();
      await settled();
      pace.notice(answered);
      return answered;
    });
    if (said.retryAt !== undefined) await ask();
  };
  await Promise.all(Array.from({ length: requests }, ask));
}

test('a target that says what is left is asked as fast as it allows, and never answers 429', async () => {
  const { clock, answer, refused, minutes } = counting(100, 'what is left');
  const { pace } = paced({ concurrency: 16, clock });
  await askAll(pace, 1000, answer);
  expect([...refused.values()]).toEqual([]);
  expect(minutes()).toBe(9);
});

test('a target that says only 429 answers it once in a window, as soon as the limit is known', async () => {
  const { clock, answer, refused, minutes } = counting(100, 'nothing');
  const { pace } = paced({ concurrency: 16, clock });
  await askAll(pace, 1000, answer);
  const [first = 0, ...later] = refused.values();
  expect(first).toBeLessThanOrEqual(16);
  expect(later.length).toBeGreaterThan(7);
  expect(Math.max(...later)).toBe(1);
  expect(minutes()).toBeLessThan(11);

  const known = counting(100, 'nothing');
  await askAll(paced({ concurrency: 16, clock: known.clock, expected: 100 }).pace, 1000, known.answer);
  expect(Math.max(...known.refused.values()), 'from the first on where a setting says the limit').toBe(1);
});

test('a target that cannot cope is asked half as fast, and each calm while one more request is under way', async () => {
  const { pace, said } = await begun({ concurrency: 8 });
  const mostOf = async (count: number): Promise<number> => {
    const requests = new Requests();
    requests.send(pace, count);
    await requests.finish();
    return requests.most;
  };
  expect(pace.isStrained).toBe(false);
  pace.slowDown(now, now);
  expect(pace.isStrained).toBe(true);
  // The first one after that goes alone.
  await pace.run(() => Promise.resolve());
  expect(await mostOf(20)).toBe(4);
  for (let response = 0; response < 16; response++) pace.wentThrough();
  expect(await mostOf(20)).toBe(5);
  pace.slowDown(now, now);
  await pace.run(() => Promise.resolve());
  expect(await mostOf(20)).toBe(2);
  expect(said).toEqual(['the target did not take a request and took it a little later: asking slower']);
});

test('what fails while all wait for the same reason counts once, and nobody begins before the pause is over', async () => {
  let time = now;
  const waits: (() => void)[] = [];
  const clock = { now: () => time, wait: () => new Promise<void>((go) => waits.push(go)) };
  const { pace } = await begun({ concurrency: 8, clock });
  for (let failed = 0; failed < 5; failed++) pace.slowDown(time + 1000);
  const requests = new Requests();
  requests.send(pace, 8);
  await settled();
  expect(requests.started).toBe(0);
  time += 1000;
  for (const go of waits) go();
  await pace.run(() => Promise.resolve());
  await settled();
  expect(requests.started).toBe(4);
  await requests.finish();
});
