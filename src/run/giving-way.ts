import { setImmediate as nextTurn } from 'node:timers/promises';
import { planEachCase, type Probe } from '../requests/plan-operation.ts';

/** Milliseconds. Responses that arrive meanwhile wait for so long at most, and for the piece of work that is under way. */
const LONGEST = 1;

/**
 * Work that goes on while responses are waited for: planning the next operation, judging the one before. Between two pieces of
 * it what has arrived is dealt with, so that the target always has something to answer.
 *
 * @param pieces of work, each of them short: it is done when the next one is asked for
 */
export async function givingWay<Piece>(pieces: Iterable<Piece>): Promise<Piece[]> {
  const done: Piece[] = [];
  let since = performance.now();
  for (const piece of pieces) {
    done.push(piece);
    if (performance.now() - since < LONGEST) continue;
    await nextTurn();
    since = performance.now();
  }
  return done;
}

/** As `planOperation`, while responses are waited for. */
export async function planGivingWay(...what: Parameters<typeof planEachCase>): Promise<readonly Probe[]> {
  return (await givingWay(planEachCase(...what))).flat();
}
