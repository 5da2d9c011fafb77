import { expect, test } from '@playwright/test';
import type { Clock } from '../../src/http/rate-limiter.ts';
import { huechat, judgeMock } from '../support/harness.ts';

/** A clock that stands still, except where someone waits. */
function movedClock(): Clock {
  let time = Date.UTC(2030, 0, 1);
  return {
    now: () => time,
    wait: async (milliseconds) => {
      const until = time + milliseconds;
      await new Promise((go) => setImmediate(go));
      time = Math.max(time, until);
    },
  };
}

test('a target that publishes its limit is asked as fast as it allows, and never answers 429', async () => {
  const clock = movedClock();
  const announced: string[] = [];
  const begun = clock.now();
  const { requests, asked } = await judgeMock({
    contract: await huechat(),
    rateLimit: { limit: 40, windowSeconds: 60 },
    clock,
    operations: (id) => id === 'GET /conversations',
    wire: { clock, announce: (text) => announced.push(text) },
  });
  const minutes = (clock.now() - begun) / 60_000;
  expect(requests).toBeGreaterThan(100);
  expect(announced.length).toBeGreaterThan(0);
  for (const text of announced) expect(text).toMatch(/: no requests remain in the rate limit$/);
  expect(minutes, 'no window is waited for that another one had room for').toBeLessThanOrEqual(
    Math.ceil(requests / 40),
  );
  const statuses = asked.flatMap(({ exchanges }) => [...exchanges.values()].map(({ response }) => response?.status));
  expect(statuses).not.toContain(429);
});
