import type { Clock } from '../../src/model/clock.ts';

/** A clock for the suite and for the mock: whoever waits moves it, so that no test takes the time that goes by. */
export function movedClock(start = Date.parse('2026-11-29T12:00:00.500Z')): Clock {
  let time = start;
  return {
    now: () => time,
    wait: (milliseconds) => {
      time += milliseconds;
      return Promise.resolve();
    },
  };
}
