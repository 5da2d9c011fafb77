import { expect, test } from '../support/unit-test.ts';
import { Progress } from '../../tests/playwright/progress.ts';

/** A run of four operations whose clock the test moves; what it writes. */
function run(isTerminal: boolean): { progress: Progress; written: string[]; pass: (seconds: number) => void } {
  const written: string[] = [];
  let now = 1_000_000;
  const progress = new Progress({ isTerminal, write: (text) => written.push(text), now: () => now });
  progress.begin(4);
  return { progress, written, pass: (seconds) => (now += seconds * 1000) };
}

test('on a terminal one line moves, and goes away before anything else is written', () => {
  const { progress, written, pass } = run(true);
  pass(2);
  progress.sent(100);
  pass(28);
  progress.operationEnded('GET /a');
  progress.clear();
  progress.clear();
  expect(written).toEqual([
    '\r\u001b[2K0 of 4 operations, 100 requests, 50/s',
    '\r\u001b[2K1 of 4 operations, 100 requests, 3/s, about 2 min left',
    '\r\u001b[2K',
  ]);
});

test('within a budget the requests are counted, since all operations end together', () => {
  const { progress, written, pass } = run(true);
  pass(60);
  progress.sent(500, 1500);
  expect(written).toEqual(['\r\u001b[2K500 of 1,500 requests, 8/s, about 2 min left']);
});

test('in a log there is a line every ten seconds at most, and waiting is a part of it', () => {
  const { progress, written, pass } = run(false);
  for (let second = 0; second < 34; second++) {
    pass(1);
    expect(progress.takes('waiting 3.0 s: the target answered 429\n')).toBe(true);
    progress.sent(second * 10);
  }
  progress.operationEnded('GET /a');
  progress.clear();
  expect(written).toHaveLength(3);
  for (const line of written)
    expect(line).toMatch(/^0 of 4 operations, \d+ requests, \d+\/s; waiting 3 s: the target answered 429\n$/);
});

test('a wait counts down on the line of a terminal, and goes away when it is over', () => {
  const { progress, written, pass } = run(true);
  progress.takes('waiting 2.6 s: no requests remain in the rate limit\n');
  for (let second = 0; second < 3; second++) {
    pass(1);
    progress.sent(100);
  }
  expect(written.map((line) => /; (.*)$/.exec(line)?.[1])).toEqual([
    'waiting 3 s: no requests remain in the rate limit',
    'waiting 2 s: no requests remain in the rate limit',
    'waiting 1 s: no requests remain in the rate limit',
    undefined,
  ]);
});

test('a run of half an hour writes no more lines than fit on a screen, and never says nothing for long', () => {
  const { progress, written, pass } = run(false);
  const times: number[] = [0];
  for (let second = 1; second <= 1800; second++) {
    pass(1);
    progress.sent(second);
    if (written.length === times.length) times.push(second);
  }
  expect(written.length).toBeGreaterThan(10);
  expect(written.length).toBeLessThan(25);
  expect(Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)))).toBeLessThanOrEqual(300);
});

test('what is no word of progress is left to whoever prints it', () => {
  const { progress, written } = run(true);
  expect(progress.takes('reports: reports/conformance.json\n')).toBe(false);
  expect(written).toEqual([]);
});
