import { causesOfReport, type ShownCause } from '../causes.ts';
import type { Conformance } from '../conformance.ts';
import type { Bug } from '../grouped-findings.ts';
import { many } from '../wording.ts';
import { html, type Markup } from './html.ts';
import { cellLink, causeAnchor } from './links.ts';
import { outcomeWord, totals } from './outcome.ts';

const MOST_BUGS = 60;

/** What explains many cells at once, each in its own sentence above the cells that follow from it. */
export function causes(report: Conformance): Markup {
  const all = causesOfReport(report);
  return html`${all.map((cause) => one(cause, report))}`;
}

function one({ id, sentence, remedy, example, counts, bugs }: ShownCause, report: Conformance): Markup {
  const title = report.cases.find((each) => each.id === example.case.split('@')[0])?.title ?? example.case;
  return html`<article class="problem cause" id="${causeAnchor(id)}">
    <h3><span class="level">cause</span> ${sentence}.</h3>
    <p>${remedy}</p>
    <dl class="comparison">
      <dt>Sent</dt>
      <dd><code>${example.operation}</code> with ${title}</dd>
      <dt>Received</dt>
      <dd>${example.received}</dd>
      ${
        example.control === undefined
          ? ''
          : html`<dt>With the key</dt>
              <dd>${example.control}</dd>`
      }
      <dt>See it</dt>
      <dd>
        <pre tabindex="0" dir="ltr"><code>${example.repeat}</code></pre>
      </dd>
    </dl>
    <p>Cells that it explains: ${totals(counts)}</p>
    ${findings(bugs)}
  </article>`;
}

function findings(bugs: readonly Bug[]): Markup {
  if (bugs.length === 0) return html``;
  return html`<details>
    <summary>${many(bugs.length, 'finding')} that it explains</summary>
    <ul class="bare">
      ${bugs.slice(0, MOST_BUGS).map(
        ({ rule, outcome, cells }) =>
          html`<li>
            ${outcomeWord(outcome)} <a href="${cellLink(rule, cells[0].operation)}"><code>${rule}</code></a>
            <span class="quiet">on ${many(cells.length, 'operation')}</span>
          </li>`,
      )}
      ${bugs.length > MOST_BUGS ? html`<li>and ${many(bugs.length - MOST_BUGS, 'more finding')}, in the matrix</li>` : ''}
    </ul>
  </details>`;
}
