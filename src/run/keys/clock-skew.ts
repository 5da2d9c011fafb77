import { fieldValues } from '../../fields/response-fields.ts';
import type { Exchange } from '../../model/exchange.ts';

/** Milliseconds: a Date header has whole seconds. */
const RESOLUTION = 1000;

/** By how much the clock of the target is ahead of ours, as far as its Date headers (RFC 9110 §6.6.1) tell. */
export class ClockSkew {
  #least = -Infinity;
  #most = Infinity;

  /** @param sentAt and `readAt` in Unix milliseconds by our clock */
  notice({ response }: Exchange, sentAt: number, readAt: number): void {
    // What a cache kept has the date of its origin.
    if (!response || fieldValues(response, 'age').length > 0) return;
    const date = Date.parse(fieldValues(response, 'date')[0] ?? '');
    if (Number.isNaN(date)) return;
    const least = date - readAt;
    const most = date + RESOLUTION - sentAt;
    // Two servers whose clocks differ: both are within what is said.
    const isApart = least > this.#most || most < this.#least;
    this.#least = isApart ? Math.min(this.#least, least) : Math.max(this.#least, least);
    this.#most = isApart ? Math.max(this.#most, most) : Math.min(this.#most, most);
  }

  /** Seconds; absent: the target sends no Date header. */
  get seconds(): number | undefined {
    if (!Number.isFinite(this.#least) || !Number.isFinite(this.#most)) return undefined;
    // Not -0.
    return Math.round((this.#least + this.#most) / 200) / 10 + 0;
  }

  /** Seconds by which that may be wrong; where nothing is known of the clock, it is not known either. */
  get within(): number | undefined {
    return this.seconds === undefined ? undefined : Math.ceil((this.#most - this.#least) / 200) / 10;
  }
}
