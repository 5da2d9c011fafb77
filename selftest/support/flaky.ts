import type { Cell } from '../../src/model/cell.ts';
import type { Meddle } from './interceptor.ts';

export interface Flaky {
  readonly meddle: Meddle;
  /** How often it did what, so far. */
  readonly tally: { resets: number; unavailable: number };
}

/** A network that resets this share of the connections and answers another as large with 503, by a seeded chance. */
export function flaky(share: number, seed: number): Flaky {
  const tally = { resets: 0, unavailable: 0 };
  const chance = seeded(seed);
  return {
    tally,
    meddle: (_, socket) => {
      const drawn = chance();
      if (drawn >= 2 * share) return 'pass';
      if (drawn < share) {
        tally.resets++;
        socket.resetAndDestroy();
      } else {
        tally.unavailable++;
        socket.write('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nBusy\n');
      }
      return 'answered';
    },
  };
}

/** A network on which requests overtake each other, by a seeded chance. */
export function overtaking(most: number, seed: number): () => number {
  const chance = seeded(seed);
  return () => Math.floor(chance() * most);
}

/** What a run concludes of each cell and each of its cases, in words that do not differ from run to run. */
export function conclusions(cells: readonly Cell[]): Map<string, string> {
  return new Map(
    cells.map(({ operation, rule, outcome, cases }) => {
      const parts = cases.map((one) => {
        const unmet = one.unmet.map(({ expectation }) => expectation);
        return [one.case, one.outcome, ...unmet].join(' ');
      });
      return [`${operation} ${rule}`, [outcome, ...parts].join('; ')];
    }),
  );
}

/** Mulberry32: the same numbers between 0 and 1 for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
