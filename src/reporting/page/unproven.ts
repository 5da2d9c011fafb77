import type { Conformance } from '../conformance.ts';
import { cellsByVariable, type Gap, gapsOf } from '../gaps.ts';
import { many } from '../wording.ts';
import { html, type Markup } from './html.ts';

const MOST_REASONS = 60;

/** What could not be proven, and which variable would prove it. */
export function unproven(report: Conformance): Markup {
  const gaps = gapsOf(report);
  const others = gaps.filter(({ variable }) => variable === undefined);
  return html`<section id="unproven" aria-labelledby="unproven-title">
    <h2 id="unproven-title">What could not be proven</h2>
    ${
      gaps.length === 0
        ? html`<p>No cell was left unproven.</p>`
        : html`<p>
            For ${many(report.counts.notProven, 'cell')}, this report cannot say whether the promise is kept or broken.
            <a href="#matrix" data-outcome="not proven">Show them in the matrix</a>
          </p>`
    }
    ${[...cellsByVariable(gaps)].map(
      ([variable, cells]) =>
        html`<h3>Set <code>${variable}</code> to prove ${many(cells, 'cell')}</h3>
          ${reasons(gaps.filter((gap) => gap.variable === variable))}`,
    )}
    ${
      others.length === 0
        ? ''
        : html`<h3>No setting can prove these cells</h3>
            ${reasons(others)}`
    }
  </section>`;
}

function reasons(gaps: readonly Gap[]): Markup {
  return html`<ul>
    ${gaps.slice(0, MOST_REASONS).map(({ reason, cells }) => html`<li>${reason} <span class="quiet">(${many(cells, 'cell')})</span></li>`)}
    ${gaps.length > MOST_REASONS ? html`<li>and ${many(gaps.length - MOST_REASONS, 'more reason')}</li>` : ''}
  </ul>`;
}
