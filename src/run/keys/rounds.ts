import type { Clock } from '../../model/clock.ts';
import type { SampleResult } from '../../model/key-lifecycle.ts';
import type { Secret } from '../../secret.ts';
import type { KeyLog } from './key-log.ts';
import type { Sampler, Way } from './sampler.ts';

/** Seconds between two rounds of requests while a change is awaited, at first. */
export const SAMPLING_INTERVAL = 1;
/** Seconds between two rounds once it has come: to see whether it stays. */
export const WATCH_INTERVAL = 5;
/** The longer a change takes the more rarely it is looked for: this part of the time that has passed. */
const PART_OF_ELAPSED = 0.05;
/** Seconds by which a request is sent after a time that is promised. */
const JUST_AFTER = 0.05;

/** How many rounds there are at the most in which a change is awaited for so many seconds. */
export function roundsWithin(seconds: number): number {
  const even = SAMPLING_INTERVAL / PART_OF_ELAPSED;
  if (seconds <= even) return Math.ceil(seconds / SAMPLING_INTERVAL);
  return Math.ceil(even / SAMPLING_INTERVAL + Math.log(seconds / even) / Math.log(1 + PART_OF_ELAPSED));
}

/** What a key is to show in a way, once a change has come. */
export type Wanted = (way: Way) => SampleResult;

export interface AskedKey {
  readonly secret: Secret;
  readonly log: KeyLog;
  readonly ways: readonly Way[];
}

/** Asks with one key again and again. Each part yields the Unix milliseconds at which it goes on. */
export class Rounds {
  readonly #sampler: Sampler;
  readonly #clock: Clock;
  #turn = 0;

  constructor(sampler: Sampler, clock: Clock) {
    this.#sampler = sampler;
    this.#clock = clock;
  }

  /** Shows a key in all ways on all connections, and says in which of them it shows on each connection what is wanted. */
  async sweep({ secret, log, ways }: AskedKey, wanted: Wanted): Promise<readonly Way[]> {
    const samples = log.add(await this.#sampler.show(secret, ways));
    return ways.filter((way) =>
      samples
        .filter(({ form, operation }) => form === way.alternative.id && operation === way.operation.id)
        .every(({ what }) => what === wanted(way)),
    );
  }

  /**
   * Asks until the key shows in each way what is wanted, for a time at most.
   *
   * @param from when the change counts, in seconds since the asking began
   * @param promised seconds in which it is to come: right after them every way is asked that is still open
   * @param longest seconds from then, whatever has come
   * @returns the ways in which it came
   */
  async *until(
    key: AskedKey,
    wanted: Wanted,
    {
      from,
      promised,
      longest,
    }: { readonly from: number; readonly promised?: number | undefined; readonly longest: number },
  ): AsyncGenerator<number, readonly Way[]> {
    const settled = new Set(await this.sweep(key, wanted));
    const deadline = promised === undefined ? undefined : from + promised + JUST_AFTER;
    let isDeadlinePast = deadline === undefined || this.#sampler.now >= deadline;
    for (;;) {
      const now = this.#sampler.now;
      const open = key.ways.filter((way) => !settled.has(way));
      if (open.length === 0 || now - from >= longest) return [...settled];
      const next = now + Math.max(SAMPLING_INTERVAL, (now - from) * PART_OF_ELAPSED);
      const isAtDeadline = !isDeadlinePast && deadline !== undefined && next >= deadline;
      yield this.at(isAtDeadline ? deadline : next);
      isDeadlinePast ||= isAtDeadline;
      for (const way of await this.sweep({ ...key, ways: isAtDeadline ? open : this.#oneOfEachForm(open) }, wanted))
        settled.add(way);
    }
  }

  /** Asks for a time now and then, each time in one way on all connections, and at its end in all ways. */
  async *watch(key: AskedKey, wanted: Wanted, seconds: number): AsyncGenerator<number, void> {
    const end = this.#sampler.now + seconds;
    while (this.#sampler.now + WATCH_INTERVAL < end) {
      yield this.at(this.#sampler.now + WATCH_INTERVAL);
      await this.sweep({ ...key, ways: this.#one(key.ways) }, wanted);
    }
    yield this.at(end);
    await this.sweep(key, wanted);
  }

  /** Asks with several keys now and then until a time, each time in one way on all connections. */
  async *during(keys: readonly AskedKey[], wanted: Wanted, end: number): AsyncGenerator<number, void> {
    while (this.#sampler.now + WATCH_INTERVAL < end) {
      yield this.at(this.#sampler.now + WATCH_INTERVAL);
      await Promise.all(keys.map((key) => this.sweep({ ...key, ways: this.#one(key.ways) }, wanted)));
    }
  }

  /** Unix milliseconds of a time in seconds since the asking began. */
  at(seconds: number): number {
    const { now } = this.#sampler;
    return this.#clock.now() + Math.ceil((seconds - now) * 1000);
  }

  #one(ways: readonly Way[]): readonly Way[] {
    const way = ways[this.#turn++ % Math.max(1, ways.length)];
    return way ? [way] : [];
  }

  #oneOfEachForm(ways: readonly Way[]): readonly Way[] {
    const forms = [...new Set(ways.map(({ alternative }) => alternative.id))];
    this.#turn++;
    return forms.flatMap((form) => {
      const its = ways.filter(({ alternative }) => alternative.id === form);
      return its[this.#turn % its.length] ?? [];
    });
  }
}
