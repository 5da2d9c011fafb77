/** What a comparison of two samples shows. */
export interface Comparison {
  /** Cliff's delta, -1 to 1: how much more often a value of the second sample is the larger one. 0: no effect. */
  readonly effect: number;
  /** Two-sided, of a permutation test on the difference of medians. */
  readonly pValue: number;
  readonly medians: readonly [number, number];
}

/** @param random between 0 and 1, given so that a result can be had again */
export function compare(
  one: readonly number[],
  other: readonly number[],
  random: () => number,
  permutations = 2000,
): Comparison {
  const observed = Math.abs(median(one) - median(other));
  const pool = [...one, ...other];
  let asLarge = 0;
  for (let round = 0; round < permutations; round++) {
    shuffle(pool, random);
    if (Math.abs(median(pool.slice(0, one.length)) - median(pool.slice(one.length))) >= observed) asLarge++;
  }
  return {
    effect: cliffsDelta(one, other),
    pValue: (asLarge + 1) / (permutations + 1),
    medians: [median(one), median(other)],
  };
}

function cliffsDelta(one: readonly number[], other: readonly number[]): number {
  let balance = 0;
  for (const a of one) for (const b of other) balance += Math.sign(b - a);
  return balance / (one.length * other.length);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function shuffle(values: number[], random: () => number): void {
  for (let index = values.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [values[index], values[other]] = [values[other] ?? 0, values[index] ?? 0];
  }
}

/** A generator that gives the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
