import type { Conformance } from '../conformance.ts';
import { OUTCOMES } from '../outcomes.ts';
import { grouped, many } from '../wording.ts';
import { html, type Markup } from './html.ts';
import { classOf } from './outcome.ts';

/** The frame of the matrix: the page's script fills it, a part at a time, so that a thousand operations open at once. */
export function matrix({ operations, rules, cells, counts }: Conformance): Markup {
  const methods = [...new Set(operations.map(({ id }) => id.split(' ')[0] ?? ''))];
  const levels = [...new Set([...rules, ...cells].map(({ level }) => level))].toSorted();
  return html`<section id="matrix" aria-labelledby="matrix-title">
    <h2 id="matrix-title">Matrix</h2>
    <p>
      ${many(operations.length, 'operation')} × ${many(rules.length, 'rule')}. A cell is a rule on an operation, and
      opens its evidence.
      <span class="screen-only"
        >In the matrix the arrow keys move, Home and End go to the ends of a row, Enter opens a cell.</span
      >
    </p>
    <form id="filters" role="search" aria-label="Filter of the matrix">
      ${choices(
        'Outcome',
        'outcome',
        OUTCOMES.map(({ outcome, symbol, count }) => ({
          value: outcome,
          label: html`<span class="outcome ${classOf(outcome)}"
              ><span class="symbol" aria-hidden="true">${symbol}</span> ${outcome}</span
            >
            <span class="quiet">${grouped(counts[count])}</span>`,
        })),
      )}
      ${choices(
        'Level',
        'level',
        levels.map((level) => ({ value: level, label: html`${level}` })),
      )}
      ${choices(
        'Method',
        'method',
        methods.map((method) => ({ value: method, label: html`${method}` })),
      )}
      <p class="text">
        <label for="text">Operation, rule or section contains</label>
        <input id="text" name="text" type="search" autocomplete="off" spellcheck="false" />
        <button type="reset">Show everything</button>
      </p>
    </form>
    <noscript
      ><p class="notice">
        The matrix and the evidence need this page’s own script, which is switched off. All of it is in conformance.json
        too.
      </p></noscript
    >
    <p id="shown" role="status"></p>
    <nav id="pages" aria-label="Pages of the matrix" hidden>
      <button type="button" data-step="-1">Previous operations</button>
      <span></span>
      <button type="button" data-step="1">Next operations</button>
    </nav>
    <div id="grid" class="scroll" role="group" aria-label="Table of the cells" tabindex="0"></div>
    <p class="legend">
      ${OUTCOMES.map(({ outcome, symbol, meaning }) => html`<span class="outcome ${classOf(outcome)}"><span class="symbol" aria-hidden="true">${symbol}</span> ${outcome}</span>: ${meaning}. `)}
      <span><span aria-hidden="true">·</span> not judged.</span>
    </p>
  </section>`;
}

function choices(
  legend: string,
  name: string,
  options: readonly { readonly value: string; readonly label: Markup }[],
): Markup {
  if (options.length < 2) return html``;
  return html`<fieldset>
    <legend>${legend}</legend>
    ${options.map(({ value, label }) => html`<label><input type="checkbox" name="${name}" value="${value}" /> ${label}</label>`)}
  </fieldset>`;
}
