import type { Outcome } from '../../model/cell.ts';
import type { Counts } from '../conformance.ts';
import { OUTCOMES, symbolOf } from '../outcomes.ts';
import { grouped } from '../wording.ts';
import { html, type Markup } from './html.ts';

/** A symbol and a word; the colour only repeats them. */
export function outcomeWord(outcome: Outcome): Markup {
  return html`<span class="outcome ${classOf(outcome)}"
    ><span class="symbol" aria-hidden="true">${symbolOf(outcome)}</span> ${outcome}</span
  >`;
}

/** `✗ 2 violates ✓ 8 conforms`, without what there is none of. */
export function totals(counts: Counts): Markup {
  const present = OUTCOMES.filter(({ count }) => counts[count] > 0);
  if (present.length === 0) return html`<span class="quiet">not judged</span>`;
  return html`<span class="totals"
    >${present.map(
      ({ outcome, symbol, count }) =>
        html`<span class="outcome ${classOf(outcome)}"
          ><span class="symbol" aria-hidden="true">${symbol}</span> ${grouped(counts[count])} ${outcome}</span
        > `,
    )}</span
  >`;
}

export function classOf(outcome: Outcome): string {
  return outcome.replace(' ', '-');
}
