import type { Clock } from '../../model/clock.ts';

/** A part of the asking. It yields the Unix milliseconds at which it is to go on. */
export type Play = AsyncGenerator<number, void>;

export const systemClock: Clock = {
  now: Date.now,
  wait: (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds)),
};

/**
 * Plays all parts at once on one clock: whichever is due goes on, and the clock waits for the next one. So a clock that tests
 * move is moved by one waiter.
 *
 * @param signal ends the waiting; what is being sent ends first
 */
export async function playAll(parts: readonly Play[], clock: Clock, signal?: AbortSignal): Promise<void> {
  const due = new Map<Play, number>(parts.map((part) => [part, clock.now()]));
  const aborted = new Promise<void>((resume) => signal?.addEventListener('abort', () => resume(), { once: true }));
  while (due.size > 0 && signal?.aborted !== true) {
    const now = clock.now();
    const ready = [...due].filter(([, at]) => at <= now).map(([part]) => part);
    if (ready.length === 0) await Promise.race([clock.wait(Math.min(...due.values()) - now), aborted]);
    await Promise.all(
      ready.map(async (part) => {
        const { done, value } = await part.next();
        if (done === true) due.delete(part);
        else due.set(part, value);
      }),
    );
  }
}
