import { expect, test } from '@playwright/test';
import { reportCell } from '../../src/reporting/conformance.ts';
import type { Cell } from '../../src/model/cell.ts';
import { type Behind, type BehindOptions, judgeBehind } from '../support/behind.ts';
import { rules } from '../../tests/catalogue/index.ts';
import { type HostileAnswer, hostileAnswers } from '../support/hostile-answers.ts';
import type { Meddle } from '../support/interceptor.ts';

const MIB = 1024 * 1024;
const HOSTILE = 'GET /conversations';
const NEXT = 'GET /channels/whatsapp/templates';
const by = ['missing-key', 'valid-key', 'no-key-echo', 'error-envelope', 'error-media-type', 'rate-limit-headers'];

/** To requests for one operation without a key; everything else is sound. */
function toMissingKeys({ answer }: HostileAnswer): Meddle {
  return (seen, socket) => {
    if (seen.via !== 'base' || !seen.target.startsWith('/v2/conversations') || !/\((no|empty)-/.test(seen.head))
      return 'pass';
    answer(socket);
    return 'answered';
  };
}

interface Measured extends Behind {
  /** Bytes that were taken from the server. */
  readonly bytesWritten: number;
  /** The most memory that the process had, and how much of that came with the run. */
  readonly peak: number;
  readonly growth: number;
}

/** What a run costs, measured from outside; the hostile server is in the same process and counts too. */
async function measured(options: BehindOptions & { readonly meddle: Meddle }): Promise<Measured> {
  const sockets = new Set<Parameters<Meddle>[1]>();
  const before = process.memoryUsage().rss;
  let peak = before;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
  try {
    const ran = await judgeBehind({
      ...options,
      meddle: (seen, socket) => {
        sockets.add(socket);
        return options.meddle(seen, socket);
      },
    });
    const bytesWritten = [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0);
    return { ...ran, bytesWritten, peak, growth: peak - before };
  } finally {
    clearInterval(sampler);
  }
}

function cellOf(cells: readonly Cell[], operation: string, rule: string): Cell | undefined {
  return cells.find((cell) => cell.operation === operation && cell.rule === rule);
}

test.describe('a hostile answer costs little, decides its own cells and leaves the others alone', () => {
  for (const [name, answer] of Object.entries(hostileAnswers)) {
    test(name, async () => {
      const { cells, seen, bytesWritten, growth } = await measured({
        operations: (id) => id === HOSTILE || id === NEXT,
        by,
        wire: answer.isSlow ? { timeout: 500 } : {},
        meddle: toMissingKeys(answer),
      });
      const hit = cellOf(cells, HOSTILE, 'missing-key');
      expect(hit).toMatchObject({ outcome: answer.outcome });
      for (const { outcome, reason, unmet } of hit?.cases ?? []) {
        expect(outcome).toBe(answer.outcome);
        expect(reason ?? unmet.map(({ actual }) => actual).join('; ')).toMatch(answer.because);
      }
      expect(cellOf(cells, HOSTILE, 'valid-key')).toMatchObject({ outcome: 'conforms' });
      const next = cells.filter(({ operation }) => operation === NEXT);
      expect(next.map(({ outcome }) => outcome)).toEqual(by.map(() => 'conforms'));

      const asked = seen.filter(({ head }) => /\((no|empty)-/.test(head)).length;
      expect(bytesWritten).toBeLessThan(asked * 6 * MIB);
      expect(growth).toBeLessThan(200 * MIB);
      const reported = JSON.stringify(cells.map((cell) => reportCell(cell)));
      expect(reported.length).toBeLessThan(3 * MIB);
      // eslint-disable-next-line no-control-regex -- that is what must not be there
      expect(reported).not.toMatch(/[\0-\x1f]|\\u00[01]/);
    });
  }
});

test('a server that answers every bad key in another hostile way is judged to the end', async () => {
  const answers = Object.values(hostileAnswers);
  let turn = 0;
  const { cells, requests, bytesWritten, peak, growth } = await measured({
    operations: (id) => id === HOSTILE || id === NEXT,
    wire: { timeout: 500 },
    meddle: (seen, socket) => {
      if (seen.via !== 'base' || / \((valid-key|scoped-key)/.test(seen.head)) return 'pass';
      answers[turn++ % answers.length]?.answer(socket);
      return 'answered';
    },
  });
  expect(turn).toBeGreaterThan(5 * answers.length);
  expect(cells.filter(({ rule }) => rules.some(({ id }) => id === rule))).toHaveLength(2 * rules.length);
  expect(cells.filter(({ rule, outcome }) => rule === 'valid-key' && outcome !== 'conforms')).toEqual([]);
  expect(JSON.stringify(cells.map((cell) => reportCell(cell))).length).toBeLessThan(100 * MIB);
  expect(growth).toBeLessThan(400 * MIB);
  process.stdout.write(
    `hostile run: ${requests} requests, ${turn} hostile answers, ${inMib(bytesWritten)} MiB taken, peak memory ${inMib(peak)} MiB of which the run added ${inMib(growth)} MiB\n`,
  );
});

for (const status of [200, 401]) {
  test(`answers of ${status} that are too deep for a comparison are still told apart`, async () => {
    const body = `{"more":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    const { cells } = await judgeBehind({
      operations: (id) => id === HOSTILE,
      meddle: (seen, socket) => {
        // A path that is no operation is answered otherwise, or no operation would count as reached.
        if (seen.via !== 'base' || seen.head.includes('(landmark;')) return 'pass';
        socket.write(
          `HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
        return 'answered';
      },
    });
    const expected = status === 200 ? 'violates' : 'not proven';
    expect(cellOf(cells, HOSTILE, 'revoked-key')).toMatchObject({ outcome: expected });
    expect(cells.filter(({ outcome }) => outcome === 'error')).toEqual([]);
  });
}

function inMib(bytes: number): string {
  return (bytes / MIB).toFixed(0);
}
