import type { FaultKind } from '../model/exchange.ts';

/** So many requests in a row without a response of any say that the target has stopped answering. */
const FEWEST_IN_A_ROW = 32;
/** So many operations in a row without a response to one case say that it gets none on the others either. */
const SILENT_OPERATIONS = 3;

/**
 * How long a run waits for a target that does not answer, or that has ended. Every time-out costs its whole time, and a run
 * has thousands of requests: one that waits for each of them ends after hours, and knows no more than after a minute.
 */
export class Patience {
  readonly #mostInARow: number;
  /** Seconds, for the sentences. */
  readonly #timeout: number;
  #inARow = 0;
  /** Requests in a row that found nothing listening, each in all its tries. */
  #refusedInARow = 0;
  /** By probe: operations in a row without a response to it. */
  readonly #silent = new Map<string, number>();

  /**
   * @param concurrency requests under way at once: they time out together
   * @param timeout milliseconds
   */
  constructor(concurrency: number, timeout: number) {
    this.#mostInARow = Math.max(FEWEST_IN_A_ROW, 2 * concurrency);
    this.#timeout = timeout / 1000;
  }

  /** Why a request is not sent any more, or undefined. */
  reasonNotToAsk(probe: string): string | undefined {
    if (this.#inARow >= this.#mostInARow)
      return `the target has stopped answering: ${this.#inARow} requests in a row got no response within ${this.#timeout} s, so no more are sent`;
    if (this.#refusedInARow >= this.#mostInARow)
      return `nothing listens at the target any more: ${this.#refusedInARow} requests in a row were refused a connection, so no more are sent`;
    const silent = this.#silent.get(probe) ?? 0;
    return silent >= SILENT_OPERATIONS
      ? `${probe} got no response within ${this.#timeout} s on ${silent} operations in a row, so it is not sent to the others`
      : undefined;
  }

  /** How often a request that got no response in time is sent: a second time only where that is not known of it. */
  triesOf(probe: string): number {
    return this.#silent.has(probe) ? 1 : 2;
  }

  /** One try of a request ended. */
  noticeTry(isTimeout: boolean): void {
    this.#inARow = isTimeout ? this.#inARow + 1 : 0;
  }

  /** A request ended, after all its tries. */
  noticeEnd(probe: string, fault: FaultKind | undefined): void {
    this.#refusedInARow = fault === 'refused' ? this.#refusedInARow + 1 : 0;
    if (fault === 'timeout') this.#silent.set(probe, (this.#silent.get(probe) ?? 0) + 1);
    else this.#silent.delete(probe);
  }
}
